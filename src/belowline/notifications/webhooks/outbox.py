"""Messages are written down in the transaction of what they tell of: no process that dies loses one."""

from collections.abc import Iterable
from typing import Any

from belowline.events import tags
from belowline.events.models import Event
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.tasks import mail_disabled, send_webhook
from belowline.notifications.webhooks.types import OFFERED, TYPES, type_of


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Write down what a site's endpoints are to be told, and have it sent; tell those in charge of one that is off."""
    if event.tag == tags.WEBHOOK_DISABLED:
        mail_disabled.enqueue(event.subject_id)
    if event.tag not in OFFERED or event.site_id is None:
        return
    listeners = Webhook.objects.filter(site=event.site_id, disabled_at=None)
    for webhook_id, types in listeners.values_list("pk", "types"):
        if wants(types, event.tag):
            Message.objects.create(webhook_id=webhook_id, event=event)
            send_webhook.enqueue(webhook_id)


def wants(types: Iterable[str], tag: str) -> bool:
    """Say whether an endpoint that has chosen these types is told of events with this tag."""
    chosen = set(types)
    return not chosen or type_of(tag) in chosen


def tags_for(types: Iterable[str]) -> list[str]:
    """Return the tags of which an endpoint that has chosen these types is told."""
    return [TYPES[name] for name in types if name in TYPES] or list(OFFERED)
