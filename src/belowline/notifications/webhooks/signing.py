"""The signature of a message: Standard Webhooks 1.0.0, HMAC-SHA256.

Secrets are not kept: each is made of the server's secret key and a number in the row of its endpoint, whenever it is
needed. A copy of the database signs nothing, and another secret key makes other secrets.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.crypto import salted_hmac

from belowline.notifications.webhooks.models import Webhook

PREFIX = "whsec_"
SALT = "belowline.webhook"
BOTH_FOR = timedelta(hours=24)
"""So long after a change messages are signed with both secrets, so that nobody has to change theirs at the minute."""


def secret_of(nonce: str) -> str:
    """Return a secret as its endpoint has it: 32 bytes in base64, behind whsec_."""
    return PREFIX + base64.b64encode(_bytes_of(nonce)).decode()


def headers_for(webhook: Webhook, number: str, body: bytes, now: datetime | None = None) -> dict[str, str]:
    """Return the headers by which an endpoint knows that a message is ours, and new."""
    moment = now or timezone.now()
    stamp = str(int(moment.timestamp()))
    nonces = [webhook.nonce]
    if webhook.earlier_until and webhook.earlier_until > moment:
        nonces.append(webhook.earlier_nonce)
    return {
        "webhook-id": number,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(_sign(nonce, number, stamp, body) for nonce in nonces),
    }


def _sign(nonce: str, number: str, stamp: str, body: bytes) -> str:
    signed = hmac.digest(_bytes_of(nonce), f"{number}.{stamp}.".encode() + body, hashlib.sha256)
    return f"v1,{base64.b64encode(signed).decode()}"


def _bytes_of(nonce: str) -> bytes:
    return salted_hmac(SALT, nonce, algorithm="sha256").digest()
