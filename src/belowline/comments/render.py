"""The small Markdown that readers may use, rendered once to safe HTML.

What readers see is what was judged: marks that would join, decode or swallow words make the comment plain text.
"""

import html
import re
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a", "code"}
LINK_SCHEMES = {"http", "https"}

_WORD = re.compile(r"[^\W_]+")
_TAG = re.compile(r"<[^>]*>")
_DEEP = re.compile(r"^(?:[ \t]*(?:>|[-+*]|\d{1,9}[.)])){10}", re.MULTILINE)
"""The parser leaves out what stands deeper than twenty levels."""


def render_comment(text_source: str) -> str:
    """Return safe HTML: emphasis, quotations, lists and links; everything else stays text."""
    if not _DEEP.search(text_source):
        rendered = _clean(_parser().render(text_source))
        if _is_honest(rendered, text_source):
            return rendered
    return _clean(_plain(text_source))


def _is_honest(rendered: str, text_source: str) -> bool:
    """Say whether every word that readers see stands in the source: wo**m**bat would be shown, and not judged."""
    shown = _WORD.findall(html.unescape(_TAG.sub("", rendered)))
    return set(shown) <= set(_WORD.findall(text_source))


def _plain(text_source: str) -> str:
    paragraphs = re.split(r"\n{2,}", html.escape(text_source, quote=False).strip())
    lines = (paragraph.replace("\n", "<br>\n") for paragraph in paragraphs)
    return "\n".join(f"<p>{paragraph}</p>" for paragraph in lines)


def _clean(rendered: str) -> str:
    return nh3.clean(
        rendered,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes=LINK_SCHEMES,
        link_rel="nofollow ugc noopener",
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark without HTML, entities, pictures, headings, tables and code blocks; single line breaks stay."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    blocks = ["heading", "lheading", "hr", "code", "fence", "html_block", "reference"]
    return parser.disable([*blocks, "image", "html_inline", "entity"])
