"""Signatures: as the specification has them, with secrets that no row holds."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest
from django.core import serializers
from django.utils import timezone

from belowline.notifications.webhooks import signing
from belowline.notifications.webhooks.signing import headers_for, secret_of

standardwebhooks = pytest.importorskip("standardwebhooks")
BODY = '{"type":"comment.published","data":{"text":"Zwölf “Kommentare”"}}'.encode()


def test_the_example_that_the_libraries_of_the_specification_test(webhook, monkeypatch):
    """Its secret, number, time, body and signature are the same in all of them."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    monkeypatch.setattr(signing, "_bytes_of", lambda _: secret)
    made = headers_for(
        webhook(), "msg_p5jXN8AQM9LWM0D4loKWxJek", b'{"test": 2432232314}', datetime.fromtimestamp(1614265330, UTC)
    )

    assert made == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_library_of_the_specification_accepts_it(webhook):
    row = webhook()

    found = standardwebhooks.Webhook(secret_of(row.nonce)).verify(BODY, headers_for(row, "msg_1", BODY))
    assert found["type"] == "comment.published"


@pytest.mark.parametrize("change", ["body", "webhook-id", "webhook-timestamp", "webhook-signature", "secret"])
def test_it_refuses_what_was_changed(webhook, change):
    row = webhook()
    headers, body, secret = headers_for(row, "msg_1", BODY), BODY, secret_of(row.nonce)
    if change == "body":
        body = BODY.replace(b"published", b"removed")
    elif change == "secret":
        secret = secret_of("another")
    else:
        other = headers_for(row, "msg_2", BODY + b" ", timezone.now() - timedelta(seconds=60))
        headers[change] = other[change]

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret).verify(body, headers)


def test_a_message_that_is_old_is_refused_though_it_was_ours(webhook):
    row = webhook()
    headers = headers_for(row, "msg_1", BODY, timezone.now() - timedelta(minutes=6))

    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(secret_of(row.nonce)).verify(BODY, headers)


def test_a_secret_has_32_bytes_and_each_endpoint_its_own(webhook):
    secrets = [secret_of(webhook().nonce) for _ in range(3)]

    assert len(set(secrets)) == 3
    assert all(one.startswith("whsec_") and len(base64.b64decode(one[6:])) == 32 for one in secrets)


def test_the_database_does_not_hold_it_and_another_key_makes_another(webhook, settings):
    row = webhook()
    secret = secret_of(row.nonce)

    assert secret.removeprefix("whsec_") not in serializers.serialize("json", [row])
    settings.SECRET_KEY = "another-key-" * 4
    assert secret_of(row.nonce) != secret


def test_while_a_secret_changes_both_are_good(webhook):
    now = timezone.now()
    row = webhook(earlier_nonce="earlier", earlier_until=now + timedelta(hours=1))
    both, later = headers_for(row, "msg_1", BODY, now), headers_for(row, "msg_1", BODY, now + timedelta(hours=2))

    for nonce in ("earlier", row.nonce):
        standardwebhooks.Webhook(secret_of(nonce)).verify(BODY, both)
    assert (both["webhook-signature"].count("v1,"), later["webhook-signature"].count("v1,")) == (2, 1)
    assert later["webhook-signature"] == _signature(row.nonce, later["webhook-timestamp"])


def _signature(nonce, stamp):
    key = base64.b64decode(secret_of(nonce).removeprefix("whsec_"))
    return "v1," + base64.b64encode(hmac.new(key, f"msg_1.{stamp}.".encode() + BODY, hashlib.sha256).digest()).decode()
