"""Redis, or Valkey, where a setting names one: asked with short patience, and left alone while it does not answer."""

import os
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.dispatch import Signal

from belowline.limits.breaker import Breaker
from belowline.limits.errors import StoreLostError

Result = TypeVar("Result")
TIMEOUT_SECONDS = 0.25
"""To connect, and for an answer. A Redis nearby takes a thousandth of it."""
redis_failed = Signal()
"""Sent for each question that Redis did not answer; not for those that were not asked meanwhile."""


def options() -> dict[str, Any]:
    """Return how connections are made: no second try, for a reader waits."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {
        "socket_timeout": TIMEOUT_SECONDS,
        "socket_connect_timeout": TIMEOUT_SECONDS,
        "retry": Retry(NoBackoff(), 0),
        "health_check_interval": 30,
    }


@lru_cache(maxsize=4)
def _client(process: int, url: str) -> Any:
    import redis

    return redis.Redis.from_url(url, **options())


@lru_cache(maxsize=4)
def _breaker(process: int, url: str) -> Breaker:
    return Breaker("Redis", "this machine keeps and counts for itself meanwhile")


def breaker() -> Breaker:
    """Return what this process remembers of Redis."""
    return _breaker(os.getpid(), settings.REDIS_URL)


def ask_redis(act: Callable[[Any], Result]) -> Result:
    """Ask Redis something, by its client.

    Raises:
        StoreLostError: it does not answer, or did not a moment ago.
    """
    return steadily(lambda: act(_client(os.getpid(), settings.REDIS_URL)))


def steadily(act: Callable[[], Result]) -> Result:
    """Do what asks Redis, unless it did not answer a moment ago.

    Raises:
        StoreLostError: it does not, or did not.
    """
    from redis.exceptions import RedisError

    now = breaker()
    if not now.may_try():
        raise StoreLostError("left alone")
    try:
        result = act()
    except (RedisError, OSError) as error:
        now.failed(type(error).__name__)
        redis_failed.send(None)
        raise StoreLostError(type(error).__name__) from error
    now.worked()
    return result


def redis_problem() -> str:
    """Return why Redis cannot be used, by the name of the error; empty: it answers."""
    from redis.exceptions import RedisError

    try:
        _client(os.getpid(), settings.REDIS_URL).ping()
    except (RedisError, OSError) as error:
        return type(error).__name__
    return ""
