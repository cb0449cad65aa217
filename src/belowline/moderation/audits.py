"""Reading audits that wait: which a moderator may answer, and which somebody looks at now."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, within
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.models import Audit, Decision
from belowline.stories.models import Site
from belowline.stories.places import in_place


def waiting_audits() -> QuerySet[Audit]:
    """Return the audits that nobody has answered, in the order in which they were drawn.

    Nobody is asked about a comment that its author has deleted.
    """
    return (
        Audit.objects.filter(reviewed_at=None)
        .exclude(decision__comment__status=Comment.Status.DELETED)
        .select_related(
            "decision__revision",
            "decision__comment__story__site",
            "decision__comment__parent",
        )
        .order_by("id")
    )


def audits_for(moderator: User) -> QuerySet[Audit]:
    """Return those that a moderator can answer blind, where they may at all.

    Not of their own comments, nor of what they decided already.
    """
    theirs = Decision.objects.filter(comment=OuterRef("decision__comment"), moderator=moderator)
    story = "decision__comment__story"
    there = within(moderator, Action.AUDIT, waiting_audits(), site=f"{story}__site", section=f"{story}__section")
    return there.exclude(decision__comment__author=moderator).exclude(Exists(theirs))


def claimed_by(moderator: User | None, since: datetime) -> QuerySet[Event, int]:
    """Return the ids of audits that a moderator (None: anybody) has claimed since a time."""
    claims = Event.objects.filter(tag=tags.AUDIT_CLAIMED, created_at__gte=since)
    if moderator is not None:
        claims = claims.filter(actor_id=moderator.pk)
    return claims.order_by().values_list("subject_id", flat=True)


def disagreements(reviewer: User) -> QuerySet[Audit]:
    """Return a reviewer's answers that the comment still stands against, the newest first."""
    publish, reject = Decision.Outcome.PUBLISH, Decision.Outcome.REJECT
    against = Q(outcome=reject, decision__comment__status=Comment.Status.PUBLISHED) | Q(
        outcome=publish, decision__comment__status=Comment.Status.REJECTED
    )
    return (
        Audit.objects.filter(against, reviewer=reviewer, reviewed_at__isnull=False)
        .select_related("decision__revision", "decision__comment__story__site")
        .order_by("-reviewed_at")
    )


def refused_audits(site: Site) -> QuerySet[Audit]:
    """Return the audits of a site where the machine had published what a reviewer would refuse, the newest first."""
    return (
        in_place(Audit.objects.all(), "decision__comment__story", site)
        .filter(
            decision__outcome=Decision.Outcome.PUBLISH,
            reviewed_at__isnull=False,
            outcome=Decision.Outcome.REJECT,
        )
        .select_related("decision__revision", "decision__comment__story")
        .order_by("-reviewed_at", "-id")
    )
