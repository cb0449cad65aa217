"""Everything that can forbid a post is said in a sentence, and what somebody wrote stays on the page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.stories.models import Site, Story

TEXT = "My carefully written remark about the bridge."


@pytest.fixture
def send(story):
    def call(client, text=TEXT, **fields):
        fields = {"text": text, "idempotency_key": "one"} | fields
        return client.post(f"/discussion/{story.pk}/post/", fields)

    return call


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"is_open": False}, "This discussion is closed."),
        ({"mode": "closed", "closed_reason": "legal"}, "closed for legal reasons"),
        ({"mode": "closed", "closed_reason": "abuse"}, "because too many comments broke the rules"),
        ({"mode": "closed", "closed_reason": "capacity"}, "because we cannot moderate it well enough now"),
        ({"closes_at": timezone.now() - timedelta(minutes=1)}, "because the article is no longer new"),
    ],
    ids=["publisher", "legal", "abuse", "capacity", "age"],
)
def test_closed_while_somebody_wrote(send, as_reader, changes, said):
    Story.objects.update(**changes)
    answer = send(as_reader)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert TEXT in page
    assert not Comment.objects.exists()


def test_replies_off(send, as_reader, published):
    Story.objects.update(takes_replies=False)
    answer = send(as_reader, parent=str(published.pk))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Replies are off here." in page
    assert f">{TEXT}</textarea>" in page
    assert 'name="parent"' not in page, "sent again, it is a comment on the article"
    assert send(as_reader).status_code == 302


def test_the_form_for_a_reply_where_replies_are_off(as_reader, published, story):
    Story.objects.update(takes_replies=False)

    part = as_reader.get(f"/discussion/{story.pk}/composer/?reply={published.pk}").content.decode()
    assert "Replies are off here" in part
    assert "<form" not in part


@pytest.mark.parametrize("status", ["removed", "deleted", "held"])
def test_the_parent_went_meanwhile(send, as_other_reader, published, status):
    Comment.objects.update(status=status)
    answer = send(as_other_reader, parent=str(published.pk))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The comment that you answer is no longer here." in page
    assert f">{TEXT}</textarea>" in page


@pytest.mark.parametrize("requires", [True, False])
def test_an_address_that_is_not_confirmed(send, sign_in, account, requires):
    Site.objects.update(requires_verified_email=requires)
    answer = send(sign_in(account("Una", verified=False)))

    assert answer.status_code == (422 if requires else 302)
    if requires:
        page = answer.content.decode()
        assert "Please confirm your e-mail address first." in page
        assert 'href="/accounts/email/"' in page
        assert f">{TEXT}</textarea>" in page


def test_an_account_that_was_closed(send, as_reader, reader):
    reader.is_active = False
    reader.save()
    answer = send(as_reader)

    assert answer.status_code == 401
    assert TEXT in answer.content.decode()


@pytest.mark.parametrize(("text", "said"), [("", "write something first"), ("x" * 3_001, "3,001 characters")])
def test_too_little_and_too_much(send, as_reader, text, said):
    answer = send(as_reader, text)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert f">{text}</textarea>" in answer.content.decode()


def test_too_fast(send, as_reader, settings):
    settings.SLOW_SECONDS = 10
    assert send(as_reader).status_code == 302
    answer = send(as_reader, f"{TEXT} And more.", idempotency_key="two")

    page = answer.content.decode()
    assert answer.status_code == 429
    assert 8 <= int(answer["Retry-After"]) <= 10
    assert f'data-wait="{answer["Retry-After"]}"' in page
    assert f"in {answer['Retry-After']} seconds" in page
    assert f">{TEXT} And more.</textarea>" in page
    assert 'value="two"' in page
    assert Comment.objects.count() == 1


def test_too_much_over_all_stories(send, as_reader, settings, other_story):
    settings.POSTS_PER_10_MINUTES = 2
    for number in range(2):
        assert send(as_reader, f"{TEXT} {number}", idempotency_key=str(number)).status_code == 302
    answer = as_reader.post(f"/discussion/{other_story.pk}/post/", {"text": "A goose.", "idempotency_key": "goose"})

    assert answer.status_code == 429
    assert "A goose." in answer.content.decode()


def test_the_same_form_again_is_never_too_fast(send, as_reader, settings):
    settings.SLOW_SECONDS = 10

    assert send(as_reader)["Location"] == send(as_reader)["Location"]


def test_moderators_are_not_slowed_down(send, as_moderator, settings):
    settings.SLOW_SECONDS = settings.POSTS_PER_10_MINUTES = 1
    for number in range(3):
        assert send(as_moderator, f"{TEXT} {number}", idempotency_key=str(number)).status_code == 302
