"""An endpoint is told nothing more, and forgotten with all messages to it."""

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.webhooks.models import Webhook


def remove_webhook(*, webhook: Webhook) -> None:
    """Remove an endpoint; one that is gone already is no error."""
    with transaction.atomic():
        _, gone = Webhook.objects.filter(pk=webhook.pk).delete()
        if gone:
            record_event(tags.WEBHOOK_REMOVED, subject_id=webhook.pk, site_id=webhook.site_id)
