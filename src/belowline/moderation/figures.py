"""Live figures of a site: how long people wait by hour of the day, who settles what, and why comments are refused.

Everything is counted over the last 30 days, and kept for five minutes.
"""

from collections import Counter
from datetime import datetime, timedelta

import msgspec
from django.db.models import Count, Q
from django.db.models.fields.json import KT
from django.utils import timezone

from belowline.accounts.permissions import Action, people_who_may
from belowline.comments.models import Comment
from belowline.limits.caches import kept as cache
from belowline.moderation.day_counts import midnight
from belowline.moderation.models import Decision
from belowline.moderation.period import HourWait, period
from belowline.stories.models import Site
from belowline.stories.open_stories import count_stories
from belowline.stories.places import in_place

DAYS = 30
FRESH_SECONDS = 300
REFUSALS = (Decision.Outcome.REJECT, Decision.Outcome.REMOVE)


class Refusals(msgspec.Struct, frozen=True):
    """How many comments were rejected or removed by one rule."""

    rule: str
    by_machine: int
    by_person: int

    @property
    def total(self) -> int:
        """Return both together."""
        return self.by_machine + self.by_person


class Figures(msgspec.Struct, frozen=True):
    """What happened on a site in the last days, and what is so now."""

    since: datetime
    days: int
    zone: str
    """The name of the time zone in which the hours are counted."""
    waits: tuple[HourWait, ...]
    """24 entries."""
    median: timedelta | None
    decided: int
    """Decisions by people that the medians are made of."""
    statuses: dict[str, int]
    """Comments of these days by where they stand now."""
    machine: dict[str, int]
    """Judgements of the engine by outcome; without what waited for pre-moderation alone."""
    premoderated: int
    """Comments in which the engine found nothing, and which waited because a moderator read each one first."""
    refusals: tuple[Refusals, ...]
    """The most frequent rule first."""
    waiting: int
    """Comments that wait for a person now."""
    moderators: int
    open_stories: int
    closed_stories: int
    premoderated_stories: int
    """Of the open ones: a moderator reads each comment before others can."""
    unjudged_topics: int
    """Open stories for which an editor has switched the topic check off."""

    @property
    def comments(self) -> int:
        """Return how many comments were written."""
        return sum(self.statuses.values())

    @property
    def is_mostly_at_once(self) -> bool:
        """Say whether the machine published more than half of the comments, what waited for no fault counted too."""
        return 2 * self.machine.get(Decision.Outcome.PUBLISH, 0) > sum(self.machine.values()) + self.premoderated

    @property
    def published(self) -> int:
        """Return how many of them everybody can read."""
        return self.statuses.get(Comment.Status.PUBLISHED, 0)

    @property
    def refused(self) -> int:
        """Return how many of them were rejected or removed."""
        return self.statuses.get(Comment.Status.REJECTED, 0) + self.statuses.get(Comment.Status.REMOVED, 0)

    @property
    def settled_share(self) -> float | None:
        """Return the share in [0, 1] of comments that no person had to decide; None: there were none."""
        judged = sum(self.machine.values())
        return (judged - self.machine.get(Decision.Outcome.HOLD, 0)) / judged if judged else None


def live_figures(site: Site) -> Figures:
    """Return the site's figures, at most five minutes old."""
    key = f"figures:{site.pk}"
    found: Figures | None = cache.get(key)
    if found is None:
        found = count_figures(site, timezone.now())
        cache.set(key, found, FRESH_SECONDS)
    return found


def count_figures(site: Site, now: datetime) -> Figures:
    """Count everything anew, for the 30 days that end with the day of `now`."""
    since = midnight(timezone.localdate(now) - timedelta(days=DAYS - 1))
    found = period(site, since, now)
    stories = count_stories(site, now)
    machine = sum(found.machine.values(), Counter())
    premoderated = sum(count.total() for count in found.read_first.values())
    if premoderated:
        machine[Decision.Outcome.HOLD] -= premoderated
    return Figures(
        since=since,
        days=DAYS,
        zone=timezone.get_current_timezone_name(),
        waits=found.waits,
        median=found.median,
        decided=found.decided,
        statuses=_statuses(site, since, found.written.total()),
        machine=dict(machine),
        premoderated=premoderated,
        refusals=refusals_by_rule(site, since),
        waiting=in_place(Comment.objects.filter(status=Comment.Status.HELD), "story", site).count(),
        moderators=people_who_may(Action.DECIDE, site=site, section=None).count(),
        open_stories=stories.open,
        closed_stories=stories.closed,
        premoderated_stories=stories.premoderated,
        unjudged_topics=stories.unjudged_topics,
    )


def _statuses(site: Site, since: datetime, written: int) -> dict[str, int]:
    """Return where the comments stand now of which `written` is the number: the many that are published remain."""
    others = [status for status in Comment.Status.values if status != Comment.Status.PUBLISHED]
    rows = in_place(Comment.objects.filter(status__in=others, created_at__gte=since), "story", site).order_by()
    found = dict(rows.values_list("status").annotate(Count("pk")))
    published = written - sum(found.values())
    return {Comment.Status.PUBLISHED.value: published, **found} if published > 0 else found


def refusals_by_rule(site: Site, since: datetime, section: str | None = None) -> tuple[Refusals, ...]:
    """Return how often comments were refused by each rule (the gravest of each decision), the most frequent first.

    What was undone or overturned on appeal does not count. Of one section alone, where one is named.
    """
    refused = Decision.objects.filter(outcome__in=REFUSALS, created_at__gte=since).order_by()
    rows = (
        in_place(refused, "comment__story", site, section)
        .filter(undoes=None, undone_by=None)
        .exclude(appeal__state="overturned")
        .annotate(rule=KT("reasons__0__rule"))
        .values("rule")
        .annotate(
            by_machine=Count("pk", filter=Q(maker=Decision.Maker.ENGINE)),
            by_person=Count("pk", filter=Q(maker=Decision.Maker.PERSON)),
        )
        .values_list("rule", "by_machine", "by_person")
    )
    found = [Refusals(rule or "", by_machine, by_person) for rule, by_machine, by_person in rows]
    return tuple(sorted(found, key=lambda row: (-row.total, row.rule)))
