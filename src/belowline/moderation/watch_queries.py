"""The figures of each week: what the machine settled, what audits said of it, and how the scores drift."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone

from belowline.engine.guarantees import upper_bound
from belowline.moderation.day_counts import Judged, midnight
from belowline.moderation.kept_days import judged_days
from belowline.moderation.models import Audit, Decision
from belowline.stories.models import Site
from belowline.stories.places import in_place

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


def weekly_figures(site: Site, *, delta: float, weeks: int = WEEKS, now: datetime | None = None) -> list[WeekFigures]:
    """Return the last weeks of a site, the oldest first, weeks without anything too; `delta` in (0, 1) of the bounds.

    An audit counts in the week in which the machine decided, whenever it was answered.
    """
    moment = now or timezone.now()
    mondays = _mondays(moment, weeks)
    judged = judged_days(site, mondays[0], timezone.localdate(moment))
    audits = _audits(site, midnight(mondays[0]))
    return [_week(monday, _together(judged, monday), audits[monday], delta) for monday in mondays]


def weekly_audits(
    site: Site, *, delta: float, now: datetime | None = None, section: str | None = None
) -> list[WeekFigures]:
    """Return the audits of the last twelve weeks, as above, of one section where one is named; nothing else is read."""
    mondays = _mondays(now or timezone.now(), WEEKS)
    audits = _audits(site, midnight(mondays[0]), section)
    return [_week(monday, Judged(), audits[monday], delta) for monday in mondays]


def _mondays(now: datetime, weeks: int) -> list[date]:
    return [monday_of(now) - timedelta(weeks=back) for back in reversed(range(weeks))]


def _together(days: Mapping[date, Judged], monday: date) -> Judged:
    """Return the sums of one week."""
    found = [days[day] for number in range(7) if (day := monday + timedelta(days=number)) in days]
    week = Judged()
    for judged in found:
        for outcome, count in judged.decisions.items():
            week.decisions[outcome] = week.decisions.get(outcome, 0) + count
        for name, (total, count) in judged.scores.items():
            before = week.scores.get(name, (0.0, 0))
            week.scores[name] = (before[0] + total, before[1] + count)
    return week


def _audits(site: Site, start: datetime, section: str | None = None) -> dict[date, Counter[str]]:
    found: dict[date, Counter[str]] = defaultdict(Counter)
    rows = in_place(Audit.objects.filter(decision__created_at__gte=start), "decision__comment__story", site, section)
    columns = rows.values_list("decision__created_at", "decision__outcome", "reviewed_at", "outcome")
    for at, machine, reviewed_at, person in columns.iterator():
        week = found[monday_of(at)]
        week["drawn"] += 1
        if reviewed_at is not None and machine == PUBLISH:
            week["reviewed"] += 1
            week["errors"] += person != PUBLISH
    return found


def _week(monday: date, judged: Judged, audits: Counter[str], delta: float) -> WeekFigures:
    errors, reviewed = audits["errors"], audits["reviewed"]
    outcomes = Counter(judged.decisions)
    return WeekFigures(
        monday=monday,
        decisions=outcomes.total(),
        settled=outcomes[PUBLISH] + outcomes[REJECT],
        drawn=audits["drawn"],
        reviewed=reviewed,
        errors=errors,
        bound=upper_bound(errors, reviewed, delta),
        least=1 - upper_bound(reviewed - errors, reviewed, delta),
        scores={name: total / count for name, (total, count) in sorted(judged.scores.items())},
    )


def rule_agreement(site: Site, *, since: datetime) -> list[RuleAgreement]:
    """Return by rule where reviewers and the machine differ, in audits answered since a time; most errors first."""
    missed, rejected, agreed = Counter[str](), Counter[str](), Counter[str]()
    rows = in_place(Audit.objects.filter(reviewed_at__gte=since), "decision__comment__story", site)
    columns = rows.values_list("decision__outcome", "decision__reasons", "outcome", "rule")
    for machine, reasons, person, rule in columns.iterator():
        if machine == PUBLISH and person != PUBLISH:
            missed[rule] += 1
        elif machine == REJECT:
            code = reasons[0]["rule"] if reasons else ""
            rejected[code] += 1
            agreed[code] += person != PUBLISH
    rules = sorted(missed | rejected, key=lambda rule: (-missed[rule], -rejected[rule], rule))
    return [RuleAgreement(rule, missed[rule], rejected[rule], agreed[rule]) for rule in rules]
