"""Token buckets, pure: so many acts in so much time, all of them at once where none came before.

A bucket is kept as one number: the moment at which it would be full again. Each act puts that off by the time in which
one token comes back, and is refused where it would be put off by more than the whole time (the generic cell rate
algorithm, ITU-T I.371, appendix I).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

UNITS = {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400}
PERS = ("account", "address", "story", "key")
"""What can be counted: an account, an internet address, a story, a publisher's key."""
RATE = re.compile(r"([1-9]\d{0,8})/(\d{0,6})([smhd])/(\w+)")
TOLERANCE = 0.001
"""Seconds by which sums of fractions may be wrong."""

SET_BACK = 5.0
"""Seconds by which a clock may be set back without any bucket beginning anew."""


class Rate(NamedTuple):
    """So many acts in so many seconds, for each one of what is counted."""

    amount: int
    """At least 1."""
    seconds: float
    """In which an empty bucket fills; more than 0."""
    per: str = "address"
    """One of `PERS`."""

    @property
    def step(self) -> float:
        """Seconds in which one token comes back."""
        return self.seconds / self.amount


class Charge(NamedTuple):
    """One token that is taken from one bucket."""

    key: str
    step: float
    room: float
    """Seconds by which the bucket may be put off at most: the rate's."""


class Outcome(NamedTuple):
    """What became of some charges."""

    wait: float
    """Seconds until all buckets have a token; 0: they had, and are charged."""
    moments: list[float]
    """When each bucket will be full again, if it is charged."""


def parse_rates(text: str) -> tuple[Rate, ...]:
    """Return the rates in a text such as `60/10m/account, 300/h/address`; none for an empty one.

    Raises:
        ValueError: a part is no rate; the message says how one is written.
    """
    return tuple(_parse(part.strip()) for part in text.split(",") if part.strip())


def _parse(text: str) -> Rate:
    found = RATE.fullmatch(text)
    if found is None or found[4] not in PERS or found[2] == "0":
        raise ValueError(f"{text!r} is no limit: write 60/10m/account, with s, m, h or d, and {', '.join(PERS)}")
    return Rate(int(found[1]), float(int(found[2] or 1) * UNITS[found[3]]), found[4])


def settle(charges: Sequence[Charge], kept: Sequence[float], now: float) -> Outcome:
    """Return what becomes of charges, all or none; `kept` is when each bucket is full again, 0 for one never used.

    Times are seconds of one clock. A bucket that would be full later than an empty one was charged before the clock was
    set back, and begins anew. Raises nothing.
    """
    moments = [
        (now if moment > now + charge.room + SET_BACK else max(moment, now)) + charge.step
        for charge, moment in zip(charges, kept, strict=True)
    ]
    late = [moment - charge.room - now for charge, moment in zip(charges, moments, strict=True)]
    wait = max([0.0, *late])
    return Outcome(wait if wait > TOLERANCE else 0.0, moments)
