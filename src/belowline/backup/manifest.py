"""What a backup says of itself: which version made it, what is in it, and the checksum of every file."""

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec

from belowline.backup.errors import BackupError

FORMAT = 1
"""Of the file; a later one that older versions cannot read has a higher number."""
NAME = "manifest.json"
MAX_BYTES = 1_000_000
"""A longer manifest is none of ours."""

Kind = Literal["sqlite", "postgresql"]
Migration = tuple[str, str]
"""App and name."""


class File(msgspec.Struct, frozen=True):
    """A file of the backup."""

    size: int
    """Bytes."""
    sha256: str
    """64 hexadecimal digits."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The first file of a backup, as JSON."""

    belowline_backup: int
    """The format: 1."""
    belowline: str
    """The version that made it."""
    made_at: datetime
    """When the snapshot was taken, in UTC."""
    database: Kind
    database_file: str
    migrations: list[Migration]
    """Those that had been applied, third parties' included, in order."""
    counts: dict[str, int]
    """Rows of each table, in the snapshot."""
    files: dict[str, File]
    """Every other file of the backup, by its name in it."""
    left_out: list[str]
    """What is not in the backup, in words."""


def read(text: bytes) -> Manifest:
    """Return the manifest in a JSON text.

    Raises:
        BackupError: it is none, or of a format that this version does not know.
    """
    try:
        found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
        number = msgspec.json.decode(found["belowline_backup"], type=int)
    except (KeyError, msgspec.MsgspecError) as error:
        raise BackupError("this is no backup of Belowline: its manifest cannot be read") from error
    if number > FORMAT:
        raise BackupError(f"this backup has format {number}, this version reads {FORMAT}: install a newer Belowline")
    try:
        return msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise BackupError(f"the manifest of this backup is damaged ({error}): use another copy") from error


def check_version(manifest: Manifest, known: Collection[Migration], version: str) -> None:
    """Refuse what a newer version made: nobody can migrate it down here.

    Raises:
        BackupError: it has migrations that are not among the known ones.
    """
    strange = sorted(f"{app}.{name}" for app, name in {*map(tuple, manifest.migrations)} - {*known})
    if strange:
        raise BackupError(
            f"this backup was made by Belowline {manifest.belowline}; this is {version}, and does not know all of its "
            f"database ({', '.join(strange[:3])}): install Belowline {manifest.belowline} or newer and try again"
        )
