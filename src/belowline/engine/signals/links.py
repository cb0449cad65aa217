"""How many links a comment holds, beside those to the newsroom itself."""

import re

from belowline.engine.decision import Score, Span
from belowline.engine.signals.base import Prepared

_ENDINGS = (
    "com|org|net|info|biz|edu|gov|mil|int|eu|uk|de|fr|es|it|nl|be|ch|at|se|no|dk|fi|pl|cz|pt|ie|gr|ro|hu|ru|ua|tr|il|in|cn|jp"
    "|kr|au|nz|ca|us|mx|br|ar|za|io|co|ai|app|dev|tv|me|ly|gg|cc|xyz|top|shop|store|online|site|club|live|link|click|news|blog"
    "|pro|vip|win|bet|casino|work|space|website|tech|tk|ml|ga|to|example"
)
_ORDINARY = frozenset(
    [
        "it",
        "be",
        "at",
        "no",
        "in",
        "us",
        "me",
        "my",
        "so",
        "to",
        "is",
        "am",
        "as",
        "do",
        "as",
        "ai",
        "work",
        "live",
        "link",
        "news",
        "win",
        "bet",
        "top",
        "space",
        "pro",
        "int",
    ]
)
"""Endings that are English words too: "the end.So" is a missing blank; they count only before a path."""
_NO_HOSTS = frozenset("the a an this that of and to era early late old new whole any no or in node asp vb".split())  # noqa: SIM905

_LINK = re.compile(
    r"""(?P<full>(?:h(?:tt|xx)ps?|ftp)(?:://|\[:\]//|:\\\\)(?:(?!\]\()[^\s<>"])+|\bwww\.(?:(?!\]\()[^\s<>"])+)"""
    rf"""|(?P<bare>(?<![\w@.\-/])(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+(?P<ending>{_ENDINGS})(?![\w@-])"""
    r"""(?!\.\w)(?::\d+)?(?P<path>/[^\s<>"]*)?)"""
    r"""|(?P<spelt>(?<![\w@.])(?P<host>[a-z0-9-]+)\s?(?:[\[({<]\s?(?:dot|\.)\s?[\])}>]|\sdot\s|\s\.\s?(?=(?:com|net|org)\b))"""
    rf"""\s?(?P<last>{_ENDINGS})\b(?:/[^\s<>"]*)?)""",
    re.IGNORECASE,
)
_HINT = re.compile(r"\.\w|://|:\\|dot|[\[({<]\s?\.|\s\.", re.IGNORECASE)
_MARKDOWN = re.compile(r"\[[^\[\]\n]{0,300}\]\(\s*(?=[^\s()])")
_HOST = re.compile(r"^(?:[a-z]+(?:://|\[:\]//|:\\\\))?(?:[^/@\s]*@)?(?:www\.)?([^/:?#\s]+)", re.IGNORECASE)
_DOT_COM_AGE = re.compile(
    r"\s+(?:bubble|boom|crash|bust|era|millionaire|billionaire|compan|startup|business)", re.IGNORECASE
)


class LinksSignal:
    """`links`: n / (n + max_links + 1) for n links, in [0, 1): 0.5 is one more than the site allows."""

    name = "links"
    scores: tuple[str, ...] = ("links",)
    version = "links-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `links`, a span for each link, and evidence such as "4 links". Raises nothing."""
        settings = prepared.settings
        places = find_links(prepared.submission.text, settings.own_domains)
        count = len(places)
        value = count / (count + settings.max_links + 1)
        spans = tuple(Span(start, end, value, "links") for start, end in places)
        evidence = f"{count} link{'' if count == 1 else 's'}" if count else ""
        return {"links": Score(value=value, spans=spans, evidence=evidence)}


def find_links(text: str, own_domains: tuple[str, ...] = ()) -> list[tuple[int, int]]:
    """Return the links as offsets in code points, end exclusive, without those to `own_domains`.

    Addresses with and without a scheme, bare domains, and disguises such as "example dot com". A Markdown link
    counts once. Links to an own domain or below it do not count. Raises nothing.
    """
    if _HINT.search(text) is None:
        return []
    own = tuple(domain.lower().removeprefix("www.") for domain in own_domains)
    labels = [(found.start(), found.end()) for found in _MARKDOWN.finditer(text)]
    places = []
    for found in _LINK.finditer(text):
        if not _is_link(found, text) or any(low <= found.start() < high for low, high in labels):
            continue
        end = found.start() + len(found[0].rstrip(".,;:!?'\"”’)]}"))
        if not _is_own(found, own):
            places.append((found.start(), end))
    return places


def _is_link(found: re.Match[str], text: str) -> bool:
    if found["bare"]:
        ending = found["ending"]
        if found["path"]:
            return True
        first = found["bare"].split(".", 1)[0].lower()
        is_sentence_end = ending[0].isupper() and not found["bare"].isupper()
        return not is_sentence_end and ending.lower() not in _ORDINARY and first not in _NO_HOSTS
    if found["spelt"]:
        is_age = _DOT_COM_AGE.match(text, found.end()) is not None
        return found["host"].lower() not in _NO_HOSTS and not is_age and found["last"].lower() not in _ORDINARY
    return True


def _is_own(found: re.Match[str], own: tuple[str, ...]) -> bool:
    host = _HOST.match(found[0])
    if host is None or found["spelt"]:
        return False
    name = host[1].lower().rstrip(".,;:!?'\")]}")
    return any(name == domain or name.endswith("." + domain) for domain in own)
