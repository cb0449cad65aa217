"""Making a backup: a snapshot of the database, the files of the data folder, and a try at restoring it."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db.backends.base.base import BaseDatabaseWrapper

from belowline import __version__
from belowline.backup import archive, postgres, sqlite
from belowline.backup.errors import BackupError
from belowline.backup.manifest import FORMAT, Kind, Manifest
from belowline.backup.tables import applied, default, own_tables

SECRET_KEY, LOCALE, MODELS = "data/secret_key", "data/locale", "data/models"
"""Where the files of the data folder lie in a backup."""
NEVER = ["settings in the environment (BELOWLINE_..., DATABASE_URL)", "the configuration of web server and services"]


class Made(NamedTuple):
    """A backup that was written."""

    path: Path
    size: int
    """Bytes."""
    manifest: Manifest
    is_verified: bool


def make_backup(target: Path, *, verify: bool = True) -> Made:
    """Write a backup into a new file, or under a name of its own into a folder; the newsroom may run meanwhile.

    With `verify` the written file is read again, restored into a scratch database, and all rows counted. Besides the
    file, about twice the size of the database is needed beside it for a while.

    Raises:
        BackupError: the target is taken, the database cannot be read, a program is missing, or what was written is
            not what was saved; then no file is left.
    """
    now = datetime.now(UTC)
    path = target / f"belowline-{now:%Y%m%d-%H%M%S}.tar.gz" if target.is_dir() else target
    if path.exists():
        raise BackupError(f"{path} is there already: name another file, or a folder")
    try:
        with tempfile.TemporaryDirectory(prefix=".belowline-backup-", dir=path.parent) as folder:
            manifest = write_backup(path, Path(folder), now)
        if verify:
            verify_backup(path)
    except OSError as error:
        raise BackupError(f"{error.filename or path}: {error.strerror or error}") from error
    return Made(path, path.stat().st_size, manifest, verify)


def write_backup(path: Path, folder: Path, now: datetime) -> Manifest:
    """Write a backup by way of a folder for what comes before it."""
    database = default()
    kind, name = kind_of(database)
    migrations, tables = applied(database), own_tables(database)
    if not migrations:
        raise BackupError("the database is empty: check DATABASE_URL and BELOWLINE_DATA_DIR")
    dump = sqlite.dump if kind == "sqlite" else postgres.dump
    counts = dump(database, folder, tables)
    files = {name: folder / name} | data_files()
    manifest = Manifest(
        belowline_backup=FORMAT,
        belowline=__version__,
        made_at=now,
        database=kind,
        database_file=name,
        migrations=migrations,
        counts=counts,
        files=archive.describe(files),
        left_out=[*left_out(files), *NEVER],
    )
    archive.write(path, manifest, files)
    return manifest


def verify_backup(path: Path) -> None:
    """Restore a backup into a scratch database, and compare; a file that fails is deleted, for nobody shall trust it.

    Raises:
        BackupError: it is not what was saved, or a scratch database cannot be made.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".belowline-verify-", dir=path.parent) as name:
            folder = Path(name)
            manifest = archive.unpack(path, folder)
            if manifest.database == "sqlite":
                sqlite.verify(folder, manifest.counts)
            else:
                postgres.verify(default(), folder, manifest.counts)
    except BackupError:
        path.unlink()
        raise


def kind_of(database: BaseDatabaseWrapper) -> tuple[Kind, str]:
    """Return what kind a database is of, and how its file in a backup is called."""
    return ("postgresql", postgres.FILE) if database.vendor == "postgresql" else ("sqlite", sqlite.FILE)


def data_files() -> dict[str, Path]:
    """Return the files that a newsroom must not lose and that are not in the database, by their names in a backup."""
    found = {SECRET_KEY: settings.DATA_DIR / "secret_key"}
    for name, folder in places().items():
        found |= {f"{name}/{path.relative_to(folder).as_posix()}": path for path in sorted(folder.rglob("*"))}
    return {name: path for name, path in found.items() if path.is_file()}


def places() -> dict[str, Path]:
    """Return the folders that are saved, by their names in a backup."""
    return {LOCALE: settings.DATA_DIR / "locale", MODELS: settings.MODELS_DIR}


def left_out(files: dict[str, Path]) -> list[str]:
    """Return what this newsroom has and the backup has not."""
    found = []
    key = files.get(SECRET_KEY)
    if key is None or key.read_text("utf-8").strip() != settings.SECRET_KEY:
        found.append("the secret key (it comes from BELOWLINE_SECRET_KEY)")
    if settings.POLICY_FILE:
        found.append(f"the policy file of the engine alone ({settings.POLICY_FILE})")
    return found
