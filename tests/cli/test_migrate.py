"""`belowline migrate`: the database is brought to this version; and the migrations are those of the models."""

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import call_command


@pytest.fixture
def migrate(environment, tmp_path):
    def call():
        return subprocess.run(
            [sys.executable, "-m", "belowline", "migrate"],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.mark.slow
def test_a_new_database_and_again(migrate, tmp_path):
    done = migrate()

    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "The database is up to date.", "")
    with closing(sqlite3.connect(tmp_path / "data" / "belowline.sqlite3")) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert {"comments_comment", "moderation_decision", "events_event", "stories_story", "accounts_user"} <= tables
    assert migrate().returncode == 0


@pytest.mark.django_db
def test_no_change_of_a_model_lacks_its_migration():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
