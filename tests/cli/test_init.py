"""`belowline init`: a newsroom of one's own."""

import re
import sqlite3
import stat
from contextlib import closing

import pytest
from django.db import connection

from belowline.accounts.models import User
from belowline.stories.models import Site

ANSWERS = {
    "--name": "The Gazette",
    "--key": "gazette",
    "--domain": "gazette.example",
    "--email": "chief@gazette.example",
    "--contact": "editor@gazette.example",
}


@pytest.fixture
def init(db, settings, tmp_path, run):
    """Run it in this process: the tables are there."""
    settings.DATA_DIR = tmp_path / "data"

    def call(**answers):
        given = ANSWERS | {f"--{name.replace('_', '-')}": value for name, value in answers.items()}
        return run("init", *[part for pair in given.items() for part in pair])

    return call


def rows(query):
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchall()


@pytest.mark.slow
def test_a_newsroom(belowline, tmp_path):
    """As a process of its own; the tables are made, too."""
    done = belowline("init", *[part for pair in ANSWERS.items() for part in pair])

    assert (done.returncode, done.stderr) == (0, "")
    with closing(sqlite3.connect(tmp_path / "data" / "belowline.sqlite3")) as database:
        site, admin, address = (
            database.execute(f"SELECT {columns}").fetchall()
            for columns in (
                "key, name, domains, contact_email FROM stories_site",
                "email, display_name, role FROM accounts_user",
                "email, verified FROM account_emailaddress",
            )
        )
    assert site == [("gazette", "The Gazette", '["gazette.example"]', "editor@gazette.example")]
    assert admin == [("chief@gazette.example", "Newsroom", "admin")]
    assert address == [("chief@gazette.example", 1)]
    assert '<div data-belowline data-site="gazette"></div>' in done.stdout
    assert re.search(r"Publisher's key \(shown once\): \S{40,}", done.stdout)
    assert re.search(r"Administrator: chief@gazette.example, password \S{12,}", done.stdout)


def test_the_secrets_are_kept_as_secrets(init, tmp_path):
    done = init()
    token = re.search(r"shown once\): (\S+)", done.stdout)[1]
    password = re.search(r"password (\S+)", done.stdout)[1]
    kept = str(rows("SELECT * FROM stories_publisherkey") + rows("SELECT * FROM accounts_user"))
    file = tmp_path / "data" / "secret_key"

    assert token not in kept
    assert password not in kept
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(file.read_text("utf-8")) >= 50
    assert file.read_text("utf-8") not in done.stdout


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://www.Gazette.example/", "www.gazette.example"),
        ("http://gazette.example", "gazette.example"),
        ("gazette.example:8080", "gazette.example"),
        ("https://gazette.example/news/?x=1", "gazette.example"),
        (" gazette.example. ", "gazette.example"),
        ("brücke.example", "xn--brcke-lva.example"),
        ("localhost", "localhost"),
    ],
)
def test_domains_are_understood(given, kept):
    from belowline.cli.init import clean_domain

    assert clean_domain(given) == kept


@pytest.mark.parametrize("given", ["", "https://", "*", "*.gazette.example", "a b.example", "x.example; script-src *"])
def test_what_is_no_domain(given):
    import click

    from belowline.cli.init import clean_domain

    with pytest.raises(click.ClickException, match="is no domain"):
        clean_domain(given)


def test_several_domains(init, run):
    arguments = [part for pair in ANSWERS.items() for part in pair]
    assert run("init", *arguments, "--domain", "tram.example").exit_code == 0

    assert Site.objects.get().domains == ["gazette.example", "tram.example"]


@pytest.mark.parametrize(
    ("answers", "problem"),
    [
        ({"key": "no slug!"}, "valid"),
        ({"key": "k" * 51}, "at most 50 characters"),
        ({"name": "n" * 101}, "at most 100 characters"),
        ({"email": "nobody"}, "valid email"),
        ({"contact": "nobody"}, "valid email"),
        ({"domain": "*"}, "is no domain"),
        ({"display_name": "N"}, "2 to 40 characters"),
        ({"display_name": "Nеws"}, "several scripts"),
    ],
)
def test_a_wrong_answer_leaves_nothing_half_made(init, answers, problem):
    done = init(**answers)

    assert done.exit_code == 1
    assert problem in done.stderr
    assert "Traceback" not in done.stderr
    assert init().exit_code == 0
    assert rows("SELECT count(*) FROM stories_site") == [(1,)]


def test_a_second_site(init):
    first = init()
    second = init(name="The Courier", key="courier", domain="courier.example")

    assert first.exit_code == second.exit_code == 0
    assert "password" not in second.stdout.split("Administrator")[0]
    assert rows("SELECT key FROM stories_site ORDER BY id") == [("gazette",), ("courier",)]
    assert rows("SELECT count(*) FROM accounts_user") == [(1,)]
    assert rows("SELECT count(*) FROM stories_publisherkey") == [(2,)]


def test_a_second_site_with_another_chief(init):
    """The first one has the name that is suggested: the second is asked for another, and no site is half made."""
    init()
    answers = {"name": "The Courier", "key": "courier", "domain": "courier.example", "email": "chief@courier.example"}
    refused = init(**answers)

    assert refused.exit_code == 1
    assert "--display-name" in refused.stderr
    assert rows("SELECT count(*) FROM stories_site") == [(1,)]
    assert init(**answers, display_name="Courier Desk").exit_code == 0


def test_the_same_key_again(init):
    init()
    again = init()

    assert again.exit_code == 1
    assert "there is a site with the key gazette already" in again.stderr
    assert rows("SELECT count(*) FROM stories_publisherkey") == [(1,)]


def test_the_secret_key_stays(init, tmp_path):
    init()
    before = (tmp_path / "data" / "secret_key").read_text("utf-8")
    init(key="courier")

    assert (tmp_path / "data" / "secret_key").read_text("utf-8") == before


def test_an_account_that_was_there_becomes_an_administrator(init):
    init()
    User.objects.update(role="reader")
    done = init(key="courier")

    assert "the account that was there" in done.stdout
    assert rows("SELECT role FROM accounts_user") == [("admin",)]


def test_a_domain_is_needed(belowline):
    done = belowline("init", "--name", "x", "--key", "x", "--email", "a@b.example")

    assert done.returncode == 2
    assert "--domain" in done.stderr


def test_a_wrong_setting_is_named(belowline):
    arguments = [part for pair in ANSWERS.items() for part in pair]
    done = belowline("init", *arguments, BELOWLINE_DEBUG="perhaps")

    assert done.returncode == 1
    assert "BELOWLINE_DEBUG is 'perhaps'; set it to yes or no" in done.stderr


def test_a_wrong_database_is_named(belowline):
    arguments = [part for pair in ANSWERS.items() for part in pair]
    done = belowline("init", *arguments, DATABASE_URL="mysql://db.example/x")

    assert done.returncode == 1
    assert "DATABASE_URL must begin with sqlite:// or postgres://" in done.stderr
