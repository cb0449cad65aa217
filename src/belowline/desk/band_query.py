"""What the address of the page Bands asks for: the site, the rule, the band, the order."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import urlencode

from belowline.comments.ids import parse_id
from belowline.moderation.bands import PER_CENT, Band, Spread, Waiting, per_cent

ORDERS = {
    "high": "Highest score first",
    "low": "Lowest score first",
    "oldest": "Longest wait first",
    "newest": "Newest first",
}
PAGE = 50
LISTED_MOST = 500
"""So many comments are listed at most: each has a box, and a form holds a thousand fields."""


class BandQuery(NamedTuple):
    """A band of a rule, and how its comments are listed."""

    site: str
    section: str
    """Empty: all sections."""
    rule: str
    band: Band
    order: str
    listed: int
    """So many comments are listed."""

    def address(self, **changes: str | int) -> str:
        """Return the query of the address that shows this, or this with other values; empty ones are left out."""
        said = {
            "site": self.site,
            "section": self.section,
            "rule": self.rule,
            "from": self.band.low,
            "to": self.band.high,
            "unchecked": "1" if self.band.is_unchecked else "",
            "order": self.order,
        }
        return "?" + urlencode({name: value for name, value in {**said, **changes}.items() if value != ""})


def address_of(said: Mapping[str, str], **more: str | int) -> str:
    """Return the query of the address that shows what a form was about."""
    named = {
        name: said[name] for name in ("site", "section", "rule", "from", "to", "unchecked", "order") if said.get(name)
    }
    return "?" + urlencode({**named, **more})


def read_band(said: Mapping[str, str], spread: Spread) -> Band:
    """Return the band that is asked for, or the one that a rule opens with: from its threshold on."""
    if said.get("unchecked"):
        return Band(0, PER_CENT, is_unchecked=True)
    low, high = _place(said.get("from", "")), _place(said.get("to", ""))
    if low is None and high is None:
        low = per_cent(spread.rule.hold) if spread.met else 0
    low, high = 0 if low is None else low, PER_CENT if high is None else high
    return Band(min(low, high), max(low, high))


def read_query(said: Mapping[str, str], *, site: str, spread: Spread) -> BandQuery:
    """Return what is asked for; what makes no sense is as if it had not been said."""
    order = said.get("order", "")
    listed = parse_id(said.get("listed", "")) or PAGE
    return BandQuery(
        site=site,
        section=said.get("section", ""),
        rule=spread.code,
        band=read_band(said, spread),
        order=order if order in ORDERS else "high",
        listed=max(PAGE, min(LISTED_MOST, listed)),
    )


def in_order(found: Sequence[Waiting], score: str, order: str) -> list[Waiting]:
    """Return comments in an order; equal ones the longest wait first. Those without a score go by their wait."""
    oldest = sorted(found, key=lambda one: (one.waiting_since, one.comment_id))
    if order == "newest":
        return oldest[::-1]
    if order == "oldest":
        return oldest
    sign = -1 if order == "high" else 1
    return sorted(oldest, key=lambda one: sign * one.values.get(score, 0.0))


def _place(text: str) -> int | None:
    number = parse_id(text)
    return None if number is None else min(PER_CENT, number)
