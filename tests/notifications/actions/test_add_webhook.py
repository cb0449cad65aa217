"""A publisher asks to be told: where, of what, and how much."""

import pytest

from belowline.events.models import Event
from belowline.notifications.actions.add_webhook import MOST, WebhookFields, add_webhook
from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Webhook

URL = "https://cms.gazette.example/hooks/secret-path"


def test_little_is_told_unless_somebody_asks(site):
    row = add_webhook(site=site, fields=WebhookFields(URL))

    assert (row.site, row.url, row.types, row.sends_text, row.sends_author) == (site, URL, [], False, False)
    [event] = Event.objects.filter(tag="webhook:added")
    assert (event.subject_id, event.site_id) == (row.pk, site.pk)
    assert event.data == {"types": [], "sends_text": False, "sends_author": False}


def test_types_are_kept_once(site):
    fields = WebhookFields(URL, "CMS", ["comment.held", "comment.held"], sends_text=True, sends_author=True)
    row = add_webhook(site=site, fields=fields)

    assert (row.label, row.types, row.sends_text, row.sends_author) == ("CMS", ["comment.held"], True, True)


@pytest.mark.parametrize(
    ("fields", "code", "said"),
    [
        (WebhookFields(), "invalid_webhook", "address"),
        (WebhookFields(""), "webhook_address", "whole address"),
        (WebhookFields("http://cms.gazette.example/"), "webhook_address", "https://"),
        (WebhookFields("https://cms.gazette.example:8443/"), "webhook_address", "no port"),
        (WebhookFields("https://me:secret@cms.gazette.example/"), "webhook_address", "whole address"),
        (WebhookFields("https://cms.gazette.example/" + "x" * 500), "invalid_webhook", "500"),
        (WebhookFields(URL, "x" * 101), "invalid_webhook", "100"),
        (WebhookFields(URL, "\x00"), "invalid_webhook", "label"),
        (WebhookFields(URL, types=["comment.published", "comment.read"]), "invalid_webhook", "comment.read"),
        (WebhookFields(URL, types=["comment:published"]), "invalid_webhook", "there are: comment.published"),
    ],
)
def test_what_is_wrong(site, fields, code, said):
    with pytest.raises(WebhookError, match=said) as caught:
        add_webhook(site=site, fields=fields)

    assert caught.value.code == code
    assert not Webhook.objects.exists()


def test_a_site_has_only_so_many(site, other_site):
    for _ in range(MOST):
        add_webhook(site=site, fields=WebhookFields(URL))
    with pytest.raises(WebhookError, match=str(MOST)):
        add_webhook(site=site, fields=WebhookFields(URL))

    assert add_webhook(site=other_site, fields=WebhookFields(URL))
