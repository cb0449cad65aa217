"""The mails to readers: plain text in their language, each with why it came and how to stop it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from belowline.accounts.models import User
from belowline.moderation.appeals import appeal_until, is_contestable, was_first_decider
from belowline.moderation.languages import reader_language
from belowline.moderation.models import Appeal, Decision, Report
from belowline.notifications.models import Frequency, Kind, Notification
from belowline.notifications.queries import frequency_of
from belowline.notifications.unsubscribing import headers_for, unsubscribe_address
from belowline.notifications.words import in_words, own_address, public_address
from belowline.stories.models import Site

MAX_SUBJECT_CHARACTERS = 200
EXCERPT_CHARACTERS = 600
"""Of a reply that a mail quotes."""
WHY = {
    Kind.REPLY: gettext_lazy("You get this mail because somebody replied to a comment of yours."),
    Kind.PUBLISHED: gettext_lazy("You get this mail because a comment of yours had been held and is published now."),
    Kind.REJECTED: gettext_lazy("You get this mail because a moderator decided about a comment of yours."),
    Kind.HIDDEN: gettext_lazy("You get this mail because a comment of yours is hidden for a time."),
    Kind.PICK: gettext_lazy("You get this mail because an editor picked a comment of yours."),
    Kind.APPEAL: gettext_lazy("You get this mail because you contested a decision about a comment of yours."),
    Kind.REPORT: gettext_lazy("You get this mail because you reported a comment."),
}
HOW_OFTEN = {
    Frequency.IMMEDIATE: gettext_lazy("Mails of this kind come at once."),
    Frequency.HOURLY: gettext_lazy("Mails of this kind come once an hour at most."),
    Frequency.DAILY: gettext_lazy("Mails of this kind come once a day at most."),
    Frequency.OFF: "",
}


class _Mail(NamedTuple):
    """A mail about one thing: its subject, its template, and what that needs besides."""

    subject: str
    template: str
    context: dict[str, Any]


def send_one(told: Notification) -> None:
    """Mail a reader about one notification."""
    site = told.comment.story.site
    with translation.override(reader_language(told.user, site)):
        mail = BUILDERS[Kind(told.kind)](told)
        context = {
            "comment": told.comment,
            "read_here": settings.BASE_URL + public_address(told.comment),
            "what_happened": settings.BASE_URL + own_address(told.comment),
            **mail.context,
        }
        _send(told.user, site, [Kind(told.kind)], mail._replace(context=context))


def send_digest(found: Sequence[Notification]) -> None:
    """Mail a reader about several notifications of one site at once."""
    user, site = found[0].user, found[0].comment.story.site
    kinds = list(dict.fromkeys(Kind(told.kind) for told in found))
    with translation.override(reader_language(user, site)):
        count = len(found)
        subject = ngettext(
            "%(count)s new thing around your comments: %(site)s",
            "%(count)s new things around your comments: %(site)s",
            count,
        )
        mail = _Mail(
            subject % {"count": count, "site": site.name}, "notifications/digest.txt", {"items": in_words(found)}
        )
        _send(user, site, kinds, mail)


def _send(user: User, site: Site, kinds: list[Kind], mail: _Mail) -> None:
    stop = unsubscribe_address(user, kinds)
    context = {
        "reader": user,
        "site": site,
        "base_url": settings.BASE_URL,
        "stop": stop,
        "why": WHY[kinds[0]] if len(kinds) == 1 else "",
        "how_often": HOW_OFTEN[frequency_of(user.pk, kinds[0])] if len(kinds) == 1 else "",
        "kinds": [str(kind.label) for kind in kinds],
    }
    text = render_to_string(mail.template, context | mail.context)
    subject = " ".join(mail.subject.split())[:MAX_SUBJECT_CHARACTERS]
    EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [user.email], headers=headers_for(stop)).send()


def _named(told: Notification) -> dict[str, str]:
    return {"name": told.comment.author.display_name, "story": str(told.comment.story)}


def _reply(told: Notification) -> _Mail:
    quoted = told.comment.text_source
    if len(quoted) > EXCERPT_CHARACTERS:
        quoted = f"{quoted[:EXCERPT_CHARACTERS].rstrip()} …"
    subject = _("%(name)s replied to you: %(story)s") % _named(told)
    return _Mail(subject, "notifications/reply.txt", {"quoted": quoted.splitlines()})


def _pick(told: Notification) -> _Mail:
    subject = _("An editor picked your comment: %(story)s") % _named(told)
    return _Mail(subject, "notifications/pick.txt", {"sentence": told.comment.pick.sentence})


def _decision(told: Notification) -> _Mail:
    decision = Decision.objects.get(pk=told.subject_id)
    comment, outcome = told.comment, Decision.Outcome(decision.outcome)
    subjects = {
        Decision.Outcome.PUBLISH: _("Your comment was published: %(story)s"),
        Decision.Outcome.HOLD: _("Your comment is hidden until a moderator has looked: %(story)s"),
        Decision.Outcome.REJECT: _("Your comment was not published: %(story)s"),
        Decision.Outcome.REMOVE: _("Your comment was removed: %(story)s"),
    }
    until = appeal_until(decision, comment.story.site) if is_contestable(comment, decision) else None
    context = {"decision": decision, "outcome": outcome.value, "until": until}
    return _Mail(subjects[outcome] % _named(told), "notifications/decision.txt", context)


def _appeal(told: Notification) -> _Mail:
    appeal = Appeal.objects.select_related("decision__comment").get(pk=told.subject_id)
    is_overturned = appeal.state == Appeal.State.OVERTURNED
    if is_overturned:
        subject = _("Your comment was published after your appeal: %(story)s")
    else:
        subject = _("Your comment stays as it is after your appeal: %(story)s")
    context = {"appeal": appeal, "overturned": is_overturned, "by_first_decider": was_first_decider(appeal)}
    return _Mail(subject % _named(told), "notifications/appeal.txt", context)


def _report(told: Notification) -> _Mail:
    report = Report.objects.get(pk=told.subject_id)
    is_accepted = report.state == Report.State.ACCEPTED
    if is_accepted:
        subject = _("You reported a comment, and it was removed: %(story)s")
    else:
        subject = _("You reported a comment, and it stays: %(story)s")
    return _Mail(subject % _named(told), "notifications/report.txt", {"report": report, "accepted": is_accepted})


BUILDERS = {
    Kind.REPLY: _reply,
    Kind.PUBLISHED: _decision,
    Kind.REJECTED: _decision,
    Kind.HIDDEN: _decision,
    Kind.PICK: _pick,
    Kind.APPEAL: _appeal,
    Kind.REPORT: _report,
}
