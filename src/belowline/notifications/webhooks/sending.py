"""Sending what is due to an endpoint, the oldest first, and writing down what became of it.

Who fails is tried again after the times that Standard Webhooks proposes. An endpoint that seems to be down as a whole
gets one message after each pause and no more: neither it nor the worker is kept busy by what cannot arrive.
"""

import logging
import random
import time
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.webhooks.client import GONE, TIMEOUT_SECONDS, Answer, post
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.payload import body_of
from belowline.notifications.webhooks.signing import headers_for

logger = logging.getLogger(__name__)

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""Between the tries of a message: ten in three days and some hours."""
PAUSES = (*DELAYS[:3], timedelta(hours=1))
"""Of an endpoint that is down, by how many times in a row; the last one stays."""
JITTER = 0.2
"""Times are drawn from this share about them, so that what failed together does not come back together."""
DISABLED_AFTER = timedelta(days=5)
"""An endpoint that has taken nothing for so long is told nothing more."""
RUN_SECONDS = 20
"""So long, and one message more, an endpoint may keep a worker; then others have their turn."""
HOLD = timedelta(seconds=RUN_SECONDS + 2 * TIMEOUT_SECONDS + 10)


def send_due(webhook_id: int) -> tuple[int, bool]:
    """Send what is due to an endpoint, for some seconds; return how much it took, and whether more is due."""
    end, taken = time.monotonic() + RUN_SECONDS, 0
    while _hold(webhook_id):
        try:
            while time.monotonic() < end and (message := _next(webhook_id)):
                taken += try_once(message)
        finally:
            Webhook.objects.filter(pk=webhook_id).update(held_until=None)
        # Once more: a message that came meanwhile found the endpoint held, and left it to us.
        if time.monotonic() >= end or _next(webhook_id) is None:
            break
    return taken, _next(webhook_id) is not None


def try_once(message: Message) -> bool:
    """Send a message, write down what became of it, and return whether the endpoint took it."""
    try:
        answer = send(message)
    except Exception as error:  # noqa: BLE001 - one message that cannot be written shall not hold the others up
        logger.error("message %s could not be written (%s)", message.pk, type(error).__name__)  # noqa: TRY400
        Message.objects.filter(pk=message.pk).give_up(f"it could not be written ({type(error).__name__})")
        return False
    with transaction.atomic():
        webhook = Webhook.objects.select_for_update(no_key=True).get(pk=message.webhook_id)
        message.tries += 1
        message.status, message.problem = answer.status, answer.problem[:200]
        if answer.is_taken:
            _on_taken(message, webhook)
        else:
            _on_failed(message, webhook, answer)
        message.save(update_fields=["state", "tries", "next_at", "status", "problem", "ended_at"])
        webhook.save(update_fields=["failures", "failing_since", "resumes_at"])
        if answer.status == GONE:
            disable(webhook, "the endpoint answered 410: it wants no more messages")
        elif webhook.failing_since and webhook.failing_since < timezone.now() - DISABLED_AFTER:
            disable(webhook, f"it has taken no message for {DISABLED_AFTER.days} days; the last time {answer.problem}")
    return answer.is_taken


def send(message: Message) -> Answer:
    """Send a message once, and return what became of it; nothing is written down."""
    body = body_of(message)
    return post(message.webhook.url, headers_for(message.webhook, message.number, body), body)


def disable(webhook: Webhook, because: str) -> bool:
    """Tell an endpoint nothing more, and give up what waits; return whether it was on. Call it in a transaction."""
    now = timezone.now()
    changes = {"disabled_at": now, "disabled_because": because[:200], "resumes_at": None}
    if not Webhook.objects.filter(pk=webhook.pk, disabled_at=None).update(**changes):
        return False
    given_up = webhook.messages.all().give_up("the endpoint was switched off before it could be sent")
    record_event(tags.WEBHOOK_DISABLED, subject_id=webhook.pk, site_id=webhook.site_id, given_up=given_up)
    return True


def _hold(webhook_id: int) -> bool:
    """Keep an endpoint for this worker for a time; False: it is off, has a pause, or another worker has it."""
    now = timezone.now()
    free = (Q(held_until=None) | Q(held_until__lt=now)) & (Q(resumes_at=None) | Q(resumes_at__lte=now))
    return bool(Webhook.objects.filter(free, pk=webhook_id, disabled_at=None).update(held_until=now + HOLD))


def _next(webhook_id: int) -> Message | None:
    """Return the oldest message that is due, unless its endpoint is off or has a pause."""
    now = timezone.now()
    ready = Q(webhook__resumes_at=None) | Q(webhook__resumes_at__lte=now)
    found = Message.objects.due(now).filter(ready, webhook=webhook_id, webhook__disabled_at=None)
    return found.select_related("webhook__site", "event").first()


def _on_taken(message: Message, webhook: Webhook) -> None:
    message.state, message.ended_at = Message.State.DELIVERED, timezone.now()
    if webhook.failures:
        # It is back: what failed while it was down need not wait for its next time.
        webhook.messages.filter(state=Message.State.WAITING).exclude(pk=message.pk).update(next_at=timezone.now())
    webhook.failures, webhook.failing_since, webhook.resumes_at = 0, None, None


def _on_failed(message: Message, webhook: Webhook, answer: Answer) -> None:
    from belowline.notifications.webhooks.tasks import send_webhook

    now = timezone.now()
    webhook.failing_since = webhook.failing_since or now
    if message.tries > len(DELAYS):
        message.state, message.ended_at = Message.State.DEAD, now
    else:
        message.next_at = later(now, DELAYS[message.tries - 1], answer.wait_seconds)
        send_webhook.using(run_after=message.next_at).enqueue(webhook.pk)
    if answer.is_down:
        webhook.failures += 1
        pause = PAUSES[min(webhook.failures, len(PAUSES)) - 1]
        webhook.resumes_at = later(now, pause, answer.wait_seconds)
        send_webhook.using(run_after=webhook.resumes_at).enqueue(webhook.pk)


def later(now: datetime, delay: timedelta, least_seconds: int = 0) -> datetime:
    """Return when to try again: about so much later, and after what the endpoint asks for."""
    share = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - it only spreads load
    return now + max(delay * share, timedelta(seconds=least_seconds))
