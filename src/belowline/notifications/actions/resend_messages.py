"""Messages that an endpoint has missed, or lost, are sent again."""

from datetime import datetime

from django.db import transaction

from belowline.events.models import Event
from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.outbox import tags_for
from belowline.notifications.webhooks.tasks import send_webhook


def resend_messages(*, webhook: Webhook, since: datetime | None = None) -> int:
    """Send again what could not be delivered; with `since`, all that has happened from then on; return how many.

    A message that was sent before has its number again, so an endpoint that looks at numbers does nothing twice. What
    happened while the endpoint was off, or was not there, is in no list: it is taken from the log of events.

    Raises:
        WebhookError: `webhook_off`: it is switched off.
    """
    with transaction.atomic():
        row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
        if not row.is_on:
            raise WebhookError("This webhook is switched off: switch it on first.", code="webhook_off")
        known = row.messages.exclude(state=Message.State.WAITING).exclude(event=None)
        if since is None:
            count = known.filter(state=Message.State.DEAD).wait_again()
        else:
            count = known.filter(event__created_at__gte=since).wait_again()
            count += len(Message.objects.bulk_create(_missed(row, since), batch_size=500))
        if count:
            send_webhook.enqueue(row.pk)
    return count


def _missed(webhook: Webhook, since: datetime) -> list[Message]:
    """Return messages about what an endpoint was never told of, the oldest first."""
    told = webhook.messages.exclude(event=None).values("event")
    events = Event.objects.filter(site_id=webhook.site_id, created_at__gte=since, tag__in=tags_for(webhook.types))
    found = events.exclude(pk__in=told).order_by("pk").values_list("pk", flat=True)
    return [Message(webhook=webhook, event_id=pk) for pk in found]
