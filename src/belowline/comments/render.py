"""The small Markdown that readers may use, rendered once to safe HTML."""

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt

TAGS = {"p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a", "code"}
LINK_SCHEMES = {"http", "https"}


def render_comment(text_source: str) -> str:
    """Return safe HTML: emphasis, quotations, lists and links; everything else stays text."""
    html = _parser().render(text_source)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes=LINK_SCHEMES,
        link_rel="nofollow ugc noopener",
    )


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    """CommonMark without HTML, pictures, headings, tables and code blocks; single line breaks stay."""
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": False})
    return parser.disable(
        ["image", "heading", "lheading", "hr", "code", "fence", "html_block", "html_inline", "reference"]
    )
