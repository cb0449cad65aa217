"""The file of a backup: a packed tar, the manifest first, then what it lists; read with every checksum checked."""

import gzip
import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import msgspec

from belowline.backup import manifest as manifests
from belowline.backup.errors import BackupError
from belowline.backup.manifest import File, Manifest

CHUNK_BYTES = 1 << 20
LEVEL = 1
"""Of gzip: dumps of PostgreSQL are packed already, and nobody should wait for the last per cent."""
BROKEN = (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError)


def describe(files: dict[str, Path]) -> dict[str, File]:
    """Return size and checksum of each file."""
    return {name: describe_one(path) for name, path in files.items()}


def describe_one(path: Path) -> File:
    """Return size and checksum of a file."""
    with path.open("rb") as opened:
        return File(path.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest())


def write(target: Path, manifest: Manifest, files: dict[str, Path]) -> None:
    """Write a backup, readable by its owner alone; it is there under its name only when it is whole and on the disk."""
    partial = target.with_name(f".{target.name}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=LEVEL, format=tarfile.PAX_FORMAT) as tar:
                text = msgspec.json.format(msgspec.json.encode(manifest))
                add(tar, manifests.NAME, len(text), io.BytesIO(text))
                for name, path in files.items():
                    with path.open("rb") as opened:
                        add(tar, name, path.stat().st_size, opened)
            raw.flush()
            os.fsync(raw.fileno())
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    """Add one file, with nothing of this machine but its content."""
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    tar.addfile(entry, content)


def read_manifest(source: Path) -> Manifest:
    """Return what a backup says of itself, after the whole file has been read and has the checksum at its end.

    Raises:
        BackupError: it is no backup, damaged, of a newer format, or cannot be opened.
    """
    check_whole(source)
    with opened(source) as tar:
        return first(tar, source)


def check_whole(source: Path) -> None:
    """Read a file to its end: a changed bit of the manifest must not pass for another version.

    Raises:
        BackupError: it is damaged, cut off, not packed at all, or cannot be read.
    """
    with broken_errors(source), gzip.open(source) as unpacked:
        while unpacked.read(CHUNK_BYTES):
            pass


def unpack(source: Path, folder: Path) -> Manifest:
    """Write every file of a backup into a folder, and return its manifest.

    Raises:
        BackupError: it is no backup, or damaged: a file is missing, is one too many, or has another checksum.
    """
    with opened(source) as tar:
        manifest = first(tar, source)
        left = dict(manifest.files)
        while entry := tar.next():
            expected = left.pop(entry.name, None)
            content = tar.extractfile(entry) if expected and entry.isreg() else None
            if expected is None or content is None:
                raise BackupError(f"{source} holds {entry.name!r}, which its manifest does not list: use another copy")
            path = folder / safe(entry.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            write_out(content, path)
            if describe_one(path) != expected:
                raise BackupError(f"{source} is damaged: {entry.name} is not what was saved. Use another copy")
        if left:
            raise BackupError(f"{source} is damaged: {', '.join(left)} is missing. Use another copy")
    return manifest


def write_out(content: IO[bytes], path: Path) -> None:
    """Write a file piece by piece."""
    with path.open("wb") as out:
        while piece := content.read(CHUNK_BYTES):
            out.write(piece)


def safe(name: str) -> str:
    """Return the name of a file in a backup.

    Raises:
        BackupError: it leads out of the folder that it is written into.
    """
    if name.startswith("/") or ".." in name.split("/"):
        raise BackupError(f"this is no backup of Belowline: it holds the path {name!r}")
    return name


@contextmanager
def opened(source: Path) -> Iterator[tarfile.TarFile]:
    """Open a backup to be read from its beginning to its end; what is broken in it becomes a sentence."""
    with broken_errors(source), tarfile.open(source, "r|gz") as tar:
        yield tar


@contextmanager
def broken_errors(source: Path) -> Iterator[None]:
    """Turn what a broken file raises into a sentence."""
    try:
        yield
    except BROKEN as error:
        raise BackupError(f"{source} is damaged, or no backup of Belowline: use another copy") from error
    except OSError as error:
        raise BackupError(f"{error.filename or source}: {error.strerror or error}") from error


def first(tar: tarfile.TarFile, source: Path) -> Manifest:
    """Return the manifest, which is the first file.

    Raises:
        BackupError: it is not, or is damaged.
    """
    entry = tar.next()
    content = tar.extractfile(entry) if entry and entry.name == manifests.NAME else None
    if entry is None or content is None or entry.size > manifests.MAX_BYTES:
        raise BackupError(f"{source} is no backup of Belowline: it does not begin with a manifest")
    return manifests.read(content.read())
