"""Pictures over hours and days: when readers write and wait, what the machine settles, how long decisions take."""

from belowline.desk.insights.charts import Plot, columns, line, steps, top_of, top_of_time
from belowline.desk.insights.picture import Looking, Picture
from belowline.desk.insights.tables import Column, Table, in_words, length, percent
from belowline.moderation.insights.handling import Handling
from belowline.moderation.insights.hours import Hour
from belowline.moderation.insights.settled import Settled

HOUR_LABELS = 6
DAY_LABELS = 7
"""Every so manieth bears its name."""


def draw_hours(found: list[Hour], looking: Looking) -> Picture:
    """Draw the comments of each hour of the day, and below them how long they waited."""
    labels = [f"{hour.hour:02d}:00" if hour.hour % HOUR_LABELS == 0 else "" for hour in found]
    most = top_of(max(hour.comments for hour in found))
    waits = [hour.median.total_seconds() if hour.median else 0.0 for hour in found]
    longest = top_of_time(max(waits))
    written = [[("accent", hour.comments, f"{_span(hour.hour)}: {hour.comments:,} comments")] for hour in found]
    waited = [
        [("wait", wait, f"{_span(hour.hour)}: {length(wait)}")] if wait else []
        for hour, wait in zip(found, waits, strict=True)
    ]
    plots = (
        Plot("Comments", tuple(f"{value:,.0f}" for value in steps(most)), columns(labels, written, most)),
        Plot(
            "Median wait for a person",
            tuple(length(value) for value in steps(longest)),
            columns(labels, waited, longest),
        ),
    )
    return Picture(says=_busiest_hour(found), table=_hours_table(found), plots=plots)


def _span(hour: int) -> str:
    return f"{hour:02d}:00 to {(hour + 1) % 24:02d}:00"


def _busiest_hour(found: list[Hour]) -> str:
    total = sum(hour.comments for hour in found)
    if not total:
        return "Nobody has written anything in these days."
    most = max(found, key=lambda hour: hour.comments)
    said = f"Most is written from {_span(most.hour)}: {percent(most.comments / total)} of {total:,} comments."
    waited = [hour for hour in found if hour.median is not None]
    if not waited:
        return f"{said} Too few waited for a person to say how long."
    worst = max(waited, key=lambda hour: hour.median or 0)
    return (
        f"{said} Who is held after writing from {_span(worst.hour)} waits longest: {in_words(worst.median, 'seconds')}."
    )


def _hours_table(found: list[Hour]) -> Table:
    heads = (
        Column("hour", "Hour", "text"),
        Column("comments", "Comments"),
        Column("decisions", "Decided by people"),
        Column("median_wait_seconds", "Median wait", "seconds"),
    )
    return Table(heads, [(_span(hour.hour), hour.comments, hour.decisions, hour.median) for hour in found])


def draw_settled(found: list[Settled], looking: Looking) -> Picture:
    """Draw what the machine judged in each day or week, and the share that it settled."""
    last = len(found) - 1
    labels = [
        f"{one.first_day:%-d %b}" if (last - place) % _every(len(found)) == 0 else "" for place, one in enumerate(found)
    ]
    most = top_of(max((one.total for one in found), default=0))
    stacks = [
        [
            ("accent", one.published, f"{one.first_day:%-d %b}: {one.published:,} published by machine"),
            ("bad", one.rejected, f"{one.first_day:%-d %b}: {one.rejected:,} rejected by machine"),
            ("wait", one.held, f"{one.first_day:%-d %b}: {one.held:,} left to people"),
        ]
        for one in found
    ]
    each = "day" if looking.scope.step == 1 else "week"
    plots = (
        Plot(
            f"Comments judged, by {each}",
            tuple(f"{value:,.0f}" for value in steps(most)),
            columns(labels, stacks, most),
        ),
        Plot(
            "Share settled without a person",
            tuple(percent(value) for value in steps(1)),
            columns(labels, [[] for _ in labels], 1),
            line([one.share for one in found], 1),
        ),
    )
    legend = (("accent", "Published by machine"), ("bad", "Rejected by machine"), ("wait", "Left to people"))
    return Picture(says=_settled_share(found), table=_settled_table(found), plots=plots, legend=legend)


def _every(points: int) -> int:
    return DAY_LABELS if points > 2 * DAY_LABELS else 2 if points > DAY_LABELS else 1


def _settled_share(found: list[Settled]) -> str:
    total = sum(one.total for one in found)
    if not total:
        return "The machine has judged nothing in these days."
    settled = sum(one.published + one.rejected for one in found)
    return f"The machine settled {percent(settled / total)} of {total:,} comments; people decided about the others."


def _settled_table(found: list[Settled]) -> Table:
    heads = (
        Column("first_day", "From", "day"),
        Column("published", "Published by machine"),
        Column("rejected", "Rejected by machine"),
        Column("held", "Left to people"),
        Column("settled_share", "Settled", "share"),
    )
    return Table(heads, [(one.first_day, one.published, one.rejected, one.held, one.share) for one in found])


def draw_handling(found: Handling, looking: Looking) -> Picture:
    """Draw how many decisions took how long."""
    heads = (Column("up_to_seconds", "Up to", "seconds"), Column("decisions", "Decisions"))
    table = Table(heads, list(found.bins))
    if found.median is None or found.slow is None or found.an_hour is None:
        return Picture(says="Too few decisions one after the other to say how long they take.", table=table)
    most = top_of(max(count for _, count in found.bins))
    labels = [length(edge) for edge, _ in found.bins]
    stacks = [[("accent", count, f"up to {length(edge)}: {count:,} decisions")] for edge, count in found.bins]
    plot = Plot(
        "Decisions that took up to", tuple(f"{value:,.0f}" for value in steps(most)), columns(labels, stacks, most)
    )
    said = (
        f"Half of {found.measured:,} decisions took at most {length(found.median)}, nine in ten at most "
        f"{length(found.slow)}: {found.an_hour:,.0f} an hour at the desk."
    )
    if found.together:
        said += f" {found.together:,} more were made together with others."
    return Picture(says=said, table=table, plots=(plot,))
