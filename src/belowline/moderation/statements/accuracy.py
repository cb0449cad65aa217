"""How often the machine was right, by what people said who reviewed its decisions without seeing them.

Accuracy, precision and recall as Implementing Regulation (EU) 2024/2835 asks for them: shares in [0, 1] for each means
of automation. A comment counts as found when the machine rejected it, and as rightly so when the reviewer would have.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from belowline.moderation.models import Audit, Decision
from belowline.stories.models import Site

ALL_RULES = "all rules"
UNNAMED = frozenset({"unnamed"})
"""In the place of a rule, where a side rejected and named none."""


class Accuracy(NamedTuple):
    """What the reviews say about one classifier."""

    classifier: str
    """The code of a rule, or all of them together."""
    reviewed: int
    accuracy: float | None
    precision: float | None
    """None: the machine rejected nothing that was reviewed."""
    recall: float | None
    """None: the reviewers would have rejected nothing."""


class Review(NamedTuple):
    """One reviewed decision: the rules that each side named; empty for publish."""

    found: frozenset[str]
    right: frozenset[str]


def accuracies(reviews: Iterable[Review]) -> list[Accuracy]:
    """Return a row for all rules together, and one for each rule that anybody named."""
    reviews = list(reviews)
    if not reviews:
        return []
    rules = sorted({code for review in reviews for code in review.found | review.right})
    together = [(bool(review.found), bool(review.right)) for review in reviews]
    rows = [_accuracy(ALL_RULES, together)]
    return rows + [
        _accuracy(code, [(code in review.found, code in review.right) for review in reviews]) for code in rules
    ]


def _accuracy(name: str, pairs: list[tuple[bool, bool]]) -> Accuracy:
    hits = sum(found and right for found, right in pairs)
    return Accuracy(
        name,
        len(pairs),
        _share(sum(found == right for found, right in pairs), len(pairs)),
        _share(hits, sum(found for found, _ in pairs)),
        _share(hits, sum(right for _, right in pairs)),
    )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def reviews_between(site: Site | None, since: datetime, until: datetime) -> list[Review]:
    """Return the reviews of what the machine settled (it published or rejected), done in [since, until)."""
    found = Audit.objects.filter(
        reviewed_at__gte=since,
        reviewed_at__lt=until,
        decision__outcome__in=(Decision.Outcome.PUBLISH, Decision.Outcome.REJECT),
    ).select_related("decision")
    if site is not None:
        found = found.filter(decision__comment__story__site=site)
    return [_review(audit) for audit in found.defer("decision__scores")]


def _review(audit: Audit) -> Review:
    rejected = audit.decision.outcome == Decision.Outcome.REJECT
    found = frozenset(str(reason["rule"]) for reason in audit.decision.reasons) or UNNAMED
    is_refused = audit.outcome != Decision.Outcome.PUBLISH
    right = frozenset({audit.rule}) if audit.rule else UNNAMED
    return Review(found if rejected else frozenset(), right if is_refused else frozenset())
