"""Quotas that hold over all processes at the price of a few writes a minute, and the count of use.

A process takes leave for several comments at once from the row of the key (never beyond the quota) and gives that
leave out by itself. Use is counted in memory and written every few seconds: a killed process loses that much of the
count, and nothing of the quota.
"""

import logging
import threading
import time
from collections import Counter
from datetime import date
from multiprocessing.util import Finalize
from typing import NamedTuple

from django.db import DatabaseError, connection
from django.db.models import F, Q
from django.utils import timezone

from belowline.compat.models import ApiKey, KeyDay, KeyMinute

logger = logging.getLogger(__name__)
LEASES_PER_MINUTE = 20
"""A process asks for a twentieth of the quota at a time."""
WRITE_AFTER_SECONDS = 3.0
COUNTED = ("calls", "comments", "errors", "refused")


class Left(NamedTuple):
    """What is left of a key's quota."""

    limit: int
    """Comments a minute."""
    remaining: int
    seconds: int
    """Until the next minute begins, 1 to 60."""
    is_granted: bool


class Quota:
    """The quotas that this process gives out."""

    def __init__(self) -> None:
        self._leases: dict[int, _Lease] = {}
        self._lock = threading.Lock()

    def take(self, key: ApiKey, count: int = 1) -> Left:
        """Take leave for `count` comments, all or none."""
        now = time.time()
        minute, seconds = int(now // 60), 60 - int(now % 60)
        with self._lock:
            lease = self._leases.setdefault(key.pk, _Lease())
        with lease.lock:
            if lease.minute != minute:
                lease.minute, lease.left, lease.granted = minute, 0, 0
            is_granted = lease.left >= count or lease.extend(key, count)
            if is_granted:
                lease.left -= count
            remaining = max(key.quota_per_minute - lease.granted, 0) + lease.left
        return Left(key.quota_per_minute, remaining, seconds, is_granted)


class _Lease:
    """What a process may give out for a key in this minute."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.minute = 0
        self.left = 0
        self.granted = 0
        """Given to all processes together, when this one last asked."""

    def extend(self, key: ApiKey, count: int) -> bool:
        """Ask the key's row for more; say whether `count` can be given out now."""
        row = KeyMinute.objects.filter(pk=key.pk)
        # One minute later is another machine's clock; more is this one's, which was set back.
        is_over = Q(minute__lt=self.minute) | Q(minute__gt=self.minute + 1)
        row.filter(is_over).update(minute=self.minute, granted=0)
        needed = count - self.left
        for wanted in (max(needed, key.quota_per_minute // LEASES_PER_MINUTE), needed):
            if row.filter(granted__lte=key.quota_per_minute - wanted).update(granted=F("granted") + wanted):
                self.left += wanted
                break
        self.granted = row.values_list("granted", flat=True).first() or 0
        return self.left >= count


class Use:
    """Counts what keys are used for, and writes it down now and then."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[int, str]] = Counter()
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def count(self, key: ApiKey, **counts: int) -> None:
        """Add to the counts of a key: calls, comments, errors, refused."""
        with self._lock:
            for name, number in counts.items():
                self._counts[key.pk, name] += number
            if self._timer is None:
                self._timer = threading.Timer(WRITE_AFTER_SECONDS, self.write_apart)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write down what was counted since the last time."""
        with self._lock:
            counts, self._counts, self._timer = self._counts, Counter(), None
        day = timezone.now().date()
        for key_id in {key_id for key_id, _ in counts}:
            found = {name: counts.pop((key_id, name), 0) for name in COUNTED}
            try:
                _add(key_id, day, found)
            except DatabaseError:
                self._put_back(counts + Counter({(key_id, name): number for name, number in found.items()}))
                raise

    def _put_back(self, counts: Counter[tuple[int, str]]) -> None:
        with self._lock:
            self._counts += counts

    def write_apart(self) -> None:
        """Write down what was counted, in a thread of its own or at the end of the process; raises nothing."""
        try:
            self.write()
        except DatabaseError as error:
            logger.error("the use of keys could not be written (%s)", type(error).__name__)  # noqa: TRY400
        finally:
            connection.close()


def _add(key_id: int, day: date, counts: dict[str, int]) -> None:
    row, _ = KeyDay.objects.get_or_create(key_id=key_id, day=day)
    KeyDay.objects.filter(pk=row.pk).update(**{name: F(name) + number for name, number in counts.items() if number})


quota = Quota()
use = Use()


def write_use_at_end() -> None:
    """Have this process write down at its end what it counted last; a web process calls it when it begins."""
    # Not atexit: web processes are forked by multiprocessing, which ends them without it.
    Finalize(None, use.write_apart, exitpriority=10)
