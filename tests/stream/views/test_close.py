"""Deleting the account: only after its name was typed and the comments' lot chosen."""

import html

import pytest

from belowline.accounts.models import User

NAME = "Marjorie Tench"


@pytest.fixture
def send(as_reader):
    return lambda **data: as_reader.post("/me/close/?embed=1", data)


def is_closed(user):
    return User.objects.get(pk=user.pk).closed_at is not None


def test_strangers_sign_in_first(stranger, site):
    assert stranger.get("/me/close/").status_code == stranger.post("/me/close/").status_code == 302


def test_what_goes_and_what_stays_is_said_first(as_reader, written):
    written()
    written(status="deleted")
    page = html.unescape(as_reader.get("/me/close/").content.decode())

    assert "This cannot be taken back." in page
    assert "What becomes of your 1 comment?" in page
    assert f"Type your display name to confirm: {NAME}" in page
    assert 'href="/me/export/"' in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"confirmation": NAME}, "Please choose what becomes of your comments."),
        ({"comments": "burn", "confirmation": NAME}, "Please choose what becomes of your comments."),
        ({"comments": "keep"}, "type your display name: Marjorie Tench"),
        ({"comments": "delete", "confirmation": "Ken Stubbs"}, "type your display name: Marjorie Tench"),
        ({"comments": "keep", "confirmation": "\x00"}, "type your display name: Marjorie Tench"),
    ],
)
def test_nothing_without_the_name(send, reader, site, data, words):
    answer = send(**data)

    assert answer.status_code == 422
    assert words in html.unescape(answer.content.decode())
    assert not is_closed(reader)


@pytest.mark.parametrize(
    ("choice", "typed", "words"),
    [("keep", NAME, "stand under “Deleted account”"), ("delete", "  marjorie   TENCH ", "are being deleted")],
)
def test_closed(send, reader, as_reader, written, choice, typed, words):  # noqa: PLR0917
    written()
    answer = send(comments=choice, confirmation=typed)

    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert "Sign out" not in answer.content.decode()
    assert is_closed(reader)
    assert as_reader.get("/me/").status_code == 302


def test_comments_go_with_the_worker(send, reader, written, story):
    from belowline.moderation.tasks import delete_all_comments

    comment = written()
    send(comments="delete", confirmation=NAME)
    assert delete_all_comments.call(reader.pk) == 1

    comment.refresh_from_db()
    story.refresh_from_db()
    assert (comment.status, comment.text_source, story.comment_count) == ("deleted", "", 0)


def test_the_only_administrator_is_told(as_admin, admin, site):
    answer = as_admin.post("/me/close/", {"comments": "keep", "confirmation": admin.display_name})

    assert answer.status_code == 422
    assert "the only administrator" in answer.content.decode()
