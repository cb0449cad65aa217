"""Answering an audit: stored once, with a rule where it is a refusal, and nothing else changes."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Audit


@pytest.fixture
def audit(certified, post):
    """An audit that waits."""
    return Audit.objects.get(decision__comment=post().comment)


def test_who_would_publish(audit, moderator):
    review_audit(audit=audit, reviewer=moderator, outcome="publish")

    audit.refresh_from_db()
    assert (audit.outcome, audit.rule, audit.reviewer) == ("publish", "", moderator)
    assert audit.reviewed_at is not None


def test_who_would_reject_names_a_rule(audit, moderator):
    review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="shouting")

    audit.refresh_from_db()
    assert (audit.outcome, audit.rule) == ("reject", "shouting")


def test_a_rule_that_was_chosen_by_mistake_is_not_kept(audit, moderator):
    assert review_audit(audit=audit, reviewer=moderator, outcome="publish", rule="links").rule == ""


def test_the_comment_stays_as_it_is(audit, moderator):
    review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")

    comment = Comment.objects.get(pk=audit.decision.comment_id)
    assert comment.status == "published"
    assert comment.decisions.count() == 1


def test_it_is_written_down(audit, moderator):
    review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")

    event = Event.objects.get(tag="audit:reviewed")
    assert (event.subject_id, event.actor_id) == (audit.pk, moderator.pk)
    assert event.data == {"outcome": "reject", "rule": "links"}
    assert event.site_id == audit.decision.comment.story.site_id


@pytest.mark.parametrize(
    ("outcome", "rule", "code"),
    [
        ("", "", "unknown_outcome"),
        ("hold", "", "unknown_outcome"),
        ("remove", "links", "unknown_outcome"),
        ("reject", "", "rule_required"),
        ("reject", "invented", "unknown_rule"),
    ],
)
def test_what_is_no_answer(audit, moderator, outcome, rule, code):
    with pytest.raises(DecidingError) as raised:
        review_audit(audit=audit, reviewer=moderator, outcome=outcome, rule=rule)

    assert raised.value.code == code
    audit.refresh_from_db()
    assert audit.reviewed_at is None
    assert not Event.objects.filter(tag="audit:reviewed").exists()


def test_readers_do_not_answer(audit, reader):
    with pytest.raises(PermissionDenied):
        review_audit(audit=audit, reviewer=reader, outcome="publish")


def test_the_first_answer_stands(audit, moderator, account):
    review_audit(audit=audit, reviewer=moderator, outcome="reject", rule="links")

    with pytest.raises(DecidingError) as raised:
        review_audit(audit=audit, reviewer=account("Night Desk", "moderator"), outcome="publish")

    assert raised.value.code == "already_reviewed"
    audit.refresh_from_db()
    assert (audit.outcome, audit.reviewer) == ("reject", moderator)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once(audit, moderator, account):
    other = account("Night Desk", "moderator")
    barrier, said = threading.Barrier(2), []

    def answer(who, outcome, rule):
        barrier.wait()
        try:
            review_audit(audit=audit, reviewer=who, outcome=outcome, rule=rule)
            said.append("stored")
        except DecidingError as error:
            said.append(error.code)
        finally:
            connection.close()

    threads = [
        threading.Thread(target=answer, args=(moderator, "publish", "")),
        threading.Thread(target=answer, args=(other, "reject", "links")),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(said) == ["already_reviewed", "stored"]
    assert Event.objects.filter(tag="audit:reviewed").count() == 1
