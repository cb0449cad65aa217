"""Backups of the newsroom of the tests: its database is the real one of the run, SQLite or PostgreSQL."""

import shutil

import msgspec
import pytest
from django.conf import settings

from belowline.backup import archive
from belowline.backup.make import make_backup


@pytest.fixture(autouse=True)
def data(tmp_path, monkeypatch):
    """A data folder with a key, words of the newsroom's own, and an older model."""
    folder = tmp_path / "data"
    for name, text in (("locale/en/LC_MESSAGES/django.mo", "words"), ("models/1/abuse/weights", "numbers")):
        (folder / name).parent.mkdir(parents=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "secret_key").write_text(settings.SECRET_KEY + "\n", "utf-8")
    monkeypatch.setattr(settings, "DATA_DIR", folder)
    monkeypatch.setattr(settings, "MODELS_DIR", folder / "models")
    return folder


@pytest.fixture
def save(tmp_path):
    """Make a backup; returns what make_backup returns."""

    def call(name="saved.tar.gz", **options):
        return make_backup(tmp_path / name, **options)

    return call


@pytest.fixture
def forge(tmp_path):
    """Write a backup anew with another manifest, or other content of a file."""

    def call(made, contents=(), **changes):
        folder = tmp_path / "forged"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        manifest = archive.unpack(made.path, folder)
        for name, text in dict(contents).items():
            (folder / name).write_bytes(text)
        files = {name: folder / name for name in manifest.files}
        changes = {"files": archive.describe(files)} | changes if "files" not in changes else changes
        target = tmp_path / "forged.tar.gz"
        archive.write(target, msgspec.structs.replace(manifest, **changes), files)
        return target

    return call
