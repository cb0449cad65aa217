"""An endpoint that was switched off is told again what happens."""

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.webhooks.models import Webhook


def enable_webhook(*, webhook: Webhook) -> bool:
    """Switch an endpoint on, as if it had never failed; return whether it was off. What it missed, resend sends."""
    fresh = {"disabled_at": None, "disabled_because": "", "failures": 0, "failing_since": None, "resumes_at": None}
    with transaction.atomic():
        was_off = bool(Webhook.objects.filter(pk=webhook.pk).exclude(disabled_at=None).update(**fresh))
        if was_off:
            record_event(tags.WEBHOOK_ENABLED, subject_id=webhook.pk, site_id=webhook.site_id)
    webhook.refresh_from_db()
    return was_off
