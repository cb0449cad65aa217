"""The file of a backup: everything in it is checked, and nothing gets out of its folder."""

import io
import tarfile
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.backup import archive, manifest
from belowline.backup.errors import BackupError
from belowline.backup.manifest import File, Manifest, check_version, read

EMPTY = Manifest(
    belowline_backup=1,
    belowline="0.1.0",
    made_at=datetime(2026, 11, 28, tzinfo=UTC),
    database="sqlite",
    database_file="database.sqlite3",
    migrations=[("comments", "0001_initial")],
    counts={},
    files={},
    left_out=[],
)


@pytest.fixture
def build(tmp_path):
    """Write an archive with these members, and a manifest that lists these files."""

    def call(members, files=(), *, first=manifest.NAME, kind=tarfile.REGTYPE):
        path = tmp_path / "made.tar.gz"
        with tarfile.open(path, "w:gz") as tar:
            text = msgspec.json.encode(msgspec.structs.replace(EMPTY, files=dict(files)))
            archive.add(tar, first, len(text), io.BytesIO(text))
            for name, content in members.items():
                entry = tarfile.TarInfo(name)
                entry.size, entry.type, entry.linkname = len(content), kind, "/etc/passwd"
                tar.addfile(entry, io.BytesIO(content))
        return path

    return call


def described(content):
    import hashlib

    return File(len(content), hashlib.sha256(content).hexdigest())


def test_there_and_back(tmp_path):
    (tmp_path / "a").write_bytes(b"one")
    (tmp_path / "b").write_bytes(b"")
    files = {"database.sqlite3": tmp_path / "a", "data/locale/x": tmp_path / "b"}
    made = msgspec.structs.replace(EMPTY, files=archive.describe(files))
    archive.write(tmp_path / "made.tar.gz", made, files)

    assert archive.unpack(tmp_path / "made.tar.gz", tmp_path / "out") == made
    assert (tmp_path / "out/database.sqlite3").read_bytes() == b"one"
    assert (tmp_path / "out/data/locale/x").read_bytes() == b""


@pytest.mark.parametrize("name", ["../out", "/etc/out", "data/../../out"])
def test_no_file_is_written_elsewhere(build, tmp_path, name):
    path = build({name: b"x"}, {name: described(b"x")})

    with pytest.raises(BackupError, match="this is no backup of Belowline: it holds the path"):
        archive.unpack(path, tmp_path / "a" / "b")
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "a" / "out").exists()


def test_no_link_is_followed(build, tmp_path):
    path = build({"data/secret_key": b""}, {"data/secret_key": described(b"")}, kind=tarfile.SYMTYPE)

    with pytest.raises(BackupError, match="does not list"):
        archive.unpack(path, tmp_path / "out")


def test_a_file_too_many(build, tmp_path):
    with pytest.raises(BackupError, match="'stray', which its manifest does not list"):
        archive.unpack(build({"stray": b"x"}), tmp_path / "out")


def test_a_file_too_few(build, tmp_path):
    with pytest.raises(BackupError, match=r"database\.sqlite3 is missing\. Use another copy"):
        archive.unpack(build({}, {"database.sqlite3": described(b"x")}), tmp_path / "out")


def test_another_content(build, tmp_path):
    path = build({"database.sqlite3": b"y"}, {"database.sqlite3": described(b"x")})

    with pytest.raises(BackupError, match=r"database\.sqlite3 is not what was saved\. Use another copy"):
        archive.unpack(path, tmp_path / "out")


def test_an_archive_of_something_else(build):
    with pytest.raises(BackupError, match="does not begin with a manifest"):
        archive.read_manifest(build({}, first="README"))


def test_what_fails_leaves_no_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        archive.write(tmp_path / "made.tar.gz", EMPTY, {"database.sqlite3": tmp_path / "gone"})
    assert [path.name for path in tmp_path.iterdir()] == ["data"]


@given(st.binary(max_size=200) | st.text(max_size=100).map(str.encode) | st.just(b'{"belowline_backup": "1"}'))
def test_any_other_text_is_no_manifest(text):
    with pytest.raises(BackupError):
        read(text)


@pytest.mark.parametrize("field", ["made_at", "database", "migrations", "counts", "files"])
def test_a_damaged_manifest(field):
    fields = msgspec.to_builtins(EMPTY) | {field: 7}

    with pytest.raises(BackupError, match="the manifest of this backup is damaged"):
        read(msgspec.json.encode(fields))


def test_known_migrations_pass_and_others_do_not():
    check_version(EMPTY, {("comments", "0001_initial"), ("comments", "0002_more")}, "0.2.0")
    with pytest.raises(BackupError, match=r"this is 0\.0\.9, and does not know .*comments\.0001_initial"):
        check_version(EMPTY, {("stories", "0001_initial")}, "0.0.9")
