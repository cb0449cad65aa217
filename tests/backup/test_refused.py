"""What cannot be restored is refused before anything has changed, and the message says what to do."""

import random
import re

import msgspec
import pytest
from django.db import connection

from belowline.backup import archive, tables
from belowline.backup.errors import BackupError
from belowline.backup.make import kind_of
from belowline.backup.manifest import Manifest
from belowline.backup.put_back import restore_backup
from belowline.comments.models import Comment

pytestmark = pytest.mark.django_db


@pytest.fixture
def backup(published, tmp_path):
    """Write a backup whose dump is nothing that any database would take: it is refused before that is noticed."""
    kind, name = kind_of(connection)
    # Nothing repeats: where it does, a changed bit may point to the same bytes elsewhere, and nothing is damaged.
    (tmp_path / "dump").write_bytes(random.Random(5).randbytes(10_240))
    files = {name: tmp_path / "dump"}
    manifest = Manifest(
        belowline_backup=1,
        belowline="0.1.0",
        made_at=published.created_at,
        database=kind,
        database_file=name,
        migrations=tables.applied(connection),
        counts={"comments_comment": 1},
        files=archive.describe(files),
        left_out=[],
    )

    def call(**changes):
        archive.write(tmp_path / "made.tar.gz", msgspec.structs.replace(manifest, **changes), files)
        return tmp_path / "made.tar.gz"

    return call


@pytest.fixture
def refused(data, published):
    """Restore it in vain: neither database nor data folder have changed."""

    def call(path, match):
        before = sorted(data.rglob("*"))
        with pytest.raises(BackupError, match=match):
            restore_backup(path, replace=True)
        assert Comment.objects.get() == published
        assert sorted(data.rglob("*")) == before

    return call


def test_a_newer_version(backup, refused):
    newer = [*tables.applied(connection), ("comments", "0099_from_tomorrow")]

    refused(
        backup(belowline="9.1.0", migrations=newer),
        r"made by Belowline 9\.1\.0; .*comments\.0099_from_tomorrow.*install Belowline 9\.1\.0 or newer",
    )


def test_a_newer_format(backup, refused):
    refused(backup(belowline_backup=2), "has format 2, this version reads 1: install a newer Belowline")


def test_another_kind_of_database(backup, refused):
    other = "sqlite" if connection.vendor == "postgresql" else "postgresql"

    refused(backup(database=other), "set DATABASE_URL to a database of")


@pytest.mark.parametrize("place", [0.05, 0.2, 0.35, 0.5, 0.8, 0.95, 0.999])
def test_a_flipped_bit(backup, refused, place):
    path = backup()
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 4
    path.write_bytes(content)

    refused(path, f"{re.escape(str(path))} is damaged")


@pytest.mark.parametrize("share", [0, 0.02, 0.3, 0.6, 0.9, 0.999])
def test_a_file_that_was_cut_off(backup, refused, share):
    path = backup()
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])

    refused(path, f"{re.escape(str(path))} is (damaged|no backup)")


def test_what_is_no_backup(tmp_path, refused):
    path = tmp_path / "holiday.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe0 no archive")

    refused(path, "no backup of Belowline")
