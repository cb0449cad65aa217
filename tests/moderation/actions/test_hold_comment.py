"""A published comment is taken off until somebody has looked at it in quiet."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.hold_comment import hold_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.moderation.queue_entries import QueueEntry
from belowline.stories.models import Story


def test_it_waits_and_readers_see_it_no_longer(published, moderator, story, report):
    report()
    decision = hold_comment(comment=published, moderator=moderator)

    published.refresh_from_db()
    assert (published.status, decision.maker, decision.moderator, decision.reasons) == (
        "held",
        "person",
        moderator,
        [],
    )
    assert Story.objects.get(pk=story.pk).comment_count == 0
    assert QueueEntry.objects.get().queue == "held"
    assert Event.objects.get(tag="comment:held").actor_id == moderator.pk


def test_what_is_doubtful_can_be_named(published, moderator):
    [reason] = hold_comment(comment=published, moderator=moderator, rule="links").reasons

    assert (reason["rule"], reason["outcome"]) == ("links", "hold")
    assert QueueEntry.objects.get().rule == "links"


def test_it_can_be_taken_back(published, moderator, report):
    report()
    undo_decision(decision=hold_comment(comment=published, moderator=moderator), moderator=moderator)

    published.refresh_from_db()
    assert published.status == "published"
    assert QueueEntry.objects.get().queue == "reported", "its reports wait again"


def test_then_it_is_decided_as_any_other(published, moderator, decide, other_moderator):
    hold_comment(comment=published, moderator=moderator)
    decide(published, "reject", rule="links", by=other_moderator)

    published.refresh_from_db()
    assert published.status == "rejected"


@pytest.mark.parametrize(
    ("which", "fields", "code"),
    [
        ("held", {}, "not_published"),
        ("removed", {}, "not_published"),
        ("published", {"rule": "x"}, "unknown_rule"),
        ("published", {"last_seen": 999}, "not_waiting"),
    ],
)
def test_what_cannot_be_held(request, moderator, which, fields, code):
    comment = request.getfixturevalue(which)
    before = comment.decisions.count()
    with pytest.raises(DecidingError) as raised:
        hold_comment(comment=comment, moderator=moderator, **fields)

    assert raised.value.code == code
    assert comment.decisions.count() == before


def test_readers_hold_nothing(published, reader):
    with pytest.raises(PermissionDenied):
        hold_comment(comment=published, moderator=reader)
