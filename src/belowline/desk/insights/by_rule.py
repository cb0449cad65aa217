"""Pictures rule by rule: what is refused, what appeals overturn, what the machine holds rightly."""

from collections.abc import Sequence

from belowline.desk.insights.charts import Bar, stacked, whisker
from belowline.desk.insights.picture import Looking, Picture
from belowline.desk.insights.tables import Column, Table, percent
from belowline.moderation.figures import Refusals
from belowline.moderation.insights.rules import Rate, RuleHolds, RuleOverturns

FEW = 10
"""With fewer, a share says little: the sentence says so."""


def draw_refused(found: Sequence[Refusals], looking: Looking) -> Picture:
    """Draw how many comments were refused by each rule, and by whom."""
    most = max((row.total for row in found), default=0)
    bars = tuple(
        Bar(
            label=looking.rule(row.rule),
            value=f"{row.total:,}",
            parts=stacked(
                [
                    ("accent", row.by_machine, f"{row.by_machine:,} by machine"),
                    ("wait", row.by_person, f"{row.by_person:,} by people"),
                ],
                most,
            ),
        )
        for row in found
    )
    heads = (
        Column("rule", "Rule", "text"),
        Column("by_machine", "By machine"),
        Column("by_people", "By people"),
        Column("total", "Together"),
    )
    table = Table(heads, [(looking.rule(row.rule), row.by_machine, row.by_person, row.total) for row in found])
    total = sum(row.total for row in found)
    said = "Nothing was refused in these days."
    if total:
        first = found[0]
        said = f"{total:,} refused. Most often by “{looking.rule(first.rule)}”: {percent(first.total / total)}."
    return Picture(
        says=said, table=table, bars=bars, legend=(("accent", "By machine"), ("wait", "By people")) if bars else ()
    )


def draw_overturned(found: Sequence[RuleOverturns], looking: Looking) -> Picture:
    """Draw for each rule which share of its settled appeals was overturned."""
    bars = tuple(
        _rate_bar(looking.rule(row.rule), row.rate, f"{row.overturned:,} of {row.upheld + row.overturned:,}")
        for row in found
        if row.rate is not None
    )
    heads = (
        Column("rule", "Rule", "text"),
        Column("overturned", "Overturned"),
        Column("upheld", "Upheld"),
        Column("open", "Waiting"),
        *RATE_HEADS,
    )
    rows = [(looking.rule(row.rule), row.overturned, row.upheld, row.open, *_rate_cells(row.rate)) for row in found]
    settled, overturned = (sum(row.upheld + row.overturned for row in found), sum(row.overturned for row in found))
    return Picture(says=_overturned_share(settled, overturned), table=Table(heads, rows), bars=bars)


def _overturned_share(settled: int, overturned: int) -> str:
    if not settled:
        return "No appeal was settled in these days."
    if settled < FEW:
        return f"{overturned:,} of {settled:,} appeals were overturned: too few to say more."
    return f"{percent(overturned / settled)} of {settled:,} settled appeals were overturned."


def draw_holds(found: Sequence[RuleHolds], looking: Looking) -> Picture:
    """Draw for each rule which share of what the machine held by it people refused."""
    bars = tuple(
        _rate_bar(looking.rule(row.rule), row.rate, f"{row.refused:,} of {row.published + row.refused:,}")
        for row in found
    )
    heads = (
        Column("rule", "Rule", "text"),
        Column("refused", "Refused by people"),
        Column("published", "Published by people"),
        *RATE_HEADS,
    )
    rows = [(looking.rule(row.rule), row.refused, row.published, *_rate_cells(row.rate)) for row in found]
    held, refused = sum(row.published + row.refused for row in found), sum(row.refused for row in found)
    said = "People have decided about nothing that the machine held in these days."
    if held:
        said = f"Of {held:,} comments that the machine held, people refused {percent(refused / held)}."
    spared = [row for row in found if row.published + row.refused >= FEW and row.rate.high < 1 / 2]
    if spared:
        worst = min(spared, key=lambda row: row.rate.share)
        said += f" “{looking.rule(worst.rule)}” holds mostly what people publish: look at its threshold."
    return Picture(says=said, table=Table(heads, rows), bars=bars)


RATE_HEADS = (
    Column("share", "Share", "share"),
    Column("low", "At least", "share"),
    Column("high", "At most", "share"),
)


def _rate_cells(rate: Rate | None) -> tuple[float | None, float | None, float | None]:
    return rate if rate is not None else (None, None, None)


def _rate_bar(label: str, rate: Rate, of: str) -> Bar:
    words = f"{percent(rate.share)}, between {percent(rate.low)} and {percent(rate.high)}"
    return Bar(label=label, value=percent(rate.share), note=of, whisker=whisker(rate.share, rate.low, rate.high, words))
