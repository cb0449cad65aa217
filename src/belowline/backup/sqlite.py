"""SQLite: copied and put back through its own online backup; whoever writes meanwhile neither waits nor is lost."""

import sqlite3
from contextlib import closing
from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

from belowline.backup.errors import BackupError
from belowline.backup.tables import differences

FILE = "database.sqlite3"
WAIT_SECONDS = 30.0
"""For whoever writes."""


def path_of(database: BaseDatabaseWrapper) -> Path:
    """Return the file of a database."""
    return Path(str(database.settings_dict["NAME"]))


def dump(database: BaseDatabaseWrapper, folder: Path, names: list[str]) -> dict[str, int]:
    """Write a consistent copy into the folder, and return how many rows the named tables have in it.

    Raises:
        BackupError: the database cannot be read.
    """
    try:
        with closing(connect(path_of(database))) as source, closing(sqlite3.connect(folder / FILE)) as copy:
            # In one step: one snapshot. Writers go on, for they write into the write-ahead log.
            source.backup(copy)
            # One file without a log beside it.
            copy.execute("PRAGMA journal_mode=DELETE")
            return count(copy, names)
    except sqlite3.Error as error:
        raise BackupError(f"the database cannot be copied ({error})") from error


def restore(database: BaseDatabaseWrapper, folder: Path) -> None:
    """Put the copy in the folder in the place of the database, all of it or nothing.

    Raises:
        BackupError: the database cannot be written, or somebody holds it.
    """
    database.close()
    path_of(database).parent.mkdir(parents=True, exist_ok=True)
    try:
        with closing(connect(folder / FILE)) as copy, closing(connect(path_of(database))) as target:
            copy.backup(target)
            target.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error as error:
        raise BackupError(
            f"the database cannot be written ({error}): stop `belowline serve` and all workers, and try again"
        ) from error


def verify(folder: Path, counts: dict[str, int]) -> None:
    """Check the copy in the folder: its pages, its indexes, and the rows of every table.

    Raises:
        BackupError: it is not what was saved.
    """
    try:
        with closing(connect(folder / FILE)) as copy:
            damage = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
            wrong = differences(counts, count(copy, counts))
    except sqlite3.Error as error:
        raise BackupError(f"the copy of the database cannot be read ({error})") from error
    if damage != "ok":
        raise BackupError(
            f"the database is damaged, and so is its copy: {damage}. Restore an earlier one; --no-verify keeps this"
        )
    if wrong:
        raise BackupError(f"the copy of the database is incomplete: {wrong}")


def connect(path: Path) -> sqlite3.Connection:
    """Open a file."""
    return sqlite3.connect(path, timeout=WAIT_SECONDS)


def count(opened: sqlite3.Connection, names: "list[str] | dict[str, int]") -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608
