"""A publisher's system asks to be told what happens on its site."""

from typing import Any, NamedTuple

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.errors import ChannelError, WebhookError
from belowline.notifications.hooks import check_hook
from belowline.notifications.webhooks.models import Webhook
from belowline.notifications.webhooks.types import TYPES
from belowline.stories.models import Site

MOST = 20
"""Endpoints of one site."""
URL_CHARACTERS, LABEL_CHARACTERS = 500, 100


class WebhookFields(NamedTuple):
    """What is said of an endpoint; None leaves it as it is, or as a new one has it."""

    url: str | None = None
    label: str | None = None
    types: list[str] | None = None
    """Names out of `webhooks.types.TYPES`; empty: all of them, those to come too."""
    sends_text: bool | None = None
    sends_author: bool | None = None


def add_webhook(*, site: Site, fields: WebhookFields) -> Webhook:
    """Add an endpoint; it is told what happens from now on. The operator does this, or the site's own publisher.

    Raises:
        WebhookError: `invalid_webhook`, or `webhook_address`: the address is not allowed.
    """
    if fields.url is None:
        raise WebhookError("Give the address of the endpoint.")
    given = checked(fields)
    with transaction.atomic():
        # Two that come at once are counted one after the other.
        locked = Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        if Webhook.objects.filter(site=locked).count() >= MOST:
            raise WebhookError(f"A site has at most {MOST} webhooks: remove one first.")
        row = Webhook.objects.create(site=locked, **given)
        record_event(tags.WEBHOOK_ADDED, subject_id=row.pk, site_id=site.pk, **told(row))
    return row


def checked(fields: WebhookFields) -> dict[str, Any]:
    """Return what is given, by the name of its column.

    Raises:
        WebhookError: `invalid_webhook` or `webhook_address`.
    """
    for name, value, most in (("url", fields.url, URL_CHARACTERS), ("label", fields.label, LABEL_CHARACTERS)):
        if value is not None and (len(value) > most or "\x00" in value):
            raise WebhookError(f"{name}: write at most {most} characters.")
    if fields.url is not None:
        _check_url(fields.url)
    if unknown := [name for name in fields.types or () if name not in TYPES]:
        raise WebhookError(f"There is no type {unknown[0][:50]}; there are: {', '.join(TYPES)}.")
    given = {name: value for name, value in fields._asdict().items() if value is not None}
    return given | ({"types": list(dict.fromkeys(fields.types))} if fields.types is not None else {})


def told(row: Webhook) -> dict[str, Any]:
    """Return what the log of events says of an endpoint: never its address, which may hold a secret."""
    return {"types": row.types, "sends_text": row.sends_text, "sends_author": row.sends_author}


def _check_url(url: str) -> None:
    try:
        check_hook(url)
    except ChannelError as error:
        raise WebhookError(error.message, code="webhook_address") from error
