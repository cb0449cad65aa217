"""A moderator decides about a notice: accepted, and the comment is removed; declined, and it stays."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_appeal import decide_appeal
from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError, NoticeError
from belowline.moderation.models import Decision, Notice
from belowline.moderation.notices import is_waiting, waiting_notices
from belowline.moderation.statements.build import Builder
from belowline.moderation.statements.restrictions import Restriction


@pytest.fixture
def notice(give_notice):
    return give_notice()


@pytest.fixture
def settle(notice, moderator):
    """Decide about the notice as the moderator."""

    def call(*, accept=True, notice=notice, by=moderator, reason="It is a threat.", rule="shouting", **more):
        return decide_notice(notice=notice, moderator=by, accept=accept, reason=reason, rule=rule, **more)

    return call


def status_of(comment):
    comment.refresh_from_db()
    return comment.status


def test_accepted_it_removes_the_comment(settle, published, moderator):
    decided = settle(note_to_author="Please do not.", legal_ground="section 241")

    assert status_of(published) == "removed"
    assert (decided.state, decided.reason, decided.decided_by) == ("accepted", "It is a threat.", moderator)
    assert decided.decided_at >= decided.created_at
    row = decided.result
    assert (row.outcome, row.maker, row.source) == ("remove", "person", "notice")
    assert (row.note_to_author, row.first_reason["rule"]) == ("Please do not.", "shouting")
    assert row.first_reason["legal_ground"] == "section 241"
    assert row.notice == decided


def test_its_statement_says_that_a_notice_led_to_it(settle):
    statement = Builder().build(Restriction(settle(legal_ground="section 241").result, (), None))

    assert statement.source_type == "SOURCE_ARTICLE_16"
    assert statement.decision_ground == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert (statement.automated_detection, statement.source_identity) == ("No", None)
    assert "Ada" not in str(statement)


def test_without_a_law_it_is_the_rules(settle):
    decided = settle()

    assert "legal_ground" not in decided.result.first_reason
    statement = Builder().build(Restriction(decided.result, (), None))
    assert statement.decision_ground == "DECISION_GROUND_INCOMPATIBLE_CONTENT"


def test_declined_the_comment_stays(settle, published):
    decided = settle(accept=False, rule="")

    assert status_of(published) == "published"
    assert (decided.state, decided.result) == ("declined", None)
    assert published.decisions.count() == 1


@pytest.mark.parametrize("accept", [True, False])
def test_one_event(settle, moderator, site, accept):
    decided = settle(accept=accept)
    event = Event.objects.get(tag="notice:accepted" if accept else "notice:declined")

    assert (event.subject_id, event.actor_id, event.site_id) == (decided.pk, moderator.pk, site.pk)
    assert event.data == ({"decision": decided.result.pk} if accept else {})
    assert Event.objects.filter(tag__startswith="notice:").count() == 2


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_reason_is_needed(settle, published, accept, reason):
    with pytest.raises(NoticeError) as caught:
        settle(accept=accept, reason=reason)

    assert caught.value.code == "notice_reason_required"
    assert status_of(published) == "published"


@pytest.mark.parametrize(("rule", "code"), [("", "rule_required"), ("gone", "unknown_rule")])
def test_a_removal_needs_a_rule(settle, notice, published, rule, code):
    with pytest.raises(DecidingError) as caught:
        settle(rule=rule)

    assert caught.value.code == code
    assert status_of(published) == "published"
    assert is_waiting(notice)


def test_readers_cannot(settle, reader, published):
    with pytest.raises(PermissionDenied):
        settle(by=reader)

    assert status_of(published) == "published"


@pytest.mark.parametrize("first", [True, False])
def test_somebody_was_faster(settle, first):
    settle(accept=first)
    with pytest.raises(NoticeError) as caught:
        settle(accept=not first)

    assert caught.value.code == "notice_decided"
    assert Notice.objects.get().state == ("accepted" if first else "declined")


def test_removed_meanwhile_for_another_reason(settle, published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")
    decided = settle(rule="")

    assert (decided.state, decided.result) == ("accepted", None)
    assert Decision.objects.filter(outcome="remove").count() == 1
    assert Event.objects.get(tag="notice:accepted").data == {"decision": None}


def test_deleted_meanwhile_by_its_author(settle, published, reader):
    delete_comment(comment=published, by=reader)

    assert settle(rule="").result is None
    assert status_of(published) == "deleted"


def test_several_notices_about_one_comment(settle, give_notice, notice):
    other = give_notice(email="bo@notifier.example")
    settle()
    assert list(waiting_notices()) == [other]
    settle(notice=other, rule="")

    assert list(waiting_notices()) == []
    assert Decision.objects.filter(outcome="remove").count() == 1


def test_taken_back_it_waits_again(settle, notice, moderator, published):
    undo_decision(decision=settle().result, moderator=moderator)
    assert status_of(published) == "published"
    assert is_waiting(notice)
    decided = settle(accept=False)

    assert (decided.state, decided.result) == ("declined", None)
    assert not is_waiting(notice)


def test_overturned_on_appeal_it_waits_again(settle, notice, account, published):
    removal = settle().result
    appeal = submit_appeal(comment=Comment.objects.get(pk=published.pk), author=published.author)
    assert not is_waiting(notice)

    decide_appeal(appeal=appeal, moderator=account("Second", role="moderator"), state="overturned", reason="A joke.")
    assert status_of(published) == "published"
    assert is_waiting(notice)
    decided = settle(accept=False)

    assert (decided.state, decided.result) == ("declined", None)
    assert not is_waiting(notice)
    assert Decision.objects.filter(pk=removal.pk).exists()


def test_upheld_on_appeal_nothing_waits(settle, notice, account, published):
    settle()
    appeal = submit_appeal(comment=Comment.objects.get(pk=published.pk), author=published.author)
    decide_appeal(appeal=appeal, moderator=account("Second", role="moderator"), state="upheld", reason="A threat.")

    assert not is_waiting(notice)


def test_taken_back_and_accepted_again(settle, notice, moderator, published):
    first = settle().result
    undo_decision(decision=first, moderator=moderator)
    second = settle().result

    assert first != second
    assert status_of(published) == "removed"
    assert not is_waiting(notice)


def test_the_oldest_comes_first(give_notice, post):
    first, second = give_notice(), give_notice(comment=post("Another quiet remark.").comment)

    assert list(waiting_notices()) == [first, second]
