"""An endpoint gets another secret; for a day messages are signed with both, or at once with the new one alone."""

from django.db import transaction
from django.utils import timezone

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.webhooks.models import Webhook, new_nonce
from belowline.notifications.webhooks.signing import BOTH_FOR, secret_of


def change_webhook_secret(*, webhook: Webhook, at_once: bool = False) -> str:
    """Make another secret, and return it; `at_once` drops the earlier one, for whoever knows it knows too much."""
    with transaction.atomic():
        row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
        earlier = ("", None) if at_once else (row.nonce, timezone.now() + BOTH_FOR)
        row.nonce, (row.earlier_nonce, row.earlier_until) = new_nonce(), earlier
        row.save(update_fields=["nonce", "earlier_nonce", "earlier_until"])
        record_event(tags.WEBHOOK_SECRET_CHANGED, subject_id=row.pk, site_id=row.site_id, at_once=at_once)
    webhook.refresh_from_db()
    return secret_of(row.nonce)
