"""Putting a backup back: never over a newsroom by accident, nor from a newer version; older ones are migrated."""

import shutil
import tempfile
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError
from django.db.backends.base.base import BaseDatabaseWrapper

from belowline import __version__
from belowline.backup import archive, postgres, sqlite
from belowline.backup.errors import BackupError
from belowline.backup.make import SECRET_KEY, kind_of, places
from belowline.backup.manifest import Manifest, check_version
from belowline.backup.tables import applied, count_rows, default, differences, is_filled, known

OLD = ".before-restore"
"""What a file or folder is called that a restored one has replaced."""


class Restored(NamedTuple):
    """What was put back."""

    manifest: Manifest
    migrated: int
    """So many migrations were applied to it."""
    erased_again: int
    """So many accounts that had been closed since are closed again."""
    not_erased: list[int]
    """Those for which that failed."""


def restore_backup(source: Path, *, replace: bool = False) -> Restored:
    """Restore a backup into the database and the data folder of this installation, and bring it to this version.

    With `replace`, what is there is lost, and accounts that were closed since the backup are closed again.

    Raises:
        BackupError: the backup is damaged, of a newer version or of another kind of database; there is a newsroom and
            `replace` was not said; or the database cannot be written. But for the last migrations, nothing has changed.
    """
    # Where only the engine runs there are no accounts, and their models cannot be imported.
    if not settings.ENGINE_ONLY:
        from belowline.backup.erasures import erase_again, erasures_since
    manifest = archive.read_manifest(source)
    database = default()
    check_version(manifest, known(), __version__)
    check_kind(manifest, database)
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    if is_there(database) and not replace:
        raise BackupError(
            f"there is a newsroom in {place_of(database)} already: restore into an empty database, or say --replace "
            "to lose what is there (make a backup of it first)"
        )
    try:
        with tempfile.TemporaryDirectory(prefix=".belowline-restore-", dir=settings.DATA_DIR) as name:
            folder = Path(name)
            manifest = archive.unpack(source, folder)
            erasures = [] if settings.ENGINE_ONLY else erasures_since(manifest.made_at)
            restore_database(database, folder, manifest)
            restore_files(folder)
    except OSError as error:
        raise BackupError(f"{error.filename or source}: {error.strerror or error}") from error
    migrated = migrate(database)
    failed = [one.user_id for one in erasures if not erase_again(one)]
    return Restored(manifest, migrated, len(erasures) - len(failed), failed)


def check_kind(manifest: Manifest, database: BaseDatabaseWrapper) -> None:
    """Refuse a backup of another kind of database.

    Raises:
        BackupError: it is one.
    """
    names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    kind, _ = kind_of(database)
    if manifest.database != kind:
        raise BackupError(
            f"this backup is of {names[manifest.database]}, and DATABASE_URL names {names[kind]}: "
            f"set DATABASE_URL to a database of {names[manifest.database]}"
        )


def is_there(database: BaseDatabaseWrapper) -> bool:
    """Say whether a newsroom lives in the database.

    Raises:
        BackupError: the database does not answer.
    """
    try:
        return is_filled(database)
    except DatabaseError as error:
        raise BackupError(f"the database does not answer ({error}); check DATABASE_URL") from error


def place_of(database: BaseDatabaseWrapper) -> str:
    """Return where a database is, in words."""
    found = database.settings_dict
    return str(found["NAME"]) if database.vendor == "sqlite" else f"the database {found['NAME']}"


def restore_database(database: BaseDatabaseWrapper, folder: Path, manifest: Manifest) -> None:
    """Put the dump in the folder in the place of what is there, and compare the rows of all tables."""
    if manifest.database == "sqlite":
        sqlite.verify(folder, manifest.counts)
        sqlite.restore(database, folder)
    else:
        postgres.restore(database, folder, list(manifest.counts))
    if wrong := differences(manifest.counts, count_rows(database, manifest.counts)):
        raise BackupError(f"the restored database is incomplete: {wrong}. Keep the server stopped, and try again")


def restore_files(folder: Path) -> None:
    """Put the files of the data folder back; what they replace is kept beside them, once."""
    places_of = {SECRET_KEY: settings.DATA_DIR / "secret_key", **places()}
    for name, target in places_of.items():
        source = folder / name
        if not source.exists():
            continue
        if target.exists():
            old = target.with_name(target.name + OLD)
            shutil.rmtree(old) if old.is_dir() else old.unlink(missing_ok=True)
            target.rename(old)
        shutil.move(source, target)
    if (key := places_of[SECRET_KEY]).exists():
        key.chmod(0o600)


def migrate(database: BaseDatabaseWrapper) -> int:
    """Bring the restored database to this version; return how many migrations that took.

    Raises:
        BackupError: one failed.
    """
    before = len(applied(database))
    try:
        call_command("migrate", interactive=False, verbosity=0)
    except DatabaseError as error:
        raise BackupError(
            f"everything is restored, but it could not be brought to this version ({type(error).__name__}): "
            "run `belowline migrate`, or restore it with the version that made it"
        ) from error
    return len(applied(database)) - before
