"""`belowline demo`: a newsroom to try in a folder of its own, and nobody else's folder touched."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import click
import pytest

from belowline.cli.demo import choose_folder


@pytest.fixture
def demo(environment, tmp_path):
    def call(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "belowline", "demo", "--prepare-only", *map(str, arguments)],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return call


@pytest.fixture
def counts(tmp_path):
    def call(folder="demo-data"):
        with closing(sqlite3.connect(tmp_path / folder / "belowline.sqlite3")) as database:
            names = ("stories_site", "stories_story", "comments_comment", "accounts_user", "moderation_decision")
            return [database.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names]  # noqa: S608

    return call


@pytest.mark.slow
def test_a_newsroom_to_try(demo, counts, environment, tmp_path):
    """Begun anew, kept with a story of one's own, told of a story too long; no other database is touched."""
    folder = tmp_path / "demo-data"
    folder.mkdir()
    (folder / ".belowline-demo").touch()
    (folder / "secret_key").write_text("of the last demo", "utf-8")
    with closing(sqlite3.connect(folder / "belowline.sqlite3")) as database:
        database.execute("CREATE TABLE stories_site (of_the_last_demo)")
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path / 'precious.sqlite3'}"
    environment["BELOWLINE_EMAIL_BACKEND"] = "django.core.mail.backends.smtp.EmailBackend"
    done = demo("--reset")

    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(r"The Quillhaven Gazette: \d+ comments published, \d+ held for the desk", done.stdout)
    for line in (
        "Paper    http://localhost:8000/",
        "moderator@example.org, password demo-password",
        "night@example.org, who may decide appeals",
        "editor@example.org, password demo-password",
        "reader@example.org, password demo-password",
        "/demo/mail/",
    ):
        assert line in done.stdout
    assert len((folder / "secret_key").read_text("utf-8")) >= 50
    sites, stories, comments, users, decisions = before = counts()
    assert (sites, stories) == (1, 6)
    assert comments == decisions > 40
    assert users > 20

    story = tmp_path / "ferry.txt"
    story.write_text("Ferry to Ravel Island\nIt will run all winter.\n", "utf-8")
    again = demo("--story", story, "--port", "8123")
    assert again.returncode == 0
    assert "Added “Ferry to Ravel Island”: http://localhost:8123/news/ferry-to-ravel-island/" in again.stdout
    assert counts() == [before[0], before[1] + 1, *before[2:]]

    story.write_bytes(b"Title\n" + b"x" * 500_001)
    refused = demo("--story", story)
    assert refused.returncode == 1
    assert "at most 500000" in refused.stderr
    assert "Traceback" not in refused.stderr

    assert counts() == [before[0], before[1] + 1, *before[2:]]
    assert not (tmp_path / "precious.sqlite3").exists()
    assert not (tmp_path / "data").exists()


def test_a_story_that_is_not_there(demo, tmp_path):
    done = demo("--story", tmp_path / "none.txt")

    assert done.returncode == 1
    assert "there is no file" in done.stderr
    assert not (tmp_path / "demo-data").exists()


@pytest.fixture
def own_environment(monkeypatch):
    """choose_folder writes into the environment: it is put back after the test."""
    from belowline.cli import demo as module

    monkeypatch.setattr(module.os, "environ", dict(module.os.environ))
    return module.os.environ


def test_everything_points_at_the_folder(own_environment, tmp_path):
    choose_folder(tmp_path / "demo", 8123, reset=False)

    assert own_environment["BELOWLINE_DATA_DIR"] == str(tmp_path / "demo")
    assert own_environment["BELOWLINE_BASE_URL"] == "http://localhost:8123"
    assert own_environment["BELOWLINE_DEMO"] == "yes"
    assert own_environment["DATABASE_URL"] == f"sqlite:///{tmp_path}/demo/belowline.sqlite3"
    assert own_environment["BELOWLINE_EMAIL_BACKEND"].endswith("filebased.EmailBackend")


def test_a_folder_with_other_things_in_it_is_not_taken(own_environment, tmp_path):
    """Taken once, it would be deleted by --reset the next time."""
    precious = tmp_path / "documents"
    precious.mkdir()
    (precious / "novel.txt").write_text("Chapter one", "utf-8")

    for reset in (False, True):
        with pytest.raises(click.ClickException, match="documents"):
            choose_folder(precious, 8000, reset=reset)
    assert [file.name for file in precious.iterdir()] == ["novel.txt"]


def test_an_empty_folder_is_taken(own_environment, tmp_path):
    (tmp_path / "demo").mkdir()
    choose_folder(tmp_path / "demo", 8000, reset=False)
    choose_folder(tmp_path / "demo", 8000, reset=False)

    assert (tmp_path / "demo" / ".belowline-demo").exists()


def test_a_file_is_no_folder(own_environment, tmp_path):
    (tmp_path / "demo").write_text("x", "utf-8")

    with pytest.raises(click.ClickException, match="is no folder"):
        choose_folder(tmp_path / "demo", 8000, reset=False)
