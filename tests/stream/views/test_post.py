"""Posting, the form for a reply, and deleting: by readers, by strangers, and when something is in the way."""

import pytest
from django.db import OperationalError

from belowline.comments.models import Comment
from belowline.stories.models import Story
from belowline.stream.views import post as module

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def send(story):
    def call(client, text=QUIET, *, key="one", path="", **more):
        return client.post(f"/discussion/{story.pk}/post/{path}", {"text": text, "idempotency_key": key} | more)

    return call


@pytest.mark.parametrize("who", ["as_reader", "as_moderator"])
def test_published(send, story, request, who):
    answer = send(request.getfixturevalue(who))

    comment = Comment.objects.get()
    assert (answer.status_code, answer["Location"]) == (
        302,
        f"/discussion/{story.pk}/?posted={comment.pk}#c-{comment.pk}",
    )
    page = request.getfixturevalue(who).get(answer["Location"]).content.decode()
    assert "<h2>Published</h2>" in page
    assert QUIET in page


def test_held(send, as_reader, story, stranger):
    send(as_reader, HELD)
    answer = send(as_reader, HELD, nudged="1")

    comment = Comment.objects.get()
    assert answer["Location"] == f"/discussion/{story.pk}/?posted={comment.pk}#outcome"
    page = as_reader.get(answer["Location"]).content.decode()
    assert "Held for a moderator" in page
    assert "“wombat” is not published here." in page
    assert "as soon as somebody is on duty" in page
    assert HELD not in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_strangers_are_led_to_the_door_and_keep_their_text(send, stranger, story):
    answer = send(stranger)

    page = answer.content.decode()
    assert answer.status_code == 401
    assert f"/accounts/login/?next=/discussion/{story.pk}/" in page
    assert answer.context["text"]
    assert answer.context["text"] in page
    assert not Comment.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "as_reader"])
def test_reading_posts_nothing(request, who, story):
    answer = request.getfixturevalue(who).get(f"/discussion/{story.pk}/post/?text=x&idempotency_key=k")

    assert answer.status_code == 405
    assert not Comment.objects.exists()


def test_there_is_no_such_story(as_reader, site):
    assert as_reader.post("/discussion/999/post/", {"text": QUIET, "idempotency_key": "k"}).status_code == 404


def test_a_double_click_leads_to_the_same_place(send, as_reader):
    assert send(as_reader)["Location"] == send(as_reader)["Location"]
    assert Comment.objects.count() == 1


def test_a_reply(send, as_other_reader, published):
    send(as_other_reader, "And who pays?", parent=str(published.pk))

    assert Comment.objects.latest("pk").parent == published


@pytest.mark.parametrize("path", ["?embed=1", ""])
def test_in_a_frame_it_stays_there(send, as_reader, story, path):
    answer = send(as_reader, path=path)

    assert ("embed=1" in answer["Location"]) is bool(path)


def test_line_breaks_are_of_one_kind(send, as_reader):
    send(as_reader, "One about the bridge.\r\nTwo about the tolls.")

    assert Comment.objects.get().text_source == "One about the bridge.\nTwo about the tolls."


def test_null_characters_are_left_out(send, as_reader):
    """No database could keep them, and nobody types them."""
    send(as_reader, "A quiet\x00 remark about the bridge.", key="o\x00ne")

    assert Comment.objects.get().text_source == "A quiet remark about the bridge."


# --- refused: the text stays in the form


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Please write something first."),
        ("   \n ", "Please write something first."),
        ("x" * 3001, "3,001 characters; at most 3,000 fit here"),
    ],
)
def test_a_text_that_cannot_be_posted(send, as_reader, text, sentence):
    answer = send(as_reader, text)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f">{text.strip()}" in page
    assert 'value="one"' in page
    assert not Comment.objects.exists()


def test_a_closed_discussion(send, as_reader, story):
    Story.objects.update(is_open=False)
    answer = send(as_reader)

    assert answer.status_code == 422
    assert "discussion is closed" in answer.content.decode()
    assert QUIET in answer.content.decode()
    assert not Comment.objects.exists()


def test_an_unconfirmed_address(send, sign_in, account):
    answer = send(sign_in(account("Zoë Pascoe", verified=False)), "My <b>text</b> stays")

    assert answer.status_code == 422
    assert "confirm your e-mail address" in answer.content.decode()
    assert "My &lt;b&gt;text&lt;/b&gt; stays" in answer.content.decode()


@pytest.mark.parametrize("parent", ["x", "0", "-1", "999", "9" * 18, "9" * 30, "9" * 5000, "٣", "1e3"])
def test_a_parent_that_is_not_there(send, as_reader, published, parent):
    answer = send(as_reader, "An answer.", parent=parent)

    assert answer.status_code == 422
    assert "no longer here" in answer.content.decode()
    assert "An answer." in answer.content.decode()
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("status", ["held", "rejected", "pending", "removed", "deleted"])
def test_a_parent_that_readers_do_not_see(send, as_other_reader, published, status):
    """The page that comes back shows what was answered: that must not be a way to read what is hidden."""
    Comment.objects.filter(pk=published.pk).update(status=status)
    answer = send(as_other_reader, "An answer.", parent=str(published.pk))

    assert answer.status_code == 422
    assert "no longer here" in answer.content.decode()
    assert "An answer." in answer.content.decode()
    assert published.text_source not in answer.content.decode()
    assert published.author.display_name not in answer.content.decode()


def test_a_reply_sent_twice_while_its_parent_goes(send, as_other_reader, published):
    first = send(as_other_reader, "An answer.", parent=str(published.pk))
    Comment.objects.filter(pk=published.pk).update(status="held")

    assert send(as_other_reader, "An answer.", parent=str(published.pk))["Location"] == first["Location"]


@pytest.mark.parametrize("key", ["", "k" * 65])
def test_a_form_without_its_key(send, as_reader, key):
    answer = send(as_reader, key=key)

    assert answer.status_code == 422
    assert "reload the page" in answer.content.decode()
    assert QUIET in answer.content.decode()


def test_a_refused_form_can_be_sent_again(send, as_reader):
    """The key was not used up."""
    assert send(as_reader, "x" * 3001).status_code == 422
    assert send(as_reader, QUIET).status_code == 302
    assert Comment.objects.count() == 1


def test_when_the_database_fails_the_text_stays(send, as_reader, monkeypatch, caplog):
    def fail(**_):
        raise OperationalError(f"disk full while writing {QUIET}")

    monkeypatch.setattr(module, "post_comment", fail)
    answer = send(as_reader)

    page = answer.content.decode()
    assert answer.status_code == 503
    assert "could not be saved just now" in page
    assert f">{QUIET}</textarea>" in page
    assert 'value="one"' in page
    assert "a comment could not be saved (OperationalError)" in caplog.text
    assert QUIET not in caplog.text

    monkeypatch.undo()
    assert send(as_reader).status_code == 302


# --- the form for a reply, put below a comment


def test_the_form_below_a_comment(as_other_reader, story, published):
    page = as_other_reader.get(f"/discussion/{story.pk}/composer/?reply={published.pk}").content.decode()

    assert page.count("<form") == 1
    assert f'name="parent" value="{published.pk}"' in page
    assert "<html" not in page


def test_strangers_are_invited(stranger, story, published):
    page = stranger.get(f"/discussion/{story.pk}/composer/?reply={published.pk}").content.decode()

    assert "Sign in to join the discussion" in page
    assert "<form" not in page


@pytest.mark.parametrize("reply", ["", "x", "999", "9" * 5000])
def test_the_form_without_a_comment(as_reader, story, reply):
    answer = as_reader.get(f"/discussion/{story.pk}/composer/?reply={reply}")

    assert answer.status_code == 200
    assert 'name="parent"' not in answer.content.decode()


def test_a_closed_discussion_has_no_form(as_reader, story, published):
    Story.objects.update(is_open=False)
    page = as_reader.get(f"/discussion/{story.pk}/composer/?reply={published.pk}").content.decode()

    assert "<form" not in page
    assert "This discussion is closed." in page


def test_the_form_of_no_story(as_reader, site):
    assert as_reader.get("/discussion/999/composer/").status_code == 404


# --- deleting


def test_deleting(as_reader, published):
    answer = as_reader.post(f"/comments/{published.pk}/delete/")

    assert (answer.status_code, answer["Location"]) == (302, "/me/")
    assert Comment.objects.get().status == "deleted"


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator"])
def test_nobody_deletes_anothers(request, who, published):
    assert request.getfixturevalue(who).post(f"/comments/{published.pk}/delete/").status_code == 404
    assert Comment.objects.get().status == "published"


def test_strangers_delete_nothing(stranger, published):
    answer = stranger.post(f"/comments/{published.pk}/delete/")

    assert answer["Location"].startswith("/accounts/login/")
    assert Comment.objects.get().status == "published"


def test_deleting_by_reading(as_reader, published):
    assert as_reader.get(f"/comments/{published.pk}/delete/").status_code == 200
    assert Comment.objects.get().status == "published", "the page only asks"


def test_deleting_in_a_frame(as_reader, published):
    assert as_reader.post(f"/comments/{published.pk}/delete/?embed=1")["Location"] == "/me/?embed=1"
