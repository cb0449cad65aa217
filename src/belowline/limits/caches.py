"""Django's caches: what is counted or shared (`default`), and what is only kept to be quick (`kept`).

Without Redis, the first is a file of this machine, and the second the memory of each process. With it, both are there,
and these two stand in while it does not answer.
"""

import pickle
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache
from django.utils.connection import ConnectionProxy

from belowline.limits.errors import StoreLostError
from belowline.limits.redis_server import steadily
from belowline.limits.shared_file import shared_file

Result = TypeVar("Result")
FOREVER = 9e12
kept: BaseCache = ConnectionProxy(caches, "kept")  # type: ignore[assignment] # as Django's own `cache`
"""Pages, figures and the like: whatever is made again where it is gone."""


class FileCache(BaseCache):
    """A cache of all processes of one machine, for counts and other small things."""

    def __init__(self, path: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self.path = path
        self._fallback = params.get("OPTIONS", {}).get("fallback", "")

    def _do(self, act: Callable[[sqlite3.Connection], Result], instead: Callable[[BaseCache], Result]) -> Result:
        try:
            return shared_file(self.path).run(act)
        except StoreLostError:
            return instead(caches[self._fallback])

    def _until(self, timeout: Any) -> float:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return FOREVER if seconds is None else time.time() + seconds

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none."""
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> bool:
            if _find(connection, name) is not None:
                return False
            connection.execute("REPLACE INTO kept VALUES (?, ?, ?)", [name, pickle.dumps(value), self._until(timeout)])
            return True

        return self._do(act, lambda other: bool(other.add(key, value, timeout, version)))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> Any:
            found = _find(connection, name)
            return default if found is None else pickle.loads(found)  # noqa: S301 - our own file

        return self._do(act, lambda other: other.get(key, default, version))

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value."""
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> None:
            connection.execute("REPLACE INTO kept VALUES (?, ?, ?)", [name, pickle.dumps(value), self._until(timeout)])

        self._do(act, lambda other: other.set(key, value, timeout, version))

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; say whether it is there."""
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> bool:
            sql = "UPDATE kept SET until = ? WHERE key = ? AND until > ?"
            return bool(connection.execute(sql, [self._until(timeout), name, time.time()]).rowcount)

        return self._do(act, lambda other: bool(other.touch(key, timeout, version)))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; say whether it was there."""
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> bool:
            return bool(connection.execute("DELETE FROM kept WHERE key = ?", [name]).rowcount)

        return self._do(act, lambda other: bool(other.delete(key, version)))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number, in one step for all processes.

        Raises:
            ValueError: it is not there.
        """
        name = self.make_and_validate_key(key, version=version)

        def act(connection: sqlite3.Connection) -> int:
            found = _find(connection, name)
            if found is None:
                raise ValueError(f"Key {key!r} not found")
            new: int = pickle.loads(found) + delta  # noqa: S301 - our own file
            connection.execute("UPDATE kept SET value = ? WHERE key = ?", [pickle.dumps(new), name])
            return new

        return self._do(act, lambda other: int(other.incr(key, delta, version)))

    def clear(self) -> None:
        """Forget everything."""
        self._do(lambda connection: connection.execute("DELETE FROM kept") and None, lambda other: other.clear())


def _find(connection: sqlite3.Connection, name: str) -> bytes | None:
    row = connection.execute("SELECT value FROM kept WHERE key = ? AND until > ?", [name, time.time()]).fetchone()
    return row[0] if row else None


class SteadyRedisCache(RedisCache):
    """Django's cache in Redis; while it does not answer, another cache of ours stands in."""

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        from belowline.limits.redis_server import options

        given = dict(params.get("OPTIONS", {}))
        self._fallback = given.pop("fallback")
        super().__init__(server, {**params, "OPTIONS": {**options(), **given}})

    def _steady(self, name: str, *arguments: Any) -> Any:
        try:
            return steadily(lambda: getattr(super(SteadyRedisCache, self), name)(*arguments))
        except StoreLostError:
            return getattr(caches[self._fallback], name)(*arguments)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value where there is none."""
        return bool(self._steady("add", key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return a value, or the default."""
        return self._steady("get", key, default, version)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep a value."""
        self._steady("set", key, value, timeout, version)

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Keep a value for longer; say whether it is there."""
        return bool(self._steady("touch", key, timeout, version))

    def delete(self, key: str, version: int | None = None) -> bool:
        """Forget a value; say whether it was there."""
        return bool(self._steady("delete", key, version))

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        """Return the values that are there."""
        return dict(self._steady("get_many", list(keys), version))

    def has_key(self, key: str, version: int | None = None) -> bool:
        """Say whether a value is there."""
        return bool(self._steady("has_key", key, version))

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number, in one step for all machines.

        Raises:
            ValueError: it is not there.
        """
        return int(self._steady("incr", key, delta, version))

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        """Keep several values; return the keys of those that were not kept: none."""
        return list(self._steady("set_many", data, timeout, version))

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        """Forget several values."""
        self._steady("delete_many", list(keys), version)

    def clear(self) -> None:
        """Forget everything of ours: others may keep theirs in the same Redis, which Django would empty as a whole."""

        def forget() -> None:
            client = self._cache.get_client(None, write=True)
            for key in client.scan_iter(match=f"{self.key_prefix}:*", count=1000):
                client.delete(key)

        with suppress(StoreLostError):
            steadily(forget)
        caches[self._fallback].clear()
