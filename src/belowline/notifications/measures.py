"""Mails about measures against an account: that one was taken, that it was lifted, how an appeal ended.

They cannot be switched off: who is kept from writing is told why, until when, and what they can do (article 17 of
Regulation (EU) 2022/2065).
"""

from collections.abc import Callable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.languages import reader_language
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.sanctions import measure, policy_site
from belowline.notifications.queries import GRACE

TOLD = {tags.SANCTION_GIVEN, tags.SANCTION_LIFTED, tags.SANCTION_UPHELD, tags.SANCTION_OVERTURNED}
MAX_SUBJECT_CHARACTERS = 200


def on_measure(sender: type[Event], event: Event, **_: Any) -> None:
    """Enqueue the mail, for after the time in which it may be taken back."""
    if event.tag in TOLD:
        mail_measure.using(run_after=timezone.now() + GRACE).enqueue(event.subject_id, event.tag)


@task()
def mail_measure(sanction_id: int, tag: str) -> bool:
    """Tell somebody of a measure; False: it was taken back in time, or no mail reaches them.

    What lifts a measure of which nobody was told is not told either; an appeal that lifts one is told once.
    """
    related = ("user", "site", "comment__story__site", "appeal")
    sanction = Sanction.objects.select_related(*related).get(pk=sanction_id)
    site = policy_site(sanction)
    if site is None or not SAYS_SO[tag](sanction) or not _is_reachable(sanction):
        return False
    with translation.override(reader_language(sanction.user, site)):
        context = {
            "reader": sanction.user,
            "site": site,
            "measure": measure(sanction),
            "row": sanction,
            "kind": str(sanction.get_kind_display()),
            "what": tag,
            "base_url": settings.BASE_URL,
            "address": f"{settings.BASE_URL}/me/account/#measure-{sanction.pk}",
        }
        subject = f"{_subject(sanction, tag)}: {site.name}"[:MAX_SUBJECT_CHARACTERS]
        text = render_to_string("notifications/measure.txt", context)
        send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [sanction.user.email])
    return True


def _subject(sanction: Sanction, tag: str) -> str:
    if tag == tags.SANCTION_UPHELD:
        return _("After your appeal, the decision about your account stands")
    if tag == tags.SANCTION_OVERTURNED:
        return _("After your appeal, the decision about your account was lifted")
    if tag == tags.SANCTION_LIFTED:
        return _("The decision about your account was lifted")
    return {
        Sanction.Kind.WARN: _("A moderator has warned you"),
        Sanction.Kind.PREMODERATE: _("A moderator reads your comments first"),
        Sanction.Kind.SUSPEND: _("Your account is suspended"),
        Sanction.Kind.BAN: _("Your account is banned"),
    }[Sanction.Kind(sanction.kind)]


def _is_reachable(sanction: Sanction) -> bool:
    """Say whether the address is known to be theirs; nobody is written to at somebody else's."""
    user = sanction.user
    is_theirs = EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=True).exists()
    return user.is_active and is_theirs


def _was_told(sanction: Sanction) -> bool:
    return sanction.lifted_at is None or sanction.lifted_at - sanction.created_at > GRACE


def _is_contested(sanction: Sanction) -> bool:
    return hasattr(sanction, "appeal")


def _was_overturned(sanction: Sanction) -> bool:
    return hasattr(sanction, "appeal") and sanction.appeal.state == SanctionAppeal.State.OVERTURNED


def _is_lifted(sanction: Sanction) -> bool:
    return sanction.lifted_at is not None and _was_told(sanction) and not _was_overturned(sanction)


SAYS_SO: dict[str, Callable[[Sanction], bool]] = {
    tags.SANCTION_GIVEN: lambda sanction: sanction.lifted_at is None,
    tags.SANCTION_LIFTED: _is_lifted,
    tags.SANCTION_UPHELD: _is_contested,
    tags.SANCTION_OVERTURNED: _is_contested,
}
"""Whether what a mail was enqueued for still holds."""
