"""The form for a second version of a rejected comment."""

import pytest

from belowline.comments.models import Comment
from belowline.stories.models import Story

BETTER = "What an animal of a harbour bridge this is."


@pytest.fixture
def form(story):
    def call(client, comment):
        return client.get(f"/discussion/{story.pk}/?resubmit={comment.pk}").content.decode()

    return call


@pytest.fixture
def send(story):
    def call(client, comment, text=BETTER, *, key="again", **more):
        fields = {"text": text, "idempotency_key": key, "resubmits": comment.pk}
        return client.post(f"/discussion/{story.pk}/post/", fields | more)

    return call


def test_the_form_holds_the_first_version_and_what_was_wrong(form, as_reader, rejected):
    page = form(as_reader, rejected)

    assert "Your second version" in page
    assert f">{rejected.text_source}</textarea>" in page
    assert f'name="resubmits" value="{rejected.pk}"' in page
    assert "Words that we do not publish" in page
    assert "Leave the animal out." in page


def test_posted(send, as_reader, rejected):
    answer = send(as_reader, rejected)

    second = Comment.objects.get(resubmits=rejected)
    assert answer["Location"].endswith(f"#c-{second.pk}")
    assert second.text_source == BETTER


def test_it_is_nudged_and_stays_a_second_version(send, as_reader, rejected):
    page = send(as_reader, rejected, "A wombat still.").content.decode()
    assert "Please look again" in page
    assert f'name="resubmits" value="{rejected.pk}"' in page

    send(as_reader, rejected, "A wombat still.", nudged="1")
    assert Comment.objects.get(resubmits=rejected).status == "held"


def test_a_reply_keeps_its_place_whatever_the_form_says(send, as_reader, post, other_reader, decide):
    parent = post("A quiet remark.", author=other_reader).comment
    first = post("You wombat.", parent=parent).comment
    decide(first, "reject", rule="banned_word")
    send(as_reader, first, "You animal.", parent="")

    assert Comment.objects.get(resubmits=first).parent == parent


def test_a_second_time_it_can_be_posted_as_a_new_comment(send, as_reader, rejected):
    send(as_reader, rejected)
    answer = send(as_reader, rejected, "Another animal.", key="more")
    page = answer.content.decode()

    assert answer.status_code == 422
    assert "second version of this comment already" in page
    assert "Another animal.</textarea>" in page
    assert 'name="resubmits"' not in page


def test_the_form_says_why_not(form, send, as_reader, rejected):
    send(as_reader, rejected)
    page = form(as_reader, rejected)

    assert "second version of this comment already" in page
    assert 'name="resubmits"' not in page
    assert rejected.text_source not in page


def test_a_closed_discussion_has_no_form(form, as_reader, rejected):
    Story.objects.update(is_open=False)

    assert "<textarea" not in form(as_reader, rejected)


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator", "stranger"])
def test_nobody_sees_anothers(form, request, who, rejected):
    page = form(request.getfixturevalue(who), rejected)

    assert rejected.text_source not in page
    assert 'name="resubmits"' not in page


def test_nobody_replaces_anothers(send, as_other_reader, rejected):
    """It becomes a comment of theirs like any other."""
    send(as_other_reader, rejected)

    assert not Comment.objects.filter(resubmits=rejected).exists()


@pytest.mark.parametrize("value", ["", "x", "0", "-1", "9" * 30, "٣"])
def test_numbers_that_are_none(as_reader, story, rejected, value):
    answer = as_reader.get(f"/discussion/{story.pk}/?resubmit={value}")

    assert answer.status_code == 200
    assert 'name="resubmits"' not in answer.content.decode()
