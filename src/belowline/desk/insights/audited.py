"""The picture of audits: each week's errors with their bounds, against what was promised."""

from typing import NamedTuple

from belowline.desk.bound_chart import bound_chart, percent
from belowline.desk.guarantees import together
from belowline.desk.insights.picture import Looking, Picture
from belowline.desk.insights.tables import Column, Table
from belowline.moderation.engine import active_version
from belowline.moderation.insights.scope import Scope
from belowline.moderation.watch import Promised, promise_of
from belowline.moderation.watch_queries import WeekFigures, weekly_audits


class Audited(NamedTuple):
    """The weeks, and what was promised."""

    weeks: list[WeekFigures]
    promised: Promised


def read_audits(scope: Scope) -> Audited:
    """Return the last twelve weeks: audits are too few for less."""
    promised = promise_of(active_version(scope.site))
    weeks = weekly_audits(scope.site, delta=promised.delta, now=scope.now, section=scope.section)
    return Audited(weeks, promised)


def draw_audits(found: Audited, looking: Looking) -> Picture:
    """Draw each week's share of errors, its bounds, and the bound of all weeks together."""
    heads = (
        Column("week_of", "Week of", "day"),
        Column("drawn", "Drawn"),
        Column("reviewed", "Reviewed"),
        Column("errors", "Errors"),
        Column("error_share", "Share", "share"),
        Column("low", "At least", "share"),
        Column("high", "At most", "share"),
    )
    rows = [(week.monday, week.drawn, week.reviewed, week.errors, week.rate, *_ends(week)) for week in found.weeks]
    reviewed, errors = sum(week.reviewed for week in found.weeks), sum(week.errors for week in found.weeks)
    if not reviewed:
        return Picture(says="No audit was answered in the last twelve weeks.", table=Table(heads, rows))
    limit = found.promised.promise.bad_published
    bounds = together(found.weeks, found.promised)
    said = (
        f"Of {reviewed:,} audited comments that the machine had published, reviewers would have refused {errors:,}: "
        f"at most {percent(bounds[-1])}, where {percent(limit)} "
        f"{'is what we look for' if found.promised.kind == 'default' else 'is promised'}."
    )
    chart = bound_chart(found.weeks, bounds, limit)
    return Picture(says=said, table=Table(heads, rows), audited=chart, limit=percent(limit))


def _ends(week: WeekFigures) -> tuple[float | None, float | None]:
    return (week.least, week.bound) if week.reviewed else (None, None)
