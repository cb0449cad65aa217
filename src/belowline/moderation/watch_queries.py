"""The figures of each week: what the machine settled, what audits said of it, and how the scores drift."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from belowline.engine.guarantees import upper_bound
from belowline.moderation.models import Audit, Decision
from belowline.stories.models import Site

WEEKS = 12
PUBLISH, REJECT = Decision.Outcome.PUBLISH, Decision.Outcome.REJECT


class WeekFigures(NamedTuple):
    """One ISO week, from Monday on, in the time zone of the newsroom."""

    monday: date
    decisions: int
    """Of the machine."""
    settled: int
    """Of these, published or rejected without a person."""
    drawn: int
    """Audits of what the machine decided in this week."""
    reviewed: int
    """Of these, published by the machine and answered."""
    errors: int
    """Of these, what a reviewer would have refused."""
    bound: float
    """The exact upper bound in [0, 1] of this week's share of errors, if one looked at this week alone."""
    least: float
    """The exact lower bound, likewise."""
    scores: dict[str, float]
    """The mean in [0, 1] of every score of this week, without the unchecked."""

    @property
    def coverage(self) -> float | None:
        """The share in [0, 1] that the machine settled; None: it decided nothing."""
        return self.settled / self.decisions if self.decisions else None

    @property
    def rate(self) -> float | None:
        """The share in [0, 1] of errors among the answered audits; None: there are none."""
        return self.errors / self.reviewed if self.reviewed else None


class RuleAgreement(NamedTuple):
    """How often reviewers and the machine agree, by rule."""

    rule: str
    published: int
    """Audited comments that the machine had published and reviewers would have refused by this rule."""
    rejected: int
    """Audited comments that the machine had rejected by this rule."""
    agreed: int
    """Of the rejected ones, those that reviewers would have rejected too."""


def monday_of(moment: datetime) -> date:
    """Return the Monday of the ISO week of a moment, in the time zone of the newsroom."""
    day = timezone.localtime(moment).date()
    return day - timedelta(days=day.weekday())


def weekly_figures(
    site: Site, *, delta: float, weeks: int = WEEKS, now: datetime | None = None, audits_alone: bool = False
) -> list[WeekFigures]:
    """Return the last weeks of a site, the oldest first, weeks without anything too; `delta` in (0, 1) of the bounds.

    An audit counts in the week in which the machine decided, whenever it was answered. `audits_alone`: decisions and
    scores are left at nothing, for reading all of them takes its time.
    """
    last = monday_of(now or timezone.now())
    mondays = [last - timedelta(weeks=back) for back in reversed(range(weeks))]
    start = timezone.make_aware(datetime.combine(mondays[0], datetime.min.time()))
    decided, scores = _decisions(site, start) if not audits_alone else (defaultdict(Counter), defaultdict(dict))
    audits = _audits(site, start)
    return [_week(monday, decided[monday], audits[monday], scores[monday], delta) for monday in mondays]


def _decisions(site: Site, start: datetime) -> tuple[dict[date, Counter[str]], dict[date, dict[str, list[float]]]]:
    """Return by week how often the machine decided what, and the sum and number of every score."""
    outcomes: dict[date, Counter[str]] = defaultdict(Counter)
    scores: dict[date, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
    rows = Decision.objects.filter(
        maker=Decision.Maker.ENGINE, created_at__gte=start, comment__story__site=site
    ).values_list("created_at", "outcome", "scores")
    for at, outcome, found in rows.iterator():
        week = monday_of(at)
        outcomes[week][outcome] += 1
        for name, value in _measured(found):
            total = scores[week][name]
            total[0] += value
            total[1] += 1
    return outcomes, scores


def _measured(scores: dict[str, Any]) -> Iterable[tuple[str, float]]:
    return ((name, score["value"]) for name, score in scores.items() if score["value"] is not None)


def _audits(site: Site, start: datetime) -> dict[date, Counter[str]]:
    found: dict[date, Counter[str]] = defaultdict(Counter)
    rows = Audit.objects.filter(decision__created_at__gte=start, decision__comment__story__site=site).values_list(
        "decision__created_at", "decision__outcome", "reviewed_at", "outcome"
    )
    for at, machine, reviewed_at, person in rows.iterator():
        week = found[monday_of(at)]
        week["drawn"] += 1
        if reviewed_at is not None and machine == PUBLISH:
            week["reviewed"] += 1
            week["errors"] += person != PUBLISH
    return found


def _week(
    monday: date, outcomes: Counter[str], audits: Counter[str], scores: dict[str, list[float]], delta: float
) -> WeekFigures:
    errors, reviewed = audits["errors"], audits["reviewed"]
    return WeekFigures(
        monday=monday,
        decisions=outcomes.total(),
        settled=outcomes[PUBLISH] + outcomes[REJECT],
        drawn=audits["drawn"],
        reviewed=reviewed,
        errors=errors,
        bound=upper_bound(errors, reviewed, delta),
        least=1 - upper_bound(reviewed - errors, reviewed, delta),
        scores={name: total / count for name, (total, count) in sorted(scores.items())},
    )


def rule_agreement(site: Site, *, since: datetime) -> list[RuleAgreement]:
    """Return by rule where reviewers and the machine differ, in audits answered since a time; most errors first."""
    missed, rejected, agreed = Counter[str](), Counter[str](), Counter[str]()
    rows = Audit.objects.filter(reviewed_at__gte=since, decision__comment__story__site=site).values_list(
        "decision__outcome", "decision__reasons", "outcome", "rule"
    )
    for machine, reasons, person, rule in rows.iterator():
        if machine == PUBLISH and person != PUBLISH:
            missed[rule] += 1
        elif machine == REJECT:
            code = reasons[0]["rule"] if reasons else ""
            rejected[code] += 1
            agreed[code] += person != PUBLISH
    rules = sorted(missed | rejected, key=lambda rule: (-missed[rule], -rejected[rule], rule))
    return [RuleAgreement(rule, missed[rule], rejected[rule], agreed[rule]) for rule in rules]
