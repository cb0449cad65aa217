"""Escalations: what waits, who may answer, and what is said of a comment by and to colleagues."""

from django.db.models import Q, QuerySet

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, people_who_may, within
from belowline.comments.models import Comment
from belowline.moderation.escalation_models import Escalation

NOT_ESCALATED = (Comment.Status.PENDING, Comment.Status.DELETED)
"""Nobody is asked about what is not judged yet, or gone."""


def open_escalations() -> QuerySet[Escalation]:
    """Return what waits for an answer, the longest wait first: left to others, and questions to a colleague."""
    return (
        Escalation.objects.filter(state=Escalation.State.OPEN)
        .exclude(comment__status__in=NOT_ESCALATED)
        .select_related("comment__story__site", "comment__author", "asked_by", "colleague")
        .order_by("created_at", "pk")
    )


def waiting_for(user: User) -> QuerySet[Escalation]:
    """Return what waits where somebody sees the desk, but for questions between two others."""
    theirs = Q(colleague=None) | Q(colleague=user) | Q(asked_by=user)
    place = {"site": "comment__story__site", "section": "comment__story__section"}
    return within(user, Action.SEE_DESK, open_escalations().filter(theirs), **place)


def escalations_of(comment: Comment) -> QuerySet[Escalation]:
    """Return all that was asked about a comment and answered, the oldest first."""
    people = ("asked_by", "colleague", "ended_by", "decision")
    return Escalation.objects.filter(comment=comment).select_related(*people).order_by("created_at", "pk")


def answered_to(user: User, limit: int = 10) -> QuerySet[Escalation]:
    """Return how what somebody asked ended, the newest end first; what they withdrew is no answer."""
    ended = (Escalation.State.ANSWERED, Escalation.State.DECIDED)
    return (
        Escalation.objects.filter(asked_by=user, state__in=ended)
        .exclude(ended_by=user)
        .exclude(comment__status=Comment.Status.DELETED)
        .select_related("comment__story__site", "comment__author", "ended_by", "decision")
        .order_by("-ended_at", "-pk")[:limit]
    )


def colleagues(comment: Comment, besides: User) -> list[User]:
    """Return who else may decide about a comment, by name: they can be asked about it."""
    return _others(comment, besides, Action.DECIDE)


def answerers(comment: Comment, besides: User) -> list[User]:
    """Return who else answers escalations about a comment, by name."""
    return _others(comment, besides, Action.ANSWER_ESCALATION)


def why_not_answer(escalation: Escalation, user: User) -> str:
    """Return why somebody cannot answer, as a sentence for them; empty: they can."""
    if escalation.asked_by_id == user.pk:
        return "You asked this yourself: a colleague answers. You can withdraw it."
    story = escalation.comment.story
    if escalation.is_question:
        may_answer = escalation.colleague_id == user.pk and may(
            user, Action.DECIDE, site=story.site, section=story.section
        )
        return "" if may_answer else "Another colleague was asked."
    may_answer = may(user, Action.ANSWER_ESCALATION, site=story.site, section=story.section)
    return "" if may_answer else "Somebody senior answers this."


def _others(comment: Comment, besides: User, action: Action) -> list[User]:
    story = comment.story
    found = people_who_may(action, site=story.site_id, section=story.section)
    return list(found.exclude(pk__in=(besides.pk, comment.author_id)).order_by("display_name", "pk"))
