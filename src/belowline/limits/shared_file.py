"""A small SQLite file in which the processes of one machine count together.

Nothing in it has to outlive a power cut: it is never waited for the disk, and one that is damaged is made anew. It
stands apart from the newsroom's database, whose one writer has better things to do.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from belowline.limits.errors import StoreLostError

Result = TypeVar("Result")
WAIT_SECONDS = 1.0
"""For another process that writes; a write takes a fraction of a millisecond."""
TIDY_EVERY_SECONDS = 60.0
SET_BACK_SECONDS = 5.0
"""A clock that was set back by more than so much makes what is kept too old: all of it goes."""
SCHEMA = """
CREATE TABLE IF NOT EXISTS bucket (key TEXT PRIMARY KEY, until REAL NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept (key TEXT PRIMARY KEY, value BLOB NOT NULL, until REAL NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS bucket_until ON bucket (until);
CREATE INDEX IF NOT EXISTS kept_until ON kept (until);
"""


class SharedFile:
    """The file as one process has it open; safe for threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._opened: sqlite3.Connection | None = None
        self._tidied = -TIDY_EVERY_SECONDS
        self._ahead = time.time() - time.monotonic()

    def run(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        """Do something in a transaction of its own, while no other process writes.

        Raises:
            StoreLostError: the file cannot be used now.
        """
        with self._lock:
            try:
                return self._run(act)
            except sqlite3.Error as error:
                self._give_up(error)
                raise StoreLostError(type(error).__name__) from error
            except OSError as error:
                raise StoreLostError(type(error).__name__) from error

    def _run(self, act: Callable[[sqlite3.Connection], Result]) -> Result:
        connection = self._opened = self._opened or self._open()
        connection.execute("BEGIN IMMEDIATE")
        try:
            self._tidy(connection)
            result = act(connection)
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise
        return result

    def _open(self) -> sqlite3.Connection:
        # For its owner alone: hashes of addresses stand in it.
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        connection = sqlite3.connect(self.path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=OFF")
        connection.executescript(SCHEMA)
        return connection

    def _tidy(self, connection: sqlite3.Connection) -> None:
        now, steady = time.time(), time.monotonic()
        before, self._ahead = self._ahead, now - steady
        if self._ahead < before - SET_BACK_SECONDS:
            connection.execute("DELETE FROM kept")
        if steady - self._tidied < TIDY_EVERY_SECONDS:
            return
        self._tidied = steady
        connection.execute("DELETE FROM bucket WHERE until <= ?", [now])
        connection.execute("DELETE FROM kept WHERE until <= ?", [now])

    def _give_up(self, error: sqlite3.Error) -> None:
        """Close the file; one that is damaged goes, and the next one begins with nothing."""
        with suppress(sqlite3.Error):
            if self._opened:
                self._opened.close()
        self._opened = None
        if not isinstance(error, sqlite3.OperationalError):
            for ending in ("", "-wal", "-shm"):
                Path(f"{self.path}{ending}").unlink(missing_ok=True)


@lru_cache(maxsize=8)
def _of_process(process: int, path: str) -> SharedFile:
    return SharedFile(Path(path))


def shared_file(path: str) -> SharedFile:
    """Return the file as this process has it; one that was forked off opens it anew."""
    return _of_process(os.getpid(), path)
