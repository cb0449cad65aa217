"""What waits, by the score of each rule: how many comments lie where, and which ones lie in a band."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db.models import Max, QuerySet

from belowline.comments.models import Comment
from belowline.engine.policy import Policy, Rule
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry

PER_CENT = 100
"""Scores are told apart to the whole per cent, rounded down: what lies at 75 % has reached a threshold of 0.75."""
ROUNDING = 1e-9
"""0.29 times 100 is a little less than 29, as computers count."""


class Waiting(NamedTuple):
    """A comment that waits, with what the engine measured of it."""

    comment_id: int
    section: str
    waiting_since: datetime
    values: dict[str, float]
    """{score: value in [0, 1]}; what could not be measured is not there."""

    def place(self, score: str) -> int | None:
        """Return where its score lies, in whole per cent; None: unchecked."""
        value = self.values.get(score)
        return None if value is None else per_cent(value)


class Band(NamedTuple):
    """A range of one rule's score, in whole per cent, both ends within; or those that could not be checked."""

    low: int
    high: int
    is_unchecked: bool = False

    def holds(self, place: int | None) -> bool:
        """Say whether a comment lies within it."""
        return self.is_unchecked if place is None else not self.is_unchecked and self.low <= place <= self.high

    def __str__(self) -> str:
        """Return it in words."""
        if self.is_unchecked:
            return "not checked"
        return f"{self.low} to {self.high}\N{NO-BREAK SPACE}%"


class Spread(NamedTuple):
    """Where everything that waits lies by one rule."""

    code: str
    rule: Rule
    columns: list[int]
    """How many comments lie at 0, 1 ... 100 per cent."""
    unchecked: int
    met: int
    """How many have reached the threshold of their section."""

    @property
    def checked(self) -> int:
        """How many comments have a score."""
        return sum(self.columns)

    def count(self, band: Band) -> int:
        """Return how many lie within a band."""
        return self.unchecked if band.is_unchecked else sum(self.columns[band.low : band.high + 1])


def per_cent(value: float) -> int:
    """Return a score in [0, 1] in whole per cent, rounded down."""
    return int(value * PER_CENT + ROUNDING)


def read_waiting(entries: QuerySet[QueueEntry]) -> list[Waiting]:
    """Return what waits in these entries, one row a comment, the longest wait first."""
    rows = entries.order_by("waiting_since", "comment_id")
    return [Waiting(*row) for row in rows.values_list("comment_id", "section", "waiting_since", "values")]


def spreads(policy: Policy, waiting: Sequence[Waiting]) -> list[Spread]:
    """Return every rule of the policy with where the comments lie, those first that most of them have met."""
    found = [_spread(code, rule, waiting) for code, rule in policy.rules.items()]
    return sorted(found, key=lambda spread: -spread.met)


def _spread(code: str, rule: Rule, waiting: Iterable[Waiting]) -> Spread:
    """Count what lies where; by whole lists, for there are ten thousand comments and twenty rules."""
    concerned = [one for one in waiting if one.section in rule.sections] if rule.sections else waiting
    found = [(one.values.get(rule.score), one.section) for one in concerned]
    known = [(value, section) for value, section in found if value is not None]
    counted = Counter([int(value * PER_CENT + ROUNDING) for value, _ in known])
    columns = [counted[place] for place in range(PER_CENT + 1)]
    holds = {section: rule.hold_from(section) for section in {section for _, section in known}}
    met = sum([value >= holds[section] for value, section in known])
    return Spread(code, rule, columns, len(found) - len(known), met)


def in_band(waiting: Iterable[Waiting], rule: Rule, band: Band) -> list[Waiting]:
    """Return the comments that lie within a band of a rule's score, in their order; others have no part in it."""
    return [one for one in waiting if rule.applies_to(one.section) and band.holds(one.place(rule.score))]


def newest_decisions(comments: Iterable[int]) -> dict[int, int]:
    """Return the id of the newest decision about each comment."""
    rows = Decision.objects.filter(comment__in=list(comments)).values("comment").order_by()
    return dict(rows.annotate(newest=Max("id")).values_list("comment", "newest"))


def read_comments(ids: Sequence[int]) -> list[Comment]:
    """Return the comments with story, author, parent's author and `tags`, in the order of their ids in the list."""
    rows = Comment.objects.select_related("story__site", "author", "parent__author").prefetch_related("tags")
    found = rows.defer("story__body", "story__standfirst", "body_html").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]
