"""The form comes back once with what would hold the comment; nothing is posted, and nothing is lost."""

import html

import pytest

from belowline.comments.models import Comment
from belowline.moderation.models import Nudge

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def send(story):
    def call(client, text=HELD, *, key="one", path="", **more):
        return client.post(f"/discussion/{story.pk}/post/{path}", {"text": text, "idempotency_key": key} | more)

    return call


def test_the_form_comes_back_with_text_and_reasons(send, as_reader, story):
    answer = send(as_reader)
    page = html.unescape(answer.content.decode())

    assert answer.status_code == 200
    assert "Please look again before you post" in page
    assert "Nothing is posted yet." in page
    assert "<strong>Words that we do not publish</strong> “wombat” is not published here." in page
    assert "For readers: Words that we do not publish." in page
    assert f">{HELD}</textarea>" in page
    assert 'name="idempotency_key" value="one"' in page
    assert 'name="nudged" value="1"' in page
    assert 'aria-describedby="nudge"' in page
    assert "Post as it is" in page
    assert "Post the new version" in page
    assert not Comment.objects.exists()


def test_the_buttons_are_those_of_any_form_otherwise(as_reader, story):
    page = as_reader.get(f"/discussion/{story.pk}/").content.decode()

    assert '<button type="submit">Post</button>' in page
    assert "Post as it is" not in page
    assert 'name="nudged"' not in page


def test_edited_and_published(send, as_reader):
    send(as_reader)
    answer = send(as_reader, QUIET, nudged="1")

    comment = Comment.objects.get()
    assert answer["Location"].endswith(f"#c-{comment.pk}")
    assert (comment.status, Nudge.objects.get().result) == ("published", "edited")


def test_posted_as_it_is(send, as_reader):
    send(as_reader)
    answer = send(as_reader, nudged="1", as_it_is="1")

    assert answer["Location"].endswith("#outcome")
    assert (Comment.objects.get().status, Nudge.objects.get().result) == ("held", "posted_anyway")


def test_a_text_that_is_held_all_the_same_is_not_nudged_again(send, as_reader):
    send(as_reader)
    answer = send(as_reader, "You wombat, all of you.", nudged="1")

    assert answer.status_code == 302
    assert Nudge.objects.count() == 1


def test_sent_twice_before_the_answer_came(send, as_reader):
    """A double click must not post what its author has not seen again."""
    assert [send(as_reader).status_code for _ in range(2)] == [200, 200]
    assert not Comment.objects.exists()


def test_without_the_sign_a_changed_text_is_posted_too(send, as_reader):
    """A page from before the nudge: the browser's back button, and the text changed there."""
    send(as_reader)

    assert send(as_reader, QUIET).status_code == 302


def test_a_reply_keeps_its_place(send, as_other_reader, published):
    answer = send(as_other_reader, "You wombat.", parent=str(published.pk))
    page = answer.content.decode()

    assert f'name="parent" value="{published.pk}"' in page
    assert "Marjorie Tench wrote:" in page
    assert send(as_other_reader, "You wombat.", parent=str(published.pk), nudged="1").status_code == 302
    assert Comment.objects.latest("pk").parent == published


def test_in_a_frame_it_stays_there(send, as_reader, story):
    page = send(as_reader, path="?embed=1").content.decode()

    assert f'action="/discussion/{story.pk}/post/?embed=1#nudge"' in page
    assert 'class="framed"' in page


def test_what_the_machine_rejects_is_rejected_at_once(send, as_reader, site, activate):
    activate(site, reject=0.9)
    answer = send(as_reader)
    page = as_reader.get(answer["Location"]).content.decode()

    assert "<h2>Not published</h2>" in page
    assert "by machine" in page
    assert "You can contest this, free of charge, until" in page
    assert not Nudge.objects.exists()


def test_strangers_are_told_nothing_about_their_text(send, stranger, story):
    assert send(stranger).status_code == 401
    assert not Nudge.objects.exists()


def test_what_was_written_is_text(send, as_reader):
    page = send(as_reader, "<script>alert(1)</script> wombat").content.decode()

    assert "<script>alert" not in page


def test_a_passage_is_text_too(send, as_reader, site, activate):
    activate(site, banned=("<b>bold</b>",))
    page = send(as_reader, "A <b>bold</b> claim about the bridge.").content.decode()

    assert "<b>bold" not in page
