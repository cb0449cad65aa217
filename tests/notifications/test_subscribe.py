"""Which events lead to a mail: a person's decision, after a minute in which it may be taken back."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.events.models import record_event
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.notifications.subscribe import GRACE


def mails():
    return [task for task in DBTaskResult.objects.all() if task.task_path.endswith("mail_decision")]


@pytest.mark.parametrize("text", ["A quiet remark.", "What a wombat.", "WHAT A WOMBAT OF A BRIDGE THIS IS, EVERYBODY"])
def test_no_mail_when_the_machine_decides(post, text):
    """The page has said it already."""
    post(text)

    assert mails() == []


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "links")])
def test_a_mail_when_a_person_decides(held, decide, outcome, rule):
    decision = decide(held, outcome, rule=rule)

    [task] = mails()
    assert task.args_kwargs["args"] == [decision.pk]


def test_it_waits_for_a_minute(held, decide):
    decide(held)

    [task] = mails()
    left = task.run_after - timezone.now()
    assert timedelta(seconds=50) < left <= GRACE == timedelta(seconds=60)


def test_no_mail_when_a_decision_is_taken_back(held, decide, moderator):
    decision = decide(held)
    undo_decision(decision=decision, moderator=moderator)

    assert [task.args_kwargs["args"] for task in mails()] == [[decision.pk]]


@pytest.mark.parametrize(
    "tag", ["comment:held", "comment:deleted", "decision:undone", "policy:activated", "story:created"]
)
def test_other_events_are_nobodys_mail(site, moderator, tag):
    record_event(tag, subject_id=1, site_id=site.pk, actor_id=moderator.pk, decision=1)

    assert mails() == []


@pytest.mark.django_db
def test_no_mail_for_what_did_not_happen(held, decide):
    with transaction.atomic():
        decide(held)
        transaction.set_rollback(True)

    assert mails() == []


@pytest.mark.django_db
def test_who_was_told_to_wait_hears_of_what_the_engine_publishes_after_all(site):
    record_event("story:rejudged", subject_id=1, site_id=site.pk, judged=3, published=[7, 8])

    assert [task.args_kwargs["args"] for task in mails()] == [[7], [8]]
