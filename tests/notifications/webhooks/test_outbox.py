"""What an endpoint is told of: written down with what happened, or not at all."""

import pytest
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from belowline.events.models import Event
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.notifications.webhooks.models import Message
from belowline.notifications.webhooks.outbox import tags_for, wants
from belowline.notifications.webhooks.types import OFFERED, TYPES


def planned():
    return DBTaskResult.objects.filter(task_path__endswith=".send_webhook", status="READY").count()


def test_nothing_where_nobody_listens(published):
    assert not Message.objects.exists()
    assert planned() == 0


def test_what_happens_is_written_down_and_sent_by_the_worker(webhook, post, waiting):
    row = webhook()
    post()

    assert waiting(row) == ["comment:published"]
    assert planned() == 1


@pytest.mark.parametrize(
    ("types", "expected"),
    [
        ([], ["comment:held", "comment:rejected", "appeal:submitted"]),
        (["appeal.submitted"], ["appeal:submitted"]),
        (["comment.published"], []),
    ],
)
def test_only_the_types_that_were_chosen(webhook, appeal, waiting, types, expected):
    """The story stood before the endpoint came: the fixtures run in this order."""
    assert waiting() == []
    row = webhook(types=types)
    for event in Event.objects.filter(tag__in=("comment:held", "comment:rejected", "appeal:submitted")).order_by("pk"):
        from belowline.notifications.webhooks.outbox import on_event

        on_event(Event, event)

    assert waiting(row) == expected


def test_another_site_and_one_that_is_off_hear_nothing(webhook, other_site, post, waiting):
    from django.utils import timezone

    webhook(site=other_site)
    webhook(disabled_at=timezone.now())
    post()

    assert waiting() == []


def test_what_is_taken_back_with_its_transaction_is_told_to_nobody(webhook, story, post):
    webhook()
    with transaction.atomic():
        post()
        assert Message.objects.count() == 1
        transaction.set_rollback(True)

    assert (Message.objects.count(), planned()) == (0, 0)


def test_measures_are_told_and_what_is_not_offered_is_not(webhook, sanction, reader, waiting):
    row = webhook()
    contest_sanction(sanction=sanction("suspend"), user=reader, text_source="Why?")

    assert waiting(row) == ["sanction:given"]


def test_of_one_event_an_endpoint_is_told_once(webhook, post):
    row = webhook()
    post()
    message = Message.objects.get()

    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        Message.objects.create(webhook=row, event=message.event)


def test_types_are_tags_with_a_full_stop():
    assert {tag.replace(":", ".") for tag in OFFERED} == set(TYPES)
    assert wants(["comment.held"], "comment:held")
    assert not wants(["comment.held"], "comment:published")
    assert tags_for(["comment.held", "gone.type"]) == ["comment:held"]
    assert tags_for([]) == list(OFFERED)
