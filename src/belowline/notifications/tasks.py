"""Sending notices."""

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django_tasks import task

from belowline.comments.models import Comment
from belowline.moderation.models import Decision


@task()
def mail_decision(decision_id: int) -> bool:
    """Mail the author what a person decided; return False when something came after it and nothing was sent."""
    decision = Decision.objects.select_related("comment__author", "comment__story__site").get(pk=decision_id)
    comment = decision.comment
    if comment.decisions.order_by("-id").values_list("pk", flat=True)[0] != decision.pk:
        return False
    if decision.undoes_id or comment.status == Comment.Status.DELETED:
        return False
    published = decision.outcome == Decision.Outcome.PUBLISH
    removed = decision.outcome == Decision.Outcome.REMOVE
    context = {
        "comment": comment,
        "decision": decision,
        "site": comment.story.site,
        "published": published,
        "removed": removed,
        "base_url": settings.BASE_URL,
    }
    what = "published" if published else "removed" if removed else "not published"
    subject = f"Your comment was {what}: {comment.story}"
    text = render_to_string("notifications/decision.txt", context)
    send_mail(" ".join(subject.split())[:200], text, settings.DEFAULT_FROM_EMAIL, [comment.author.email])
    return True
