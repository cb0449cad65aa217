"""Sending messages in the background; each hour, what was forgotten; and a mail where an endpoint is off."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from belowline.events.planning import plan_once
from belowline.notifications.promises import in_charge
from belowline.notifications.queries import last_hour
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.sending import send_due

LATER = timedelta(minutes=7)
"""So long after the full hour, when digests have gone out."""


@task()
def send_webhook(webhook_id: int) -> int:
    """Send what is due to an endpoint; return how much it took. What is more than a turn's worth comes next."""
    taken, is_more = send_due(webhook_id)
    if is_more:
        send_webhook.enqueue(webhook_id)
    return taken


def plan_webhooks(now: datetime | None = None) -> bool:
    """Plan the next look for what was forgotten, once; return whether it was not planned yet."""
    return plan_once(wake_webhooks, last_hour(now or timezone.now()) + timedelta(hours=1) + LATER)


@task()
def wake_webhooks() -> int:
    """Have sent what is due, be it that a worker was killed before it could plan that; return to how many endpoints."""
    plan_webhooks()
    return wake()


def wake() -> int:
    """Have what is due sent to every endpoint that has no pause; return to how many."""
    waiting = Message.objects.due().filter(webhook__disabled_at=None).order_by("webhook")
    found = list(waiting.values_list("webhook", flat=True).distinct())
    for webhook_id in found:
        send_webhook.enqueue(webhook_id)
    return len(found)


@task()
def mail_disabled(webhook_id: int) -> int:
    """Tell those in charge of a site that an endpoint is told nothing more; return how many addresses that went to."""
    webhook = Webhook.objects.select_related("site").filter(pk=webhook_id).exclude(disabled_at=None).first()
    if webhook is None:
        return 0
    dead = webhook.messages.filter(state=Message.State.DEAD).count()
    text = render_to_string("notifications/webhook_disabled.txt", {"webhook": webhook, "dead": dead})
    receivers = in_charge(webhook.site)
    for address in receivers:
        subject = f"Nothing more is sent to the webhook “{webhook}” of {webhook.site.name}"
        send_mail(" ".join(subject.split())[:200], text, settings.DEFAULT_FROM_EMAIL, [address])
    return len(receivers)
