"""The models that judge here, and their cards as pages."""

from functools import lru_cache

import msgspec
import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from belowline.engine.models.bundle import read_manifest, shipped_folder
from belowline.engine.policy import SCORE_NAMES

JUDGING = ("abuse", "topic")
"""The shipped models that give scores to comments."""
TAGS = {
    *("h2", "h3", "h4", "p", "br", "em", "strong", "blockquote", "ul", "ol", "li", "a", "code", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
OPEN = '<div class="scroll" tabindex="0" role="group" aria-label="Table"><table class="figures words">'
CLOSE = "</table></div>"
"""A wide table scrolls by itself and not the page; the keyboard reaches it."""


class ModelFacts(msgspec.Struct, frozen=True):
    """A model that judges."""

    name: str
    version: str
    scores: tuple[str, ...]


@lru_cache(maxsize=1)
def judging_models() -> tuple[ModelFacts, ...]:
    """Return the models that are installed, from their manifests; no weights are read."""
    manifests = [read_manifest(shipped_folder(name)) for name in JUDGING]
    return tuple(
        ModelFacts(found.name, found.version, tuple(label for label in found.labels if label in SCORE_NAMES))
        for found in manifests
    )


@lru_cache(maxsize=8)
def model_card(name: str) -> SafeString:
    """Return a model's card as safe HTML; its title and its links into the repository are left out.

    Raises:
        KeyError: no such model.
    """
    if name not in JUDGING:
        raise KeyError(name)
    source = shipped_folder(name).joinpath("README.md").read_text("utf-8")
    _, _, body = source.partition("\n")
    rendered = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    safe = nh3.clean(rendered, tags=TAGS, attributes={"a": {"href"}}, attribute_filter=_absolute)
    # A corner without words is no heading.
    tables = safe.replace("<table>", OPEN).replace("</table>", CLOSE).replace("<th></th>", "<td></td>")
    return mark_safe(tables)  # noqa: S308 - cleaned above


def _absolute(tag: str, name: str, value: str) -> str | None:
    """Keep addresses of the web; the card's links into the repository lead nowhere from here."""
    return value if value.startswith("https://") else None
