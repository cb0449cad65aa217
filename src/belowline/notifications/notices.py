"""Mails to those who gave notice of illegal content: its receipt, and what was decided."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone
from django_tasks import task

from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.models import Notice
from belowline.moderation.notices import category_title, is_waiting
from belowline.notifications.queries import GRACE

DECIDED = {tags.NOTICE_ACCEPTED, tags.NOTICE_DECLINED}


def on_notice(sender: type[Event], event: Event, **_: Any) -> None:
    """Enqueue the confirmation at once, and the decision after the time in which it may be taken back."""
    if event.tag == tags.NOTICE_RECEIVED:
        mail_receipt.enqueue(event.subject_id)
    elif event.tag in DECIDED:
        mail_notice_decision.using(run_after=timezone.now() + GRACE).enqueue(event.subject_id, event.pk)


@task()
def mail_receipt(notice_id: int) -> bool:
    """Confirm a notice; return False where no address was given."""
    return _mail(_find(notice_id), "We have received your notice", "notifications/notice_receipt.txt")


@task()
def mail_notice_decision(notice_id: int, event_id: int) -> bool:
    """Tell what was decided; return False where no address was given, or something came after this decision."""
    notice = _find(notice_id)
    newest = Event.objects.filter(tag__in=DECIDED, subject_id=notice_id).order_by("-id").first()
    if is_waiting(notice) or newest is None or newest.pk != event_id:
        return False
    what = "accepted" if notice.state == Notice.State.ACCEPTED else "declined"
    return _mail(notice, f"Your notice was {what}", "notifications/notice_decision.txt")


def _find(notice_id: int) -> Notice:
    return Notice.objects.select_related("comment__story__site", "result").get(pk=notice_id)


def _mail(notice: Notice, subject: str, template: str) -> bool:
    if not notice.email:
        return False
    story = notice.comment.story
    context = {
        "notice": notice,
        "story": story,
        "site": story.site,
        "category": category_title(notice.category),
        "accepted": notice.state == Notice.State.ACCEPTED,
        "address": f"{settings.BASE_URL}/notices/{notice.receipt}/",
    }
    title = " ".join(f"{subject}: {story}".split())[:200]
    send_mail(title, render_to_string(template, context), settings.DEFAULT_FROM_EMAIL, [notice.email])
    return True
