"""What waits for an answer, who may give it, and what is shown to whom."""

import pytest

from belowline.moderation.actions.answer_escalation import answer_escalation
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.actions.refer_comment import refer_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.actions.withdraw_escalation import withdraw_escalation
from belowline.moderation.escalations import (
    answered_to,
    answerers,
    colleagues,
    escalations_of,
    open_escalations,
    waiting_for,
    why_not_answer,
)
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import find_drift, recount


def test_the_longest_wait_first(escalated, other_moderator, post):
    first = escalated()
    second = escalated(other_moderator)
    third = escalated(comment=post("Another wombat of a bridge.").comment)

    assert list(open_escalations()) == [first, second, third]


@pytest.mark.parametrize("status", ["deleted", "pending"])
def test_what_is_gone_waits_no_more(escalated, held, status):
    escalated()
    held.status = status
    held.save()

    assert not open_escalations().exists()


@pytest.mark.parametrize(
    ("who", "sees"),
    [("moderator", 2), ("other_moderator", 2), ("admin", 1)],
    ids=["asked both", "is asked", "answers the other"],
)
def test_a_question_is_between_two(request, escalated, other_moderator, who, sees):
    escalated()
    escalated(other_moderator)

    assert waiting_for(request.getfixturevalue(who)).count() == sees


def test_who_can_be_asked(held, moderator, other_moderator, admin, reader, account):  # noqa: PLR0917
    gone = account("Aaron Gone", "moderator", is_active=False)

    assert colleagues(held, moderator) == [admin, other_moderator]
    assert answerers(held, moderator) == [admin]
    assert answerers(held, admin) == []
    assert gone not in colleagues(held, admin)


def test_nobody_is_asked_about_their_own_comment(post, moderator, other_moderator, admin):
    own = post("My own wombat of a bridge.", author=admin).comment

    assert colleagues(own, moderator) == [other_moderator]
    assert answerers(own, moderator) == []


def test_why_not_answer(escalated, moderator, admin):
    row = escalated()

    assert why_not_answer(row, admin) == ""
    assert why_not_answer(row, moderator).startswith("You asked this yourself")


def test_answers_come_back_to_whoever_asked(escalated, moderator, other_moderator, admin, decide, held):  # noqa: PLR0917
    row = escalated()
    assert not answered_to(moderator)
    answer_escalation(escalation=row, by=admin, answer="Publish it.")
    question = escalated(other_moderator)
    decide(held, by=admin)

    assert list(answered_to(moderator)) == [question, row]
    assert list(answered_to(moderator, limit=1)) == [question]
    assert not answered_to(admin)


def test_what_one_ended_oneself_is_no_answer(escalated, moderator, decide, held):
    withdraw_escalation(escalation=escalated(), by=moderator)
    escalated()
    decide(held, by=moderator)

    assert not answered_to(moderator)


def test_all_that_was_asked_about_a_comment(escalated, held, post, moderator):
    first = withdraw_escalation(escalation=escalated(), by=moderator)
    second = escalated()

    assert list(escalations_of(held)) == [first, second]
    assert not escalations_of(post("Another wombat of a bridge.").comment)


def test_only_where_one_sees_the_desk(escalated, local, site, other_site):
    row = escalated()

    assert list(waiting_for(local(site, name="Here"))) == [row]
    assert list(waiting_for(local(site, section="news", name="News"))) == [row]
    assert not waiting_for(local(site, section="sport", name="Sport"))
    assert not waiting_for(local(other_site, name="There"))


@pytest.mark.parametrize(
    ("role", "section", "asked", "answers"),
    [
        ("moderator", "", True, False),
        ("senior", "", True, True),
        ("senior", "news", True, True),
        ("senior", "sport", False, False),
        ("auditor", "", False, False),
    ],
)
def test_a_role_on_one_site_counts_there(held, moderator, local, site, role, section, asked, answers):  # noqa: PLR0917
    somebody = local(site, role, section)

    assert (somebody in colleagues(held, moderator)) is asked
    assert (somebody in answerers(held, moderator)) is answers
    assert somebody not in colleagues(held, somebody)


def test_a_role_on_another_site_counts_not(held, moderator, local, other_site):
    assert colleagues(held, moderator) == []
    local(other_site, "senior")
    assert colleagues(held, moderator) == answerers(held, moderator) == []


def queues(comment):
    return sorted(QueueEntry.objects.filter(comment=comment).values_list("queue", flat=True))


def test_the_queues_that_it_waits_in(escalated, held, admin, moderator, other_moderator, decide):  # noqa: PLR0917
    escalated(other_moderator)
    assert queues(held) == ["held"]
    row = escalated()
    assert queues(held) == ["escalated"]
    entry = QueueEntry.objects.get()
    assert (entry.rule, entry.waiting_since) == ("banned_word", row.created_at)

    answer_escalation(escalation=row, by=admin, answer="No.")
    assert queues(held) == ["held"]
    withdraw_escalation(escalation=escalated(), by=moderator)
    assert queues(held) == ["held"]
    escalated()
    decision = decide(held, by=admin)
    assert queues(held) == []
    undo_decision(decision=decision, moderator=admin)
    assert queues(held) == ["escalated"]
    assert find_drift() == set()


def test_a_reported_one_waits_for_both(escalated, published, report):
    report()
    escalated(comment=published)

    assert queues(published) == ["escalated", "reported"]
    assert find_drift() == set()


def test_what_was_sent_on_waits_there(published, moderator):
    refer_comment(comment=published, desk="corrections", by=moderator)
    assert queues(published) == ["corrections"]
    mark_handled(comment=published, desk="corrections", by=moderator)
    assert queues(published) == []
    refer_comment(comment=published, desk="corrections", by=moderator)
    assert queues(published) == ["corrections"]
    assert find_drift() == set()


@pytest.mark.parametrize("queue", ["escalated", "corrections"])
def test_a_recount_finds_them_again(escalated, held, published, moderator, queue):
    escalated()
    refer_comment(comment=published, desk="corrections", by=moderator)
    QueueEntry.objects.filter(queue=queue).delete()

    assert recount() == 1
    assert (queues(held), queues(published)) == (["escalated"], ["corrections"])
