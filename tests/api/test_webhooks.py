"""Webhooks by the publisher's key: its own site's alone, and never more than thin messages."""

import json

import pytest
from django.test import Client
from django.utils import timezone

from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.signing import secret_of
from belowline.stories.models import PublisherKey

BASE = "/api/v1/webhooks"
URL = "https://cms.gazette.example/hooks/comments"


@pytest.fixture
def token(site):
    return PublisherKey.issue(site, "tests")[1]


@pytest.fixture
def call(token):
    def ask(method, path="", body=None, *, key=token):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        data = "" if body is None else json.dumps(body)
        return Client().generic(method, BASE + path, data, content_type="application/json", headers=headers)

    return ask


def code_of(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return answer.status_code, answer.json()["code"]


def test_added_listed_changed_and_removed(call):
    added = call("POST", body={"url": URL, "label": "CMS", "types": ["comment.held"]})
    assert added.status_code == 201
    row = Webhook.objects.get()
    assert added.json() == {
        "id": row.pk,
        "url": URL,
        "label": "CMS",
        "types": ["comment.held"],
        "sends_text": False,
        "sends_author": False,
        "is_on": True,
        "disabled_because": "",
        "failing_since": None,
        "waiting": 0,
        "dead": 0,
        "secret": secret_of(row.nonce),
    }
    [listed] = call("GET").json()
    assert "secret" not in listed
    assert call("PATCH", f"/{row.pk}", {"types": []}).json()["types"] == []
    assert call("GET", f"/{row.pk}").json()["label"] == "CMS"
    assert call("DELETE", f"/{row.pk}").status_code == 204
    assert code_of(call("GET", f"/{row.pk}")) == (404, "webhook_not_found")


def test_a_key_cannot_ask_for_texts_and_people(call):
    added = call("POST", body={"url": URL, "sends_text": True, "sends_author": True})
    row = Webhook.objects.get()
    call("PATCH", f"/{row.pk}", {"sends_text": True, "sends_author": True})

    row.refresh_from_db()
    assert added.status_code == 201
    assert (row.sends_text, row.sends_author) == (False, False)


@pytest.mark.parametrize("field", ["sends_text", "sends_author"])
def test_nor_lead_elsewhere_what_holds_them(call, webhook, field):
    row = webhook(**{field: True})
    answer = call("PATCH", f"/{row.pk}", {"url": "https://elsewhere.example/"})

    assert code_of(answer) == (422, "webhook_operator")
    row.refresh_from_db()
    assert row.url != "https://elsewhere.example/"
    assert call("PATCH", f"/{row.pk}", {"url": row.url, "label": "CMS"}).json()["label"] == "CMS"


def test_another_sites_are_not_there(call, webhook, other_site):
    row = webhook(site=other_site)

    assert call("GET").json() == []
    for method, path, body in [
        ("GET", "", None),
        ("PATCH", "", {"label": "x"}),
        ("DELETE", "", None),
        ("POST", "/secret", None),
        ("POST", "/try", None),
        ("POST", "/resend", {}),
        ("GET", "/messages", None),
    ]:
        assert code_of(call(method, f"/{row.pk}{path}", body)) == (404, "webhook_not_found")
    row.refresh_from_db()
    assert row.label == ""


@pytest.mark.parametrize("key", [None, "wrong"])
def test_without_a_key(call, webhook, key):
    row = webhook()

    assert code_of(call("GET", key=key)) == (401, "unknown_key")
    assert code_of(call("DELETE", f"/{row.pk}", key=key)) == (401, "unknown_key")
    assert Webhook.objects.exists()


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "invalid_input"),
        ({"url": "http://cms.gazette.example/"}, "webhook_address"),
        ({"url": "https://10.0.0.1:22/"}, "webhook_address"),
        ({"url": URL, "types": ["comment.read"]}, "invalid_webhook"),
        ({"url": URL, "label": "x" * 101}, "invalid_input"),
        ({"url": 7}, "invalid_input"),
    ],
)
def test_what_is_wrong(call, body, code):
    assert code_of(call("POST", body=body)) == (422, code)
    assert not Webhook.objects.exists()


def test_switched_on_again_but_not_off(call, webhook):
    row = webhook(disabled_at=timezone.now(), disabled_because="it was down")

    assert call("PATCH", f"/{row.pk}", {"is_on": True}).json()["is_on"] is True
    assert code_of(call("PATCH", f"/{row.pk}", {"is_on": False})) == (422, "invalid_webhook")


def test_another_secret(call, webhook):
    row = webhook()
    both = call("POST", f"/{row.pk}/secret").json()["secret"]
    row.refresh_from_db()
    assert both == secret_of(row.nonce)
    assert row.earlier_until is not None

    call("POST", f"/{row.pk}/secret?at_once=true")
    row.refresh_from_db()
    assert row.earlier_until is None


def test_tried_out(call, webhook, hook):
    row = webhook(url=hook.address)
    assert call("POST", f"/{row.pk}/try").json()["state"] == "delivered"

    hook.status = 500
    assert code_of(call("POST", f"/{row.pk}/try")) == (422, "webhook_failed")


def test_the_dead_are_listed_and_sent_again(call, webhook, post):
    row = webhook()
    for number in range(3):
        post(f"Quiet remark {number} about the harbour bridge.")
    row.messages.update(state="dead", tries=10, problem="it answered with status 500", status=500)
    listed = call("GET", f"/{row.pk}/messages").json()

    assert [one["id"] for one in listed] == [one.number for one in Message.objects.order_by("-pk")]
    assert (listed[0]["type"], listed[0]["state"], listed[0]["status"]) == ("comment.published", "dead", 500)
    assert call("GET", f"/{row.pk}/messages?before={listed[0]['id']}").json() == listed[1:]
    assert call("GET", f"/{row.pk}/messages?before=msg_unknown").json() == []
    assert call("POST", f"/{row.pk}/resend", {}).json() == {"count": 3}
    assert len(call("GET", f"/{row.pk}/messages?state=waiting").json()) == 3
    assert code_of(call("GET", f"/{row.pk}/messages?state=lost")) == (422, "invalid_input")
