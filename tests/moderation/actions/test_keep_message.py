"""A comment is kept as a message to the newsroom: read, not published, and the author told where it went."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.keep_message import KEPT, keep_message
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import held_at
from belowline.moderation.errors import DecidingError


def test_it_is_a_decision_by_the_rule_that_routed_it(message, moderator):
    row = keep_message(comment=message, moderator=moderator)

    message.refresh_from_db()
    assert (message.status, row.outcome, row.maker, row.moderator) == ("rejected", "reject", "person", moderator)
    (reason,) = row.reasons
    assert (reason["rule"], reason["desk"], reason["explanation"]) == ("message", "newsroom", KEPT)
    assert (reason["start"], reason["end"], reason["score"]) == (5, 12, 1.0)
    assert Event.objects.get(tag="comment:rejected").data == {"decision": row.pk, "rules": ["message"]}
    assert not held_at("newsroom").exists()


def test_undo_puts_it_back_on_the_desk_that_it_came_from(message, moderator):
    undo_decision(decision=keep_message(comment=message, moderator=moderator), moderator=moderator)

    assert held_at("newsroom").get() == message


@pytest.mark.parametrize("who", ["held", "off_topic", "published"])
def test_what_waits_elsewhere_is_no_message(request, who, moderator):
    comment = request.getfixturevalue(who)
    before = comment.status

    with pytest.raises(DecidingError) as caught:
        keep_message(comment=comment, moderator=moderator)

    comment.refresh_from_db()
    assert (caught.value.code, comment.status) == ("not_listed", before)


def test_readers_cannot(message, reader):
    with pytest.raises(PermissionDenied):
        keep_message(comment=message, moderator=reader)


def test_somebody_was_faster(message, moderator, decide):
    seen = message.decisions.get().pk
    undo_decision(decision=decide(message), moderator=moderator)

    with pytest.raises(DecidingError) as caught:
        keep_message(comment=message, moderator=moderator, last_seen=seen)

    assert caught.value.code == "not_waiting"


def test_one_that_may_be_abuse_too_is_no_message(topic_site, post, moderator):
    both = post("Your paywall is a wombat of a thing, and the harbour bridge tolls are no better.").comment

    with pytest.raises(DecidingError):
        keep_message(comment=both, moderator=moderator)
    assert held_at("moderators").get() == both
