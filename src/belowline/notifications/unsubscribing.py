"""Addresses by which a reader stops mails of a kind without signing in (RFC 8058): signed, for one reader each."""

from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse

from belowline.accounts.models import User
from belowline.notifications.models import Kind

SALT = "belowline.unsubscribe"


class Unsubscribing(NamedTuple):
    """Who wants no more mail, of which kinds."""

    user: User
    kinds: list[Kind]


def unsubscribe_address(user: User, kinds: list[Kind]) -> str:
    """Return the whole address that stops mails of these kinds."""
    token = signing.Signer(salt=SALT).sign_object([user.pk, [kind.value for kind in kinds]])
    return settings.BASE_URL + reverse("unsubscribe", args=[token])


def read_token(token: str) -> Unsubscribing | None:
    """Return what an address was made for; None: it is none of ours, or the account is closed."""
    try:
        user_id, kinds = signing.Signer(salt=SALT).unsign_object(token)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id, closed_at=None).first()
    return Unsubscribing(user, [Kind(kind) for kind in kinds if kind in Kind.values]) if user else None


def headers_for(address: str) -> dict[str, str]:
    """Return the headers by which mail programs offer to unsubscribe."""
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
