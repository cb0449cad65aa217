"""A publisher's endpoint gets another address, other types, or more or less to know."""

from django.db import transaction

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.actions.add_webhook import WebhookFields, checked, told
from belowline.notifications.webhooks.models import Webhook


def change_webhook(*, webhook: Webhook, fields: WebhookFields) -> list[str]:
    """Change what is given, and return the names of what is another now. What waits goes to the new address.

    Raises:
        WebhookError: `invalid_webhook` or `webhook_address`; nothing was changed.
    """
    given = checked(fields)
    with transaction.atomic():
        row = Webhook.objects.select_for_update(no_key=True).get(pk=webhook.pk)
        changed = [name for name, value in given.items() if getattr(row, name) != value]
        if changed:
            for name in changed:
                setattr(row, name, given[name])
            row.save(update_fields=changed)
            record_event(tags.WEBHOOK_CHANGED, subject_id=row.pk, site_id=row.site_id, changed=changed, **told(row))
    webhook.refresh_from_db()
    return changed
