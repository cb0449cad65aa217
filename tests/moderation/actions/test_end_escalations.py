"""A person's decision ends what was asked about the comment; taking it back lets it wait again."""

import pytest

from belowline.events.models import Event
from belowline.moderation.actions.refer_comment import refer_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.escalations import open_escalations


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "banned_word")])
def test_a_decision_ends_all_that_was_asked(escalated, decide, held, admin, other_moderator, outcome, rule):  # noqa: PLR0917
    asked = [escalated(), escalated(other_moderator)]
    decision = decide(held, outcome, rule=rule, by=admin)

    for row in asked:
        row.refresh_from_db()
        assert (row.state, row.ended_by, row.decision) == ("decided", admin, decision)
    events = Event.objects.filter(tag="escalation:decided").order_by("pk")
    assert [(one.subject_id, one.actor_id, one.data) for one in events] == [
        (row.pk, admin.pk, {"decision": decision.pk}) for row in asked
    ]


def test_of_a_published_comment_its_removal(escalated, published, admin):
    row = escalated(comment=published)
    remove_comment(comment=published, moderator=admin, rule="links")

    row.refresh_from_db()
    assert row.state == "decided"


def test_other_comments_wait_on(escalated, decide, held, post):
    row = escalated()
    decide(post("Another wombat of a bridge.").comment)

    assert open_escalations().get() == row


def test_the_machine_ends_nothing(escalated, held):
    from belowline.moderation.actions.record_decision import record_decision

    row = escalated()
    record_decision(comment=held, outcome="publish", maker="engine", policy="small@1")

    assert open_escalations().get() == row


def test_sending_it_to_another_desk_ends_nothing(topic_site, escalated, held, moderator):
    row = escalated()
    refer_comment(comment=held, desk="newsroom", by=moderator)

    assert open_escalations().get() == row


def test_undo_lets_it_wait_again(escalated, decide, held, admin, moderator):
    row = escalated()
    decision = decide(held, by=admin)
    undo_decision(decision=decision, moderator=admin)

    row.refresh_from_db()
    assert (row.state, row.ended_by, row.ended_at, row.decision) == ("open", None, None, None)
    event = Event.objects.get(tag="escalation:reopened")
    assert (event.subject_id, event.actor_id, event.data) == (row.pk, admin.pk, {"decision": decision.pk})


def test_undo_reopens_only_what_that_decision_ended(escalated, decide, held, admin, moderator):
    from belowline.moderation.actions.withdraw_escalation import withdraw_escalation

    withdraw_escalation(escalation=escalated(), by=moderator)
    undo_decision(decision=decide(held, by=admin), moderator=admin)

    assert not open_escalations().exists()
