"""Where buckets are kept: in Redis, in a file of this machine, in this process. Each takes all charges or none."""

import os
import sqlite3
import threading
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.conf import settings

from belowline.limits.breaker import Breaker
from belowline.limits.bucket import Charge, settle
from belowline.limits.errors import StoreLostError
from belowline.limits.redis_server import ask_redis
from belowline.limits.shared_file import shared_file

MOST_IN_MEMORY = 50_000
SCRIPT = """
local time = redis.call('TIME')
local now = tonumber(time[1]) + tonumber(time[2]) / 1000000
local wait, moments = 0, {}
for place, key in ipairs(KEYS) do
  local room = tonumber(ARGV[2 * place + 1])
  local kept = tonumber(redis.call('GET', key) or '0')
  if kept > now + room + 5 then kept = 0 end
  moments[place] = math.max(kept, now) + tonumber(ARGV[2 * place])
  wait = math.max(wait, moments[place] - room - now)
end
if wait > 0.001 then return string.format('%.3f', wait) end
if ARGV[1] == '1' then
  for place, key in ipairs(KEYS) do
    local left = math.max(1, math.ceil((moments[place] - now) * 1000))
    redis.call('SET', key, string.format('%.6f', moments[place]), 'PX', left)
  end
end
return '0'
"""
"""bucket.settle, in the words of Redis and by its clock: one script is one step, whoever else asks."""


class Store(Protocol):
    """Keeps buckets."""

    def spend(self, charges: Sequence[Charge], *, take: bool = True) -> float:
        """Take all charges and return 0, or none and the seconds to wait; without `take`, only look.

        Raises:
            StoreLostError: it does not answer now.
        """
        ...


class MemoryStore:
    """Buckets of this process alone."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._moments: dict[str, float] = {}

    def spend(self, charges: Sequence[Charge], *, take: bool = True) -> float:
        """Take all charges or none; never fails."""
        now = self._clock()
        with self._lock:
            wait, moments = settle(charges, [self._moments.get(charge.key, 0.0) for charge in charges], now)
            if take and not wait:
                self._moments.update(zip((charge.key for charge in charges), moments, strict=True))
            if len(self._moments) > MOST_IN_MEMORY:
                self._forget(now)
        return wait

    def _forget(self, now: float) -> None:
        """Forget what is full again, and, where that does not suffice, the oldest half."""
        self._moments = {key: moment for key, moment in self._moments.items() if moment > now}
        if len(self._moments) > MOST_IN_MEMORY:
            latest = sorted(self._moments.items(), key=lambda item: item[1])[MOST_IN_MEMORY // 2 :]
            self._moments = dict(latest)

    def clear(self) -> None:
        """Forget everything; for tests."""
        self._moments.clear()


class FileStore:
    """Buckets of all processes of this machine."""

    def __init__(self, path: str, clock: Callable[[], float] = time.time) -> None:
        self.path, self._clock = path, clock

    def spend(self, charges: Sequence[Charge], *, take: bool = True) -> float:
        """Take all charges or none."""

        def act(connection: sqlite3.Connection) -> float:
            rows = (
                connection.execute("SELECT until FROM bucket WHERE key = ?", [charge.key]).fetchone()
                for charge in charges
            )
            wait, moments = settle(charges, [row[0] if row else 0.0 for row in rows], self._clock())
            if take and not wait:
                keys = [charge.key for charge in charges]
                connection.executemany("REPLACE INTO bucket VALUES (?, ?)", zip(keys, moments, strict=True))
            return wait

        return shared_file(self.path).run(act)


class RedisStore:
    """Buckets of all machines."""

    def spend(self, charges: Sequence[Charge], *, take: bool = True) -> float:
        """Take all charges or none, by the clock of Redis."""
        keys = [f"{settings.REDIS_PREFIX}:limit:{charge.key}" for charge in charges]
        numbers = [number for charge in charges for number in (charge.step, charge.room)]

        def act(client: Any) -> float:
            return float(client.register_script(SCRIPT)(keys=keys, args=[int(take), *numbers]))

        return ask_redis(act)


@lru_cache(maxsize=4)
def file_breaker(process: int) -> Breaker:
    """Return what remembers whether this process can use the file."""
    return Breaker("the file of the limits", "each process counts for itself")


memory = MemoryStore()


def spend(charges: Sequence[Charge], *, take: bool = True) -> float:
    """Take all charges and return 0, or none and the seconds to wait; the first place that answers counts.

    Where Redis does not answer, each machine counts for itself; where its file cannot be used either, each process.
    """
    if not charges:
        return 0.0
    if settings.REDIS_URL:
        try:
            return RedisStore().spend(charges, take=take)
        except StoreLostError:
            pass
    breaker = file_breaker(os.getpid())
    if settings.LIMITS_FILE and breaker.may_try():
        try:
            wait = FileStore(str(settings.LIMITS_FILE)).spend(charges, take=take)
        except StoreLostError as error:
            breaker.failed(str(error))
        else:
            breaker.worked()
            return wait
    return memory.spend(charges, take=take)
