"""A Coral may ask about its comments: connected, its secret rolled, or disconnected."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction

from belowline.compat.models import CoralConnection
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.models import Site

MOST_SECRETS = 2
MAX_BUDGET_MS = 10_000
"""The longest time-out that Coral allows a phase."""


def connect_coral(
    *, site: Site, secret: str, coral_url: str = "", coral_token: str = "", budget_ms: int = 150
) -> CoralConnection:
    """Connect a site's Coral, or change the connection; a new secret goes first, and the one before it stays valid.

    Raises:
        ValidationError: no secret, an address without a token or the reverse, or a budget out of range.
    """
    secret, coral_url, coral_token = secret.strip(), coral_url.strip().rstrip("/"), coral_token.strip()
    _check(secret, coral_url, coral_token, budget_ms)
    with transaction.atomic():
        connection = CoralConnection.objects.select_for_update().filter(site=site).first() or CoralConnection(site=site)
        older = [one for one in connection.secrets if one != secret]
        connection.secrets = [secret, *older][:MOST_SECRETS]
        connection.coral_url, connection.coral_token, connection.budget_ms = coral_url, coral_token, budget_ms
        connection.clean_fields(exclude=["coral_url"])
        connection.save()
        record_event(tags.CORAL_CONNECTED, subject_id=connection.pk, site_id=site.pk)
    return connection


def disconnect_coral(*, site: Site) -> bool:
    """Take the connection away; Coral gets 404 from now on. Return whether there was one."""
    connection = CoralConnection.objects.filter(site=site).first()
    if connection is None:
        return False
    with transaction.atomic():
        record_event(tags.CORAL_DISCONNECTED, subject_id=connection.pk, site_id=site.pk)
        connection.delete()
    return True


def _check(secret: str, coral_url: str, coral_token: str, budget_ms: int) -> None:
    if not secret:
        raise ValidationError("the phase's signing secret is needed; Coral shows it beside the phase")
    if bool(coral_url) != bool(coral_token):
        raise ValidationError("Coral's address and the token for it belong together: give both, or neither")
    if not 1 <= budget_ms <= MAX_BUDGET_MS:
        raise ValidationError(f"the budget is 1 to {MAX_BUDGET_MS} milliseconds")
    # Not Django's own check: it refuses names without a dot, which servers in one's own network have.
    try:
        parts = urlsplit(coral_url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.query
    except ValueError:
        is_address = False
    if coral_url and (not is_address or len(coral_url) > 200):  # noqa: PLR2004 - the length of the column
        raise ValidationError("Coral's address must begin with https:// or http:// and name a host")
