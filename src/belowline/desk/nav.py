"""The desk's own navigation: one entry a page, in groups, with how much waits there."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, QuerySet, Value

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may_somewhere, within
from belowline.desk.doors import seen_by
from belowline.moderation.audits import waiting_audits
from belowline.moderation.notices import waiting_notices
from belowline.moderation.queue_order import waiting_in
from belowline.moderation.sanctions import open_sanction_appeals
from belowline.moderation.second_opinions import waiting_opinions


class Group(StrEnum):
    """What pages have in common, as the navigation names it."""

    WORK = "Work"
    """Where something waits for somebody. On a wide window these stand beside each other, always in view."""
    FIND = "Look up"
    FIGURES = "Figures"
    RULES = "Rules"
    TEAM = "Team"


class Entry(NamedTuple):
    """A page of the desk."""

    url_name: str
    title: str
    waiting: Callable[[], tuple[QuerySet[Any], ...]] | None = None
    """What waits there, in one or more kinds; None: nothing ever does."""
    group: Group | None = None
    """None: among the work where something can wait, else among what one looks up."""
    story: str = "story"
    """The path from what waits to its story."""
    action: Action = Action.SEE_DESK
    """Whoever may do this somewhere finds the page."""
    site: str = ""
    """The path to a site from what waits where it stands under no story: then a role on the whole site counts."""

    @property
    def home(self) -> Group:
        """The group that it is shown in."""
        return self.group or (Group.WORK if self.waiting else Group.FIND)


class Shown(NamedTuple):
    """A page as the navigation shows it now."""

    url_name: str
    title: str
    waiting: int
    is_here: bool


class Menu(NamedTuple):
    """A group as the navigation shows it now."""

    group: Group
    entries: list[Shown]

    @property
    def is_work(self) -> bool:
        """Whether its pages stand in view where there is room."""
        return self.group == Group.WORK

    @property
    def here(self) -> str:
        """The title of the present page where it is one of these; else empty."""
        return next((entry.title for entry in self.entries if entry.is_here), "")

    @property
    def waiting(self) -> int:
        """How much waits on all its pages together."""
        return sum(entry.waiting for entry in self.entries)


ENTRIES = (
    Entry("desk-overview", "Overview", group=Group.WORK),
    Entry("desk", "Held", lambda: (waiting_in("held"),)),
    Entry("desk-bands", "Bands", group=Group.WORK, action=Action.DECIDE_BATCH),
    Entry("desk-reports", "Reported", lambda: (waiting_in("reported"),)),
    Entry("appeals", "Appeals", lambda: (waiting_in("appeals"),)),
    Entry("desk-notices", "Notices", lambda: (waiting_notices(),), story="comment__story"),
    Entry("desk-escalated", "Escalated", lambda: (waiting_in("escalated"),)),
    Entry("desk-newsroom", "Newsroom", lambda: (waiting_in("newsroom"),)),
    Entry("desk-corrections", "Corrections", lambda: (waiting_in("corrections"),)),
    Entry(
        "audit",
        "Audit",
        lambda: (waiting_audits(), waiting_opinions()),
        story="decision__comment__story",
        action=Action.AUDIT,
    ),
    Entry("desk-history", "History", group=Group.FIND),
    Entry("desk-sanctions", "Measures", lambda: (open_sanction_appeals(),), site="sanction__site"),
    Entry("desk-templates", "Templates", group=Group.TEAM),
    Entry("desk-search", "Search", group=Group.FIND, action=Action.SEARCH),
    Entry("desk-stories", "Stories", group=Group.FIND),
    Entry("desk-insights", "Insights", group=Group.FIGURES, action=Action.SEE_INSIGHTS),
    Entry("guarantees", "Guarantees", group=Group.FIGURES, action=Action.SEE_INSIGHTS),
    Entry("desk-policy", "Policy", group=Group.RULES),
    Entry("desk-sections", "Sections", group=Group.RULES, action=Action.SET_SECTION),
    Entry("desk-faq", "FAQ", group=Group.RULES),
    Entry("desk-handover", "Handover", group=Group.TEAM),
    Entry("desk-people", "People", group=Group.TEAM),
    Entry("desk-looks", "Looks", group=Group.TEAM, action=Action.MANAGE_PEOPLE),
    Entry("desk-digests", "Digests", group=Group.TEAM, action=Action.DECIDE),
)
"""Within each group in the order in which they are shown."""


def menus(current: str, user: User) -> list[Menu]:
    """Return what the navigation shows somebody on the page with this address name.

    Pages that they may not open are left out, and groups without pages.
    """
    counts, open_to = waiting_counts(user), entries_for(user)
    shown = {
        group: [
            Shown(entry.url_name, entry.title, counts.get(entry.url_name, 0), entry.url_name == current)
            for entry in open_to
            if entry.home == group
        ]
        for group in Group
    }
    return [Menu(group, entries) for group, entries in shown.items() if entries]


def entries_for(user: User) -> list[Entry]:
    """Return the pages that somebody may open."""
    return [entry for entry in ENTRIES if may_somewhere(user, entry.action)]


def waiting_counts(user: User) -> dict[str, int]:
    """Return by address name how much waits for somebody on each page where something can, all in one query."""
    counts = [
        _count(place, _seen(user, kind, entry))
        for place, entry in enumerate(ENTRIES)
        if entry.waiting is not None
        for kind in entry.waiting()
    ]
    found = {entry.url_name: 0 for entry in ENTRIES if entry.waiting is not None}
    for place, count in counts[0].union(*counts[1:], all=True):
        found[ENTRIES[place].url_name] += count
    return found


def _seen(user: User, kind: QuerySet[Any], entry: Entry) -> QuerySet[Any]:
    if entry.site:
        return within(user, Action.SEE_DESK, kind, site=entry.site, section=None)
    return seen_by(user, kind, entry.story)


def _count(place: int, kind: QuerySet[Any]) -> QuerySet[Any, tuple[int, int]]:
    """Return a query of one row: the place of an entry, and how many rows are of this kind."""
    one = kind.order_by().annotate(place=Value(place, IntegerField())).values("place")
    rows: QuerySet[Any, tuple[int, int]] = one.annotate(count=Count("pk")).values_list("place", "count")
    return rows
