"""The text of a comment of Coral's, whichever of its two formats the phase sends: plain text or HTML.

The request does not say which. So only what Coral's own editor writes counts as a tag: a sanitiser that drops
whatever looks like one would also drop “<you idiot>” from a plain text, which readers see.
"""

import html
import re

_ATTRIBUTES = (
    r'(?:\s+(?:href="(?:https?://|mailto:)[^"\s<>]*"|class="coral-[\w-]+"|target="_blank"'
    r'|rel="(?:noopener|noreferrer|nofollow|ugc|\s)*"))*'
)
_BLOCK = re.compile(rf"</?(?:blockquote|br|div|li|ol|p|ul){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
_INLINE = re.compile(rf"</?(?:a|b|em|i|s|span|strong){_ATTRIBUTES}\s*/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def plain_text(body: str) -> str:
    """Return the text without Coral's tags and entities; blocks become lines."""
    text = _INLINE.sub("", _BLOCK.sub("\n", body))
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    lines = (line.strip() for line in text.replace("\xa0", " ").split("\n"))
    return "\n".join(line for line in lines if line)
