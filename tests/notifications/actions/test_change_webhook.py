"""What is given about an endpoint is another; what is not given stays."""

import pytest

from belowline.events.models import Event
from belowline.notifications.actions.add_webhook import WebhookFields
from belowline.notifications.actions.change_webhook import change_webhook
from belowline.notifications.errors import WebhookError


def test_what_is_given_changes(webhook):
    row = webhook(label="CMS")
    changed = change_webhook(webhook=row, fields=WebhookFields(types=["comment.held"], sends_text=True))

    assert changed == ["types", "sends_text"]
    assert (row.label, row.types, row.sends_text, row.sends_author) == ("CMS", ["comment.held"], True, False)
    [event] = Event.objects.filter(tag="webhook:changed")
    assert event.data == {
        "changed": ["types", "sends_text"],
        "types": ["comment.held"],
        "sends_text": True,
        "sends_author": False,
    }


def test_nothing_new_is_no_event(webhook):
    row = webhook()

    assert change_webhook(webhook=row, fields=WebhookFields(row.url, row.label, row.types)) == []
    assert not Event.objects.filter(tag="webhook:changed").exists()


def test_a_wrong_address_changes_nothing(webhook):
    row = webhook()
    before = row.url
    with pytest.raises(WebhookError):
        change_webhook(webhook=row, fields=WebhookFields("ftp://cms.gazette.example", "another"))

    row.refresh_from_db()
    assert (row.url, row.label) == (before, "")
