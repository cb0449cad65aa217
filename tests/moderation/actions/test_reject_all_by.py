"""Everything of one author goes at once, by the rules of single decisions, and comes back at once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.reject_all_by import comments_by, reject_all_by
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision

TOPIC = """
[rules.off_topic]
title = "Off topic"
score = "off_topic"
hold = 0.5
for_readers = "Stay with the article."
for_moderators = "Neither about the article nor an answer."
explanation = "This seems to be about something else."
"""


@pytest.fixture
def written_by(post, reader):
    """Three that wait and two that are published."""
    waiting = [post(f"What a wombat of bridge number {number}.").comment for number in range(3)]
    public = [post(f"A quiet remark about cable number {number}.").comment for number in range(2)]
    return waiting + public


@pytest.fixture
def reject_all(reader, moderator, site):
    def call(**changes):
        newest = Decision.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        asked = {"author": reader, "moderator": moderator, "site": site, "rule": "banned_word", "as_of": newest}
        return reject_all_by(**asked | changes)

    return call


def statuses():
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


def test_what_waits(reject_all, written_by, reader, moderator, site):
    batch = reject_all(note_to_author="All of it is the same.")

    assert statuses() == ["rejected"] * 3 + ["published"] * 2
    assert (batch.done, batch.skipped, batch.moderator) == (3, 0, moderator)
    rows = Decision.objects.filter(outcome="reject")
    assert {row.note_to_author for row in rows} == {"All of it is the same."}
    assert {row.first_reason["rule"] for row in rows} == {"banned_word"}
    [event] = Event.objects.filter(tag="account:all_rejected")
    assert (event.subject_id, event.site_id, event.actor_id) == (reader.pk, site.pk, moderator.pk)
    assert event.data == {"batch": batch.pk, "done": 3}


def test_what_is_published_too(reject_all, written_by):
    assert reject_all(with_published=True).done == 5
    assert statuses() == ["rejected"] * 3 + ["removed"] * 2


def test_nobody_elses_and_no_other_site(reject_all, written_by, post, other_reader, make_story, other_site):  # noqa: PLR0917
    theirs = post("Their wombat.", author=other_reader).comment
    elsewhere = post("A wombat elsewhere.", story=make_story(other_site)).comment
    before = Comment.objects.get(pk=elsewhere.pk).status
    reject_all(with_published=True)

    assert Comment.objects.get(pk=theirs.pk).status == "held"
    assert Comment.objects.get(pk=elsewhere.pk).status == before


def test_only_of_some_time(reject_all, written_by):
    Comment.objects.filter(pk=written_by[0].pk).update(created_at=timezone.now() - timedelta(days=2))

    assert reject_all(since=timezone.now() - timedelta(days=1)).done == 2
    assert statuses()[0] == "held"


def test_what_was_decided_or_written_since_is_left_alone(reject_all, written_by, decide, post):
    looked = Decision.objects.order_by("-id")[0].pk
    decide(written_by[0])
    late = post("A late wombat.").comment
    batch = reject_all(with_published=True, as_of=looked)

    assert (batch.done, batch.skipped) == (4, 2)
    assert Comment.objects.get(pk=written_by[0].pk).status == "published"
    assert Comment.objects.get(pk=late.pk).status == "held"


@pytest.mark.parametrize(
    ("changes", "code"), [({"rule": ""}, "rule_required"), ({"note_to_author": "x" * 2_001}, "note_too_long")]
)
def test_what_is_missing(reject_all, written_by, changes, code):
    with pytest.raises(DecidingError) as refused:
        reject_all(**changes)

    assert refused.value.code == code
    assert statuses() == ["held"] * 3 + ["published"] * 2


def test_the_topic_is_judged_comment_by_comment(reject_all, written_by, site, policy_text):
    activate_policy(site=site, text=policy_text() + TOPIC)
    with pytest.raises(DecidingError) as refused:
        reject_all(rule="off_topic")

    assert refused.value.code == "topic_alone"
    assert not Batch.objects.exists()


def test_where_there_is_nothing(reject_all, published):
    with pytest.raises(DecidingError) as refused:
        reject_all()

    assert refused.value.code == "nothing_chosen"
    assert not Event.objects.filter(tag="account:all_rejected").exists()


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_not_by_readers(reject_all, written_by, request, who):
    with pytest.raises(PermissionDenied):
        reject_all(moderator=request.getfixturevalue(who))
    assert "rejected" not in statuses()


def test_what_it_would_be(written_by, reader, moderator, other_reader, site):
    asked = {"author": reader, "site": site}

    assert comments_by(moderator=moderator, **asked).count() == 3
    assert comments_by(moderator=moderator, with_published=True, **asked).count() == 5
    assert comments_by(moderator=other_reader, with_published=True, **asked).count() == 0
