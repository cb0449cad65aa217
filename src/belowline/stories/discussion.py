"""How a discussion stands: the story over its section, over the site's unnamed section, over what is shipped.

Pure but for `discussion_state` and `discussion_states`, which read the rows; the clock is passed in. Closing by time
writes nothing: whoever keeps a page asks `next_change` until when it is true.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from belowline.stories.models import ClosedReason, Mode, Section, Site, Story

SOON = timedelta(hours=24)
"""So long before it closes, a discussion says when it will."""


class Layer(NamedTuple):
    """What a section says; what is empty or None is left to the next one."""

    mode: str = ""
    closed_reason: str = ""
    closes_after_hours: int | None = None
    """From the story's publication; 0: never by itself."""
    slow_seconds: int | None = None


SHIPPED = Layer(mode=Mode.STANDARD, closes_after_hours=0, slow_seconds=0)
"""What holds where nobody has said anything."""


class Own(NamedTuple):
    """What a story says itself, and what its publisher says of it."""

    published_at: datetime
    is_open: bool = True
    mode: str = ""
    closed_reason: str = ""
    closes_at: datetime | None = None
    slow_seconds: int | None = None
    takes_replies: bool = True


class DiscussionState(NamedTuple):
    """How a discussion stands at one moment."""

    is_open: bool
    mode: str
    """`closed` whenever it is not open, whatever closed it."""
    closed_reason: str
    """A `ClosedReason`; empty: it is open, or nobody said why."""
    closes_at: datetime | None
    """When it closes, or closed, by itself; None: never."""
    slow_seconds: int
    """The least time between two comments of one author; 0: none."""
    takes_replies: bool

    @property
    def is_premoderated(self) -> bool:
        """Whether a moderator reads each comment before others can."""
        return self.mode == Mode.PREMODERATED

    def is_closing_soon(self, now: datetime) -> bool:
        """Say whether it is open, and closes within `SOON`."""
        return self.is_open and self.closes_at is not None and self.closes_at <= now + SOON

    def next_change(self, now: datetime) -> datetime | None:
        """Return until when a page about it stays true if nobody writes anything; None: for good."""
        if not self.is_open or self.closes_at is None:
            return None
        return self.closes_at if self.is_closing_soon(now) else self.closes_at - SOON


def settle(own: Own, layers: Sequence[Layer], now: datetime) -> DiscussionState:
    """Return how a discussion stands; the first layer that says something holds, and what is shipped comes last."""
    holds = merged([Layer(own.mode, own.closed_reason, None, own.slow_seconds), *layers])
    closes_at = own.closes_at or _closing_time(own.published_at, holds.closes_after_hours)
    mode, reason = holds.mode, ""
    if not own.is_open or mode == Mode.CLOSED:
        mode, reason = Mode.CLOSED, own.closed_reason or (holds.closed_reason if mode == Mode.CLOSED else "")
    elif closes_at is not None and closes_at <= now:
        mode, reason = Mode.CLOSED, ClosedReason.AGE
    return DiscussionState(
        is_open=mode != Mode.CLOSED,
        mode=str(mode),
        closed_reason=str(reason),
        closes_at=closes_at,
        slow_seconds=holds.slow_seconds or 0,
        takes_replies=own.takes_replies,
    )


def merged(layers: Iterable[Layer]) -> Layer:
    """Return what holds: of each thing, the first word; the reason is that of the layer that gave the mode."""
    every = (*layers, SHIPPED)
    speaks = next(layer for layer in every if layer.mode)
    return Layer(
        mode=speaks.mode,
        closed_reason=speaks.closed_reason,
        closes_after_hours=next(one.closes_after_hours for one in every if one.closes_after_hours is not None),
        slow_seconds=next(one.slow_seconds for one in every if one.slow_seconds is not None),
    )


def discussion_state(story: Story, now: datetime | None = None) -> DiscussionState:
    """Return how the discussion under a story stands now, or at `now`; one query for its section."""
    return discussion_states([story], now)[story.pk]


def discussion_states(stories: Iterable[Story], now: datetime | None = None) -> dict[int, DiscussionState]:
    """Return how the discussions under stories stand, by the stories' ids; one query for all their sections."""
    listed, moment = list(stories), now or timezone.now()
    sites = {story.site_id for story in listed}
    names = {"", *(story.section for story in listed)}
    rows = Section.objects.filter(site__in=sites, name__in=names) if listed else Section.objects.none()
    found = {(row.site_id, row.name): _layer(row) for row in rows}
    states: dict[int, DiscussionState] = {}
    for story in listed:
        keys = dict.fromkeys([(story.site_id, story.section), (story.site_id, "")])
        states[story.pk] = settle(_own(story), [found[key] for key in keys if key in found], moment)
    return states


def inherited_state(story: Story, now: datetime | None = None) -> DiscussionState:
    """Return how the discussion would stand if the story said nothing itself."""
    layers = site_layers(story.site)
    named = [layers[name] for name in dict.fromkeys((story.section, "")) if name in layers]
    return settle(Own(story.published_at), named, now or timezone.now())


def site_layers(site: Site) -> dict[str, Layer]:
    """Return what a site's sections say, by name; "" is the whole site."""
    return {row.name: _layer(row) for row in Section.objects.filter(site=site)}


def _layer(row: Section) -> Layer:
    return Layer(row.mode, row.closed_reason, row.closes_after_hours, row.slow_seconds)


def _own(story: Story) -> Own:
    return Own(
        published_at=story.published_at,
        is_open=story.is_open,
        mode=story.mode,
        closed_reason=story.closed_reason,
        closes_at=story.closes_at,
        slow_seconds=story.slow_seconds,
        takes_replies=story.takes_replies,
    )


def _closing_time(published_at: datetime, hours: int | None) -> datetime | None:
    """Return when a discussion closes by its age; None: never, also where the calendar ends before."""
    if not hours:
        return None
    try:
        return published_at + timedelta(hours=hours)
    except OverflowError:
        return None
