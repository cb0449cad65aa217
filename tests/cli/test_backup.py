"""`belowline backup` and `belowline restore`: a newsroom is saved, lost, and there again."""

import sqlite3
from contextlib import closing

import pytest

INIT = ["--name", "The Gazette", "--key", "gazette", "--domain", "gazette.example", "--email", "chief@gazette.example"]


@pytest.mark.usefixtures("tables")
@pytest.mark.slow
def test_saved_and_restored_elsewhere(belowline, tmp_path):
    assert belowline("init", *INIT).returncode == 0
    saved = belowline("backup", "saved.tar.gz")
    assert (saved.returncode, saved.stderr) == (0, "")
    assert "restored into a scratch database, and every count is the same" in saved.stdout
    assert "Not in it: settings in the environment" in saved.stdout
    elsewhere = tmp_path / "elsewhere"
    restored = belowline("restore", "saved.tar.gz", BELOWLINE_DATA_DIR=str(elsewhere))
    assert (restored.returncode, restored.stderr) == (0, "")
    assert "with 0 comments and 1 accounts" in restored.stdout
    assert (elsewhere / "secret_key").read_text() == (tmp_path / "data" / "secret_key").read_text()
    with closing(sqlite3.connect(elsewhere / "belowline.sqlite3")) as database:
        assert database.execute("SELECT key FROM stories_site").fetchall() == [("gazette",)]
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


@pytest.mark.slow
def test_where_only_the_engine_runs(belowline, tmp_path):
    engine = {"BELOWLINE_ENGINE_ONLY": "yes"}
    assert belowline("keys", "create", "our site").returncode == 0
    assert belowline("backup", tmp_path, **engine).returncode == 0
    [saved] = tmp_path.glob("belowline-*.tar.gz")
    restored = belowline("restore", saved, BELOWLINE_DATA_DIR=str(tmp_path / "elsewhere"), **engine)

    assert (restored.returncode, restored.stderr) == (0, "")
    with closing(sqlite3.connect(tmp_path / "elsewhere" / "belowline.sqlite3")) as database:
        assert database.execute("SELECT label FROM compat_apikey").fetchall() == [("our site",)]
