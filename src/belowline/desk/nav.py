"""The desk's own navigation: one entry a page, with how much waits there."""

from collections.abc import Callable
from typing import NamedTuple

from belowline.moderation.appeals import open_appeals
from belowline.moderation.audits import waiting_audits
from belowline.moderation.desks import MODERATORS, held_at, waiting_at
from belowline.moderation.notices import waiting_notices


class Entry(NamedTuple):
    """A page of the desk."""

    url_name: str
    title: str
    waiting: Callable[[], int] | None = None
    """Counts what waits there; None: nothing ever does."""


ENTRIES = (
    Entry("desk", "Held", lambda: held_at(MODERATORS).count()),
    Entry("appeals", "Appeals", lambda: open_appeals().count()),
    Entry("desk-notices", "Notices", lambda: waiting_notices().count()),
    Entry("desk-newsroom", "Newsroom", lambda: waiting_at("newsroom")),
    Entry("desk-corrections", "Corrections", lambda: waiting_at("corrections")),
    Entry("audit", "Audit", lambda: waiting_audits().count()),
    Entry("desk-stories", "Stories"),
    Entry("desk-policy", "Policy"),
    Entry("guarantees", "Guarantees"),
    Entry("desk-faq", "FAQ"),
)
"""In the order in which they are shown."""
