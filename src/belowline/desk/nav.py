"""The desk's own navigation: one entry a page, with how much waits there."""

from collections.abc import Callable
from typing import NamedTuple

from belowline.moderation.notices import waiting_notices
from belowline.moderation.queries import held_comments


class Entry(NamedTuple):
    """A page of the desk."""

    url_name: str
    title: str
    waiting: Callable[[], int] | None = None
    """Counts what waits there; None: nothing ever does."""


ENTRIES = (
    Entry("desk", "Held", lambda: held_comments().count()),
    Entry("desk-notices", "Notices", lambda: waiting_notices().count()),
    Entry("desk-faq", "FAQ"),
)
"""In the order in which they are shown."""
