"""Counting what somebody does, by the limits of the settings."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.dispatch import Signal

from belowline.limits.bucket import Charge, Rate
from belowline.limits.errors import LimitedError
from belowline.limits.stores import spend

limited = Signal()
"""Sent with `limit` for each act that is refused."""


def charges_of(limit: str, rates: Iterable[Rate], who: dict[str, Any]) -> list[Charge]:
    """Return what an act takes: from the bucket of each of `who` that a rate counts and that is known."""
    return [
        Charge(f"{limit}:{rate.amount}/{rate.seconds:g}:{rate.per}:{who[rate.per]}", rate.step, rate.seconds)
        for rate in rates
        if who.get(rate.per) is not None
    ]


def spend_limit(limit: str, *, take: bool = True, **who: Any) -> None:
    """Count an act that one of settings.LIMITS is about; without `take`, only look whether it would be allowed.

    `who` says whose act it is: `account` and `story` by their ids, `address` by its key, `key` by its id; what is None
    is not counted.

    Raises:
        LimitedError: one of them has done it too often; nothing is counted.
    """
    spend_rates(limit, settings.LIMITS[limit], take=take, **who)


def spend_rates(limit: str, rates: Iterable[Rate], *, take: bool = True, **who: Any) -> None:
    """Count an act by rates of the caller's; the rest as for `spend_limit`.

    Raises:
        LimitedError: as there.
    """
    wait = spend(charges_of(limit, rates, who), take=take)
    if wait:
        limited.send(None, limit=limit)
        raise LimitedError(limit, wait)
