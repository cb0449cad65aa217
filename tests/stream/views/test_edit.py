"""Editing and deleting by page: authors, others, and when something is in the way; nothing that was typed is lost."""

from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.stream.views import edit as module

BETTER = "A quiet remark about the harbour bridge, its tolls and its cables."
HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def path(published):
    return f"/comments/{published.pk}/edit/"


@pytest.fixture
def too_late(published):
    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=400))


# --- editing


def test_the_form_has_the_text_and_says_how_long(as_reader, path, published):
    page = as_reader.get(path).content.decode()

    assert f">{published.text_source}</textarea>" in page
    assert 'data-seconds="' in page
    assert "checked like a new comment" in page


def test_readers_see_the_new_text_with_its_mark(as_reader, stranger, path, published, story):
    answer = as_reader.post(path, {"text": BETTER.replace(", ", ",\r\n"), "idempotency_key": "k"})

    assert answer["Location"] == f"/discussion/{story.pk}/?posted={published.pk}#c-{published.pk}"
    assert Comment.objects.get().text_source == BETTER.replace(", ", ",\n")
    page = stranger.get(f"/discussion/{story.pk}/").content.decode()
    assert "its cables" in page
    assert f'edited <time datetime="{Comment.objects.get().edited_at.isoformat()}"' in page


def test_the_nudge_comes_first_with_the_text(as_reader, path, published, story):
    answer = as_reader.post(path, {"text": HELD, "idempotency_key": "k"})

    page = answer.content.decode()
    assert "would disappear until a moderator has read it" in page
    assert "“wombat” is not published here." in page
    assert HELD in page
    assert Comment.objects.get().status == "published"

    answer = as_reader.post(path, {"text": HELD, "idempotency_key": "k", "nudged": "1"})
    assert answer["Location"] == f"/discussion/{story.pk}/?posted={published.pk}#outcome"
    assert "Held for a moderator" in as_reader.get(answer["Location"]).content.decode()


def test_the_same_text_leads_back(as_reader, path, published, story):
    answer = as_reader.post(path, {"text": published.text_source, "idempotency_key": "k"})

    assert answer["Location"] == f"/discussion/{story.pk}/#c-{published.pk}"
    assert Comment.objects.get().edited_at is None


@pytest.mark.parametrize(("text", "said"), [("", "write something first"), ("x" * 3_001, "3,001 characters")])
def test_an_error_keeps_the_text(as_reader, path, text, said):
    answer = as_reader.post(path, {"text": text, "idempotency_key": "k"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f">{text}</textarea>" in page


def test_too_late(as_reader, path, too_late):
    assert "The time for editing this comment is over." in as_reader.get(path).content.decode()

    answer = as_reader.post(path, {"text": BETTER, "idempotency_key": "k"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The time for editing this comment is over." in page
    assert BETTER in page
    assert Comment.objects.get().edited_at is None


def test_a_moderator_was_faster(as_reader, path, published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")
    answer = as_reader.post(path, {"text": BETTER, "idempotency_key": "k"})

    assert answer.status_code == 422
    assert "cannot be edited any more" in answer.content.decode()
    assert BETTER in answer.content.decode()


def test_when_it_cannot_be_saved_the_text_stays(as_reader, path, monkeypatch, caplog):
    def full(**_):
        raise OperationalError(f"disk full: {BETTER}")

    monkeypatch.setattr(module, "edit_comment", full)
    answer = as_reader.post(path, {"text": BETTER, "idempotency_key": "k"})

    assert answer.status_code == 503
    assert BETTER in answer.content.decode()
    assert "OperationalError" in caplog.text
    assert BETTER not in caplog.text


def test_signs_that_no_database_keeps(as_reader, path):
    as_reader.post(path, {"text": f"{BETTER}\x00", "idempotency_key": "k\x00" * 100})

    assert Comment.objects.get().text_source == BETTER


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_other_reader", 404), ("as_moderator", 404)])
def test_nobody_else(published, request, page, who, status):
    client = request.getfixturevalue(who)

    assert client.get(f"/comments/{published.pk}/{page}/").status_code == status
    assert client.post(f"/comments/{published.pk}/{page}/", {"text": BETTER}).status_code == status
    assert (Comment.objects.get().edited_at, Comment.objects.get().status) == (None, "published")


@pytest.mark.parametrize("page", ["edit", "delete"])
@pytest.mark.parametrize("number", ["0", "9" * 40])
def test_there_is_no_such_comment(as_reader, site, page, number):
    assert as_reader.get(f"/comments/{number}/{page}/").status_code == 404


@pytest.mark.parametrize("page", ["edit", "delete"])
def test_a_form_of_another_page_is_refused(sign_in, reader, published, page):
    client = sign_in(reader, enforce_csrf_checks=True)

    assert client.post(f"/comments/{published.pk}/{page}/", {"text": BETTER}).status_code == 403


def test_the_list_of_what_one_can_do_offers_it_in_time(as_reader, published, path):
    assert f'href="{path}"' in as_reader.get(f"/comments/{published.pk}/more/").content.decode()

    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=400))
    assert path not in as_reader.get(f"/comments/{published.pk}/more/").content.decode()


# --- deleting


def test_asking_first(as_reader, published):
    page = as_reader.get(f"/comments/{published.pk}/delete/").content.decode()

    assert "Delete your comment?" in page
    assert published.body_html in page
    assert Comment.objects.get().status == "published"


def test_deleting_leads_back_to_the_discussion(as_reader, published, story, post, other_reader):
    post("An answer.", author=other_reader, parent=published)
    answer = as_reader.post(f"/comments/{published.pk}/delete/", {"back": "thread"})

    assert answer["Location"] == f"/discussion/{story.pk}/#c-{published.pk}"
    page = as_reader.get(answer["Location"]).content.decode()
    assert "Your comment is deleted." in page
    assert "Its author deleted this comment." in page
    assert "An answer." in page


def test_deleting_from_ones_own_list_leads_there(as_reader, published):
    assert as_reader.post(f"/comments/{published.pk}/delete/")["Location"] == "/me/"
    assert as_reader.post(f"/comments/{published.pk}/delete/?embed=1")["Location"] == "/me/?embed=1"


def test_deleted_is_deleted(as_reader, published):
    for _ in range(2):
        as_reader.post(f"/comments/{published.pk}/delete/")

    assert "deleted already" in as_reader.get(f"/comments/{published.pk}/delete/").content.decode()
