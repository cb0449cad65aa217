"""The comments of a band: which are chosen, which are listed, and how both travel through a form."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.band_query import BandQuery, in_order
from belowline.engine.policy import Policy
from belowline.moderation.actions.run_batch import MAX_COMMENTS
from belowline.moderation.bands import Spread, Waiting, in_band, newest_decisions, read_comments
from belowline.moderation.marks import Segment, segments
from belowline.moderation.models import Decision

LISTED_CHARACTERS = 700
"""So much of a text is listed; the card has all of it."""


class Row(NamedTuple):
    """A comment of the band as the list shows it."""

    comment: Comment
    place: int | None
    """Where its score lies, in whole per cent; None: unchecked."""
    text: list[Segment]
    is_cut: bool
    """The text goes on."""
    others: list[str]
    """The titles of the other rules that it has met."""


class Selection(NamedTuple):
    """The comments of a band, and those of them that are listed."""

    total: int
    elsewhere: int
    """How many of the band are left out: a colleague looks at them now."""
    seen: dict[int, int]
    """{comment: its newest decision} of all that are chosen, unless their boxes are emptied."""
    rows: list[Row]


def select(
    query: BandQuery, spread: Spread, waiting: Sequence[Waiting], *, busy: Collection[int], policy: Policy
) -> Selection:
    """Return what a band holds; at most 1,000 are chosen, the first in the order of the list."""
    found = in_order(in_band(waiting, spread.rule, query.band), spread.rule.score, query.order)
    free = [one for one in found if one.comment_id not in busy][:MAX_COMMENTS]
    seen = newest_decisions(one.comment_id for one in free)
    rows = _rows(free[: query.listed], seen, spread, policy)
    return Selection(len(found), sum(one.comment_id in busy for one in found), seen, rows)


def _rows(listed: Sequence[Waiting], seen: Mapping[int, int], spread: Spread, policy: Policy) -> list[Row]:
    measured = {one.comment_id: one for one in listed}
    newest = [seen[pk] for pk in measured if pk in seen]
    decisions = {row.comment_id: row for row in Decision.objects.defer("scores", "noted").filter(pk__in=newest)}
    return [
        Row(
            comment,
            measured[comment.pk].place(spread.rule.score),
            segments(
                comment.text_source[:LISTED_CHARACTERS],
                decisions[comment.pk].reasons if comment.pk in decisions else [],
            ),
            len(comment.text_source) > LISTED_CHARACTERS,
            other_titles(policy, measured[comment.pk], spread.code),
        )
        for comment in read_comments(list(measured))
    ]


def other_titles(policy: Policy, one: Waiting, code: str) -> list[str]:
    """Return the titles of the other rules that a comment has met."""
    return [
        rule.title
        for other, rule in policy.rules.items()
        if other != code
        and rule.applies_to(one.section)
        and one.values.get(rule.score, -1.0) >= rule.hold_from(one.section)
    ]


def write_seen(seen: dict[int, int]) -> str:
    """Return comments with their newest decisions as one field of a form."""
    return " ".join(f"{comment}.{decision}" for comment, decision in seen.items())


def read_seen(text: str) -> dict[int, int]:
    """Return what `write_seen` wrote; what is no pair of ids is left out."""
    pairs = (part.partition(".") for part in text.split())
    ids = ((parse_id(comment), parse_id(decision)) for comment, _, decision in pairs)
    return {comment: decision for comment, decision in ids if comment is not None and decision is not None}


def read_ids(text: str) -> list[int]:
    """Return the ids in a field of a form; what is none is left out."""
    return [pk for part in text.split() if (pk := parse_id(part)) is not None]
