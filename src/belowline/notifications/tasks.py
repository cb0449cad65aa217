"""Sending notices."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django_tasks import task

from belowline.comments.models import Comment
from belowline.moderation.appeals import appeal_until, is_contestable, was_first_decider
from belowline.moderation.models import Appeal, Decision

WHAT_HAPPENED = {
    Decision.Outcome.PUBLISH: "published",
    Decision.Outcome.REJECT: "not published",
    Decision.Outcome.REMOVE: "removed",
}


@task()
def mail_decision(decision_id: int) -> bool:
    """Mail the author what a person decided; return False when something came after it and nothing was sent.

    Nothing is sent either about a decision that settled an appeal: `mail_appeal` tells of that.
    """
    decision = Decision.objects.select_related("comment__author", "comment__story__site", "settles").get(pk=decision_id)
    comment = decision.comment
    if comment.decisions.order_by("-id").values_list("pk", flat=True)[0] != decision.pk:
        return False
    if decision.undoes_id or hasattr(decision, "settles") or comment.status == Comment.Status.DELETED:
        return False
    outcome = Decision.Outcome(decision.outcome)
    contestable = is_contestable(comment, decision)
    context = {
        "decision": decision,
        "outcome": outcome.value,
        "until": appeal_until(decision, comment.story.site) if contestable else None,
    }
    subject = f"Your comment was {WHAT_HAPPENED[outcome]}: {comment.story}"
    _mail_author(comment, subject, "notifications/decision.txt", context)
    return True


@task()
def mail_appeal(appeal_id: int) -> bool:
    """Mail the author how their appeal ended, and why; False: the author has deleted the comment."""
    appeal = Appeal.objects.select_related("decision__comment__author", "decision__comment__story__site").get(
        pk=appeal_id
    )
    comment = appeal.decision.comment
    if comment.status == Comment.Status.DELETED:
        return False
    overturned = appeal.state == Appeal.State.OVERTURNED
    context = {"appeal": appeal, "overturned": overturned, "by_first_decider": was_first_decider(appeal)}
    ended = "was published after your appeal" if overturned else "stays as it is after your appeal"
    _mail_author(comment, f"Your comment {ended}: {comment.story}", "notifications/appeal.txt", context)
    return True


def _mail_author(comment: Comment, subject: str, template: str, context: dict[str, Any]) -> None:
    """Send plain text to the author of a comment; a subject is one line of at most 200 characters."""
    known = {"comment": comment, "site": comment.story.site, "base_url": settings.BASE_URL}
    text = render_to_string(template, known | context)
    send_mail(" ".join(subject.split())[:200], text, settings.DEFAULT_FROM_EMAIL, [comment.author.email])
