"""Of the yearly figures: measures against accounts, and what their subjects said against them."""

from collections import Counter
from collections.abc import Sequence
from statistics import median
from typing import Any

from belowline.moderation.sanction_models import Sanction, SanctionAppeal

COLUMNS = (
    "measures", "on_all_sites", "without_end", "lifted", "complaints", "upheld", "reversed", "undecided", "median_hours"
)  # fmt: skip


def accounts_sheet(sanctions: Sequence[Sanction]) -> list[list[Any]]:
    """Return measures against accounts by their kind, the mildest first, and their sum; hours are complaints'."""
    rows = [[label, *_row([one for one in sanctions if one.kind == kind])] for kind, label in _KINDS]
    return [["measure", *COLUMNS], *rows, ["TOTAL", *_row(sanctions)]]


_KINDS = tuple((kind, kind.name.lower()) for kind in Sanction.Kind)


def _row(sanctions: Sequence[Sanction]) -> list[Any]:
    appeals = [one.appeal for one in sanctions if hasattr(one, "appeal")]
    states = Counter(appeal.state for appeal in appeals)
    hours = [(appeal.decided_at - appeal.created_at).total_seconds() / 3600 for appeal in appeals if appeal.decided_at]
    return [
        len(sanctions),
        sum(one.site_id is None for one in sanctions),
        sum(one.kind == Sanction.Kind.BAN and one.ends_at is None for one in sanctions),
        sum(one.lifted_at is not None for one in sanctions),
        len(appeals),
        states[SanctionAppeal.State.UPHELD],
        states[SanctionAppeal.State.OVERTURNED],
        states[SanctionAppeal.State.OPEN],
        round(median(hours), 2) if hours else "",
    ]
