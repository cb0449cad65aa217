"""A comment is sent to the newsroom or to the corrections desk by hand."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.keep_message import keep_message
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.actions.refer_comment import refer_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import MODERATORS, held_at, listed_at
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Referral
from belowline.moderation.models import Decision


def refused(**given):
    with pytest.raises(DecidingError) as caught:
        refer_comment(**given)
    return caught.value.code


@pytest.mark.parametrize("desk", ["corrections", "newsroom"])
def test_a_published_one_is_listed_there_and_stays(published, moderator, desk):
    row = refer_comment(comment=published, desk=desk, by=moderator, note=" The tolls rose in May. ")

    published.refresh_from_db()
    assert (row.desk, row.sent_by, row.note) == (desk, moderator, "The tolls rose in May.")
    assert listed_at(desk).get() == published
    assert (published.status, Decision.objects.count()) == ("published", 1)


def test_the_events_name_the_desk_and_hold_no_words(published, moderator):
    row = refer_comment(comment=published, desk="corrections", by=moderator, note="The tolls rose in May.")

    events = Event.objects.filter(tag__in=("comment:listed", "comment:referred")).order_by("pk")
    assert [(one.tag, one.subject_id, one.actor_id) for one in events] == [
        ("comment:listed", published.pk, moderator.pk),
        ("comment:referred", published.pk, moderator.pk),
    ]
    assert [one.data for one in events] == [
        {"desk": "corrections", "decision": published.decisions.get().pk},
        {"desk": "corrections", "referral": row.pk},
    ]


def test_a_held_one_waits_there_by_the_rule_that_leads_there(topic_site, held, moderator):
    refer_comment(comment=held, desk="newsroom", by=moderator)

    newest = held.decisions.order_by("-id").first()
    assert held_at("newsroom").get() == held
    assert not held_at(MODERATORS).exists()
    assert (newest.outcome, newest.maker, newest.moderator) == ("hold", "person", moderator)
    assert newest.first_reason["rule"] == "message"
    assert newest.first_reason["explanation"] == "Messages go to the newsroom."


def test_there_it_can_be_kept_as_a_message(topic_site, held, moderator):
    refer_comment(comment=held, desk="newsroom", by=moderator)
    keep_message(comment=held, moderator=moderator)

    held.refresh_from_db()
    assert held.status == "rejected"


def test_undo_sends_it_back(topic_site, held, moderator):
    refer_comment(comment=held, desk="newsroom", by=moderator)
    undo_decision(decision=held.decisions.order_by("-id").first(), moderator=moderator)

    assert held_at(MODERATORS).get() == held


def test_a_held_one_needs_a_rule_that_leads_there(held, moderator):
    assert refused(comment=held, desk="corrections", by=moderator) == "no_rule_for_desk"
    assert not Referral.objects.exists()
    assert held.decisions.count() == 1


@pytest.mark.parametrize("desk", ["", "moderators", "kitchen"])
def test_only_to_the_two_desks(published, moderator, desk):
    assert refused(comment=published, desk=desk, by=moderator) == "unknown_desk"


@pytest.mark.parametrize("state", ["rejected", "removed"])
def test_only_what_is_published_or_held(request, moderator, state):
    assert refused(comment=request.getfixturevalue(state), desk="corrections", by=moderator) == "not_waiting"


def test_somebody_was_faster(published, moderator):
    assert refused(comment=published, desk="corrections", by=moderator, last_seen=10**6) == "not_waiting"


def test_a_long_note(published, moderator):
    assert refused(comment=published, desk="corrections", by=moderator, note="n" * 2_001) == "note_too_long"


def test_twice_is_once_until_it_was_seen_to(published, moderator):
    refer_comment(comment=published, desk="corrections", by=moderator)
    assert refused(comment=published, desk="corrections", by=moderator) == "already_there"
    refer_comment(comment=published, desk="newsroom", by=moderator)

    mark_handled(comment=published, desk="corrections", by=moderator)
    assert not listed_at("corrections").exists()
    refer_comment(comment=published, desk="corrections", by=moderator)
    assert listed_at("corrections").get() == published
    assert listed_at("newsroom").get() == published


def test_readers_cannot(published, reader):
    with pytest.raises(PermissionDenied):
        refer_comment(comment=published, desk="corrections", by=reader)
    assert not Referral.objects.exists()
