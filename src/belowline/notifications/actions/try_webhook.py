"""A message that tells of nothing goes to an endpoint, so that its makers see whether it arrives."""

from django.utils import timezone

from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.sending import send


def try_webhook(*, webhook: Webhook) -> Message:
    """Send a message of the type webhook.test at once, also where the endpoint is off, and return it.

    It is tried once, and counts neither for nor against the endpoint.

    Raises:
        WebhookError: `webhook_failed`, with why.
    """
    message = Message.objects.create(webhook=webhook, state=Message.State.DEAD, ended_at=timezone.now())
    answer = send(message)
    message.state = Message.State.DELIVERED if answer.is_taken else Message.State.DEAD
    message.tries, message.status, message.problem = 1, answer.status, answer.problem[:200]
    message.save(update_fields=["state", "tries", "status", "problem"])
    if not answer.is_taken:
        raise WebhookError(f"The message did not arrive: {message.problem}.", code="webhook_failed")
    return message
