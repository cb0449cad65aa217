"""Publishing what was rejected."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.stories.models import Story

HELD = "What a wombat of a harbour bridge this is."


@pytest.fixture
def rejected(certified, post):
    return post(HELD).comment


def test_it_stands_for_every_reader(rejected, moderator, story):
    decision = publish_comment(comment=rejected, moderator=moderator)

    rejected.refresh_from_db()
    assert rejected.status == "published"
    assert (decision.outcome, decision.maker, decision.moderator, decision.reasons) == (
        "publish",
        "person",
        moderator,
        [],
    )
    assert Story.objects.get(pk=story.pk).comment_count == 1
    assert Event.objects.get(tag="comment:published").actor_id == moderator.pk


def test_it_can_be_taken_back(rejected, moderator):
    undo_decision(decision=publish_comment(comment=rejected, moderator=moderator), moderator=moderator)

    rejected.refresh_from_db()
    assert rejected.status == "rejected"


@pytest.mark.parametrize("which", ["published", "held"])
def test_only_what_is_rejected(request, moderator, which):
    comment = request.getfixturevalue(which)
    with pytest.raises(DecidingError) as raised:
        publish_comment(comment=comment, moderator=moderator)

    assert raised.value.code == "not_rejected"
    assert comment.decisions.count() == 1


def test_what_a_colleague_rejected_a_senior_publishes(held, decide, other_moderator, moderator, senior):
    decide(held, "reject", rule="links", by=other_moderator)

    with pytest.raises(PermissionDenied):
        publish_comment(comment=held, moderator=moderator)
    assert publish_comment(comment=held, moderator=senior).outcome == "publish"


def test_what_one_rejected_oneself_one_publishes(held, decide, moderator):
    decide(held, "reject", rule="links")

    assert publish_comment(comment=held, moderator=moderator).outcome == "publish"


def test_readers_publish_nothing(rejected, reader):
    with pytest.raises(PermissionDenied):
        publish_comment(comment=rejected, moderator=reader)


def test_what_was_removed_is_restored(removed, moderator, story):
    decision = publish_comment(comment=removed, moderator=moderator, last_seen=removed.decisions.latest("pk").pk)

    removed.refresh_from_db()
    assert (removed.status, decision.outcome) == ("published", "publish")
    assert Story.objects.get(pk=story.pk).comment_count == 1


@pytest.mark.parametrize("which", ["rejected", "removed"])
def test_what_its_author_contests_is_left_to_the_appeal(request, which, reader, moderator):
    comment = request.getfixturevalue(which)
    submit_appeal(comment=comment, author=reader)
    with pytest.raises(DecidingError) as raised:
        publish_comment(comment=comment, moderator=moderator)

    assert raised.value.code == "under_appeal"


@pytest.mark.parametrize("seen", [0, 999])
def test_what_has_changed_meanwhile(removed, moderator, seen):
    with pytest.raises(DecidingError) as raised:
        publish_comment(comment=removed, moderator=moderator, last_seen=seen)

    assert raised.value.code == "not_waiting"
