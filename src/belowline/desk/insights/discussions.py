"""Pictures of discussions: the busiest stories, and what authors made of a nudge."""

from collections.abc import Sequence

from django.urls import reverse

from belowline.desk.insights.charts import Bar, stacked
from belowline.desk.insights.picture import Looking, Picture
from belowline.desk.insights.tables import Column, Table, percent
from belowline.moderation.insights.busiest import BusyStory
from belowline.moderation.insights.nudged import Nudged
from belowline.moderation.models import Nudge

RESULTS = {
    Nudge.Result.EDITED: "Changed it and posted",
    Nudge.Result.POSTED_ANYWAY: "Posted it as it was",
    Nudge.Result.OPEN: "Posted nothing",
}


def draw_stories(found: Sequence[BusyStory], looking: Looking) -> Picture:
    """Draw the comments under the busiest stories, by what became of them."""
    most = max((row.comments for row in found), default=0)
    bars = tuple(
        Bar(
            label=row.title,
            value=f"{row.comments:,}",
            href=reverse("desk-story", args=[row.story_id]),
            parts=stacked(
                [
                    ("accent", row.published, f"{row.published:,} published"),
                    ("wait", row.waiting, f"{row.waiting:,} waiting"),
                    ("bad", row.refused, f"{row.refused:,} refused"),
                    ("quiet", row.deleted, f"{row.deleted:,} deleted by their authors"),
                ],
                most,
            ),
        )
        for row in found
    )
    heads = (
        Column("story", "Story", "text"),
        Column("section", "Section", "text"),
        Column("comments", "Comments"),
        Column("published", "Published"),
        Column("waiting", "Waiting"),
        Column("refused", "Refused"),
        Column("deleted", "Deleted"),
    )
    rows = [
        (row.title, row.section, row.comments, row.published, row.waiting, row.refused, row.deleted) for row in found
    ]
    said = (
        f"“{found[0].title}” has the most: {found[0].comments:,} comments." if found else "Nobody has written anything."
    )
    legend = (("accent", "Published"), ("wait", "Waiting"), ("bad", "Refused"), ("quiet", "Deleted")) if bars else ()
    return Picture(says=said, table=Table(heads, rows), bars=bars, legend=legend)


def draw_nudges(found: Sequence[Nudged], looking: Looking) -> Picture:
    """Draw what authors did after a nudge, by where their comments stand now."""
    total, most = sum(row.nudges for row in found), max((row.nudges for row in found), default=0)
    bars = tuple(
        Bar(
            label=RESULTS[Nudge.Result(row.result)],
            value=f"{row.nudges:,}",
            parts=stacked(
                [
                    ("accent", row.published, f"{row.published:,} published"),
                    ("wait", row.waiting, f"{row.waiting:,} waiting"),
                    ("bad", row.refused, f"{row.refused:,} refused"),
                    ("quiet", row.gone, f"{row.gone:,} not there"),
                ],
                most,
            ),
        )
        for row in found
        if total
    )
    heads = (
        Column("result", "Then the author", "text"),
        Column("nudges", "Nudges"),
        Column("published", "Published"),
        Column("waiting", "Waiting"),
        Column("refused", "Refused"),
        Column("gone", "Not there"),
    )
    rows = [
        (RESULTS[Nudge.Result(row.result)], row.nudges, row.published, row.waiting, row.refused, row.gone)
        for row in found
    ]
    legend = (("accent", "Published"), ("wait", "Waiting"), ("bad", "Refused"), ("quiet", "Not there")) if bars else ()
    return Picture(says=_nudge_words(found, total), table=Table(heads, rows), bars=bars, legend=legend)


def _nudge_words(found: Sequence[Nudged], total: int) -> str:
    if not total:
        return "Nobody was nudged in these days."
    edited = next(row for row in found if row.result == Nudge.Result.EDITED)
    said = f"Of {total:,} authors who were told before posting, {percent(edited.nudges / total)} changed their comment"
    return f"{said}; {edited.published:,} of those {edited.nudges:,} are published." if edited.nudges else f"{said}."
