"""Sending digests of the desk when their time has come, and telling of escalations at once."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django_tasks import task

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may
from belowline.events.planning import plan_once
from belowline.moderation.escalation_models import Escalation
from belowline.notifications.channel_models import Channel
from belowline.notifications.chat_words import message_of, message_of_escalation
from belowline.notifications.desk_digest import Digest, desk_digest
from belowline.notifications.errors import ChannelError
from belowline.notifications.hooks import send_to_hook
from belowline.notifications.queries import last_hour, last_morning

LATER = timedelta(seconds=20)
"""So long after the full hour; what came before it waits by then."""
MAX_SUBJECT_CHARACTERS = 200
logger = logging.getLogger(__name__)


def plan_desk_digests(now: datetime | None = None) -> bool:
    """Plan the next round, once, however many workers ask; return whether it was not planned yet."""
    return plan_once(send_desk_digests, last_hour(now or timezone.now()) + timedelta(hours=1) + LATER)


@task()
def send_desk_digests() -> int:
    """Enqueue the digests whose time has come, and return how many; the next round is planned first."""
    plan_desk_digests()
    found = list(due_channels().values_list("pk", flat=True))
    for channel_id in found:
        send_desk_digest.enqueue(channel_id)
    return len(found)


def due_channels(now: datetime | None = None) -> QuerySet[Channel]:
    """Return the channels at which nobody has looked since their time came: the full hour, or the morning's."""
    moment = now or timezone.now()
    hourly = Q(frequency=Channel.Frequency.HOURLY) & _before(last_hour(moment))
    daily = Q(frequency=Channel.Frequency.DAILY) & _before(last_morning(moment))
    return Channel.objects.filter(hourly | daily).order_by("pk")


def _before(moment: datetime) -> Q:
    return Q(looked_at=None, created_at__lt=moment) | Q(looked_at__lt=moment)


@task()
def send_desk_digest(channel_id: int) -> bool:
    """Send what waits to a channel; False: nothing does, it was sent before, or it is gone.

    It is claimed first: a process that dies in between leaves a digest unsent rather than sent twice.
    """
    now = timezone.now()
    if not due_channels(now).filter(pk=channel_id).update(looked_at=now):
        return False
    channel = Channel.objects.select_related("site", "user").get(pk=channel_id)
    digest = desk_digest(channel) if is_readable(channel) else None
    return digest is not None and deliver(channel, digest)


def deliver(channel: Channel, digest: Digest | None) -> bool:
    """Send a digest to a channel (None: that nothing waits), and keep why that failed; return whether it did not."""
    problem = ""
    try:
        if channel.is_mail:
            _mail_digest(channel, digest)
        else:
            send_to_hook(channel.address, message_of(channel, digest))
    except (ChannelError, OSError) as error:
        problem = (
            error.message if isinstance(error, ChannelError) else f"The mail server failed ({type(error).__name__})."
        )
        logger.warning("the digest for channel %s could not be sent", channel.pk)
    moment = {} if problem else {"sent_at": timezone.now()}
    Channel.objects.filter(pk=channel.pk).update(problem=problem[:200], **moment)
    return not problem


def is_readable(channel: Channel) -> bool:
    """Say whether whoever reads a channel may see the desk there: of mail, its owner, at a confirmed address."""
    if not channel.is_mail:
        return True
    user = channel.user
    return (
        user is not None
        and has_confirmed(user)
        and may(user, Action.DECIDE, site=channel.site, section=channel.section)
    )


def has_confirmed(user: User) -> bool:
    """Say whether the account is open, and its address known to be its owner's."""
    found = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True)
    return user.is_active and bool(found.exists())


@task()
def tell_of_escalation(escalation_id: int) -> int:
    """Tell the colleague who is asked, or the channels that want to know; return how many messages went out."""
    people = ("asked_by", "colleague", "comment__author", "comment__story__site")
    escalation = Escalation.objects.select_related(*people).get(pk=escalation_id)
    if not escalation.is_open:
        return 0
    if escalation.colleague is not None:
        return int(has_confirmed(escalation.colleague) and _mail_escalation(escalation.colleague, escalation))
    return sum(_tell(channel, escalation) for channel in channels_for(escalation))


def channels_for(escalation: Escalation) -> list[Channel]:
    """Return the channels that are told of an escalation: where it is, and in mail whoever may answer it."""
    story = escalation.comment.story
    place = Q(site=None) | Q(site=story.site_id, section__in=("", story.section))
    found = Channel.objects.filter(place, tells_escalations=True).select_related("site", "user").order_by("pk")
    return [channel for channel in found if not channel.is_mail or _may_answer(channel, escalation)]


def _may_answer(channel: Channel, escalation: Escalation) -> bool:
    user, story = channel.user, escalation.comment.story
    if user is None or user.pk == escalation.asked_by_id or not has_confirmed(user):
        return False
    return may(user, Action.ANSWER_ESCALATION, site=story.site, section=story.section)


def _tell(channel: Channel, escalation: Escalation) -> bool:
    if channel.user is not None:
        return _mail_escalation(channel.user, escalation)
    try:
        send_to_hook(channel.address, message_of_escalation(channel, escalation, address_of(escalation)))
    except ChannelError as error:
        Channel.objects.filter(pk=channel.pk).update(problem=error.message[:200])
        return False
    return True


def address_of(escalation: Escalation) -> str:
    """Return the whole address at which an escalation is answered."""
    return f"{settings.BASE_URL}{reverse('desk-escalated')}?escalation={escalation.pk}"


def _mail_escalation(user: User, escalation: Escalation) -> bool:
    what = "asks you about a comment" if escalation.is_question else "has escalated a comment"
    context = {"escalation": escalation, "what": what, "address": address_of(escalation)}
    _send(user, f"{escalation.asked_by} {what}: {escalation.comment.story}", "notifications/escalation.txt", context)
    return True


def _mail_digest(channel: Channel, digest: Digest | None) -> None:
    if channel.user is None:
        raise ChannelError("This channel has no address.", code="no_address")
    place = f" at {digest.place}" if digest and digest.place else ""
    waits = f"{digest.total:,} {'waits' if digest.total == 1 else 'wait'}{place}" if digest else "Nothing waits"
    context = {"digest": digest, "channel": channel, "settings_address": settings.BASE_URL + reverse("desk-digests")}
    _send(channel.user, f"Desk: {waits}", "notifications/desk_digest.txt", context)


def _send(user: User, subject: str, template: str, context: Mapping[str, object]) -> None:
    text = render_to_string(template, {"reader": user, **context})
    title = " ".join(subject.split())[:MAX_SUBJECT_CHARACTERS]
    EmailMessage(title, text, settings.DEFAULT_FROM_EMAIL, [user.email]).send()
