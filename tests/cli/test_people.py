"""`belowline people`: roles from the command line."""

import pytest
from click.testing import CliRunner

from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import ROLES
from belowline.cli import people as module
from belowline.cli import sso
from belowline.events.models import Event


@pytest.fixture
def call(db):
    def run(*arguments):
        return CliRunner().invoke(module.people, list(arguments))

    return run


def test_the_commands_know_every_role():
    assert list(ROLES) == list(module.ROLES)
    assert ["reader", *ROLES] == list(sso.ROLES)


def test_for_everything(call, reader):
    assert call("grant", "Marjorie@reader.example", "senior").stdout == "Marjorie Tench is senior for everything.\n"
    assert call("grant", reader.email, "senior").stdout == "Marjorie Tench was already senior for everything.\n"
    assert call("list").stdout == "marjorie@reader.example\tMarjorie Tench\tsenior\teverything\n"
    assert call("withdraw", reader.email, "senior").stdout == "Marjorie Tench is no longer senior for everything.\n"
    assert call("list").stdout == ""
    assert User.objects.get(pk=reader.pk).role == "reader"


def test_at_a_place(call, reader, story):
    here = ("--site", "gazette")
    assert call("grant", reader.email, "editor", *here).stdout.endswith("is editor for The Gazette.\n")
    answer = call("grant", reader.email, "admin", *here, "--section", "news")
    assert answer.stdout.endswith("is admin for the section news of The Gazette.\n")
    assert [line.split("\t")[2:] for line in call("list").stdout.splitlines()] == [
        ["editor", "The Gazette"],
        ["admin", "The Gazette: news"],
    ]

    assert call("withdraw", reader.email, "editor", *here).exit_code == 0
    assert Grant.objects.get().section == "news"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("grant", "nobody@reader.example", "editor"), "no open account with the address nobody@reader.example"),
        (("grant", "marjorie@reader.example", "king"), "'king' is not one of"),
        (("grant", "marjorie@reader.example", "editor", "--site", "x"), "there is no site with the key x"),
        (
            ("grant", "marjorie@reader.example", "editor", "--site", "gazette", "--section", "nws"),
            "gazette has no section nws; there are: news",
        ),
        (("grant", "marjorie@reader.example", "editor", "--section", "news"), "Choose the site"),
        (("withdraw", "marjorie@reader.example", "editor"), "does not hold this role there"),
        (("withdraw", "editor@gazette.example", "admin"), "the only administrator"),
    ],
)
@pytest.mark.usefixtures("reader", "story")
def test_what_is_refused(call, admin, arguments, words):
    answer = call(*arguments)

    assert answer.exit_code != 0
    assert words in answer.stderr
    assert (Grant.objects.count(), User.objects.get(pk=admin.pk).role) == (0, "admin")


def test_signed_out_everywhere(call, reader, sign_in):
    here, there = sign_in(reader), sign_in(reader)
    for browser in (here, there):
        assert browser.get("/me/sessions/").status_code == 200

    assert call("sign-out", reader.email).stdout == "Marjorie Tench is signed out everywhere (2 sessions).\n"
    assert {browser.get("/me/").status_code for browser in (here, there)} == {302}
    event = Event.objects.get(tag="account:sessions_ended")
    assert (event.subject_id, event.actor_id) == (reader.pk, None)
    assert call("sign-out", "nobody@reader.example").exit_code == 1
