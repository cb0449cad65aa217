"""Links of a digest that lead to one decision about one comment: signed, short-lived, and good for one time.

Following one decides nothing: programs that look at links may do that. A page shows the comment, and asks.
"""

import hashlib
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from belowline.moderation.models import Decision
from belowline.notifications.channel_models import UsedLink
from belowline.notifications.errors import LinkError

SALT = "belowline.action-link"
LIFETIME = timedelta(hours=24)
OUTCOMES = (Decision.Outcome.PUBLISH, Decision.Outcome.REJECT)


class ActionLink(NamedTuple):
    """What a link leads to."""

    comment: int
    outcome: str
    """publish or reject."""
    rule: str
    """By which it is rejected; empty for publish."""
    seen: int
    """The id of the newest decision about the comment when the digest was made."""
    user: int
    """Whose mail it stands in; 0: of a channel that many read, so whoever follows it signs in first."""


def action_address(link: ActionLink) -> str:
    """Return the whole address of a link."""
    token = signing.dumps(list(link), salt=SALT)
    return settings.BASE_URL + reverse("desk-link", args=[token])


def read_link(token: str) -> ActionLink:
    """Return what a link leads to.

    Raises:
        LinkError: `link_unknown`, `link_expired` or `link_used`.
    """
    try:
        link = ActionLink(*signing.loads(token, salt=SALT, max_age=LIFETIME))
    except signing.SignatureExpired as error:
        raise LinkError("This link is too old: the desk shows what waits now.", code="link_expired") from error
    except (signing.BadSignature, TypeError) as error:
        raise LinkError("This link is not complete, or none of ours. Open it from the message again.") from error
    if UsedLink.objects.filter(digest=digest_of(token)).exists():
        raise LinkError("This link was used already; each is good for one time.", code="link_used")
    return link


def digest_of(token: str) -> str:
    """Return the SHA-256 under which a used link is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


def use_up(token: str, now: datetime | None = None) -> None:
    """Note that a link was used, inside the transaction of what it did, and forget those that have expired.

    Raises:
        LinkError: `link_used`: somebody was faster.
    """
    moment = now or timezone.now()
    UsedLink.objects.filter(expires_at__lt=moment).delete()
    _, is_new = UsedLink.objects.get_or_create(digest=digest_of(token), defaults={"expires_at": moment + LIFETIME})
    if not is_new:
        raise LinkError("This link was used already; each is good for one time.", code="link_used")
