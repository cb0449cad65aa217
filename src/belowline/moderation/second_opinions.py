"""What a second person, who did not know the first answer, would have decided; and what waits for one.

Two people agree by chance and by habit, too. Only questions that both answered, blind, and that nobody picked, say how
far they agree: moderation.insights.agreement works it out.
"""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, within
from belowline.comments.models import Comment


class SecondOpinion(models.Model):
    """A person's decision, drawn at random, about which a colleague says blind what they would have decided."""

    decision = models.OneToOneField("moderation.Decision", on_delete=models.PROTECT, related_name="second_opinion")
    giver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    """Who looks at it, or has answered."""
    claimed_until = models.DateTimeField(null=True)
    """Until then nobody else is asked."""
    outcome = models.CharField(max_length=10, blank=True)
    """What the giver would have decided: publish or reject; empty until then."""
    rule = models.CharField(max_length=100, blank=True)
    """The rule that the giver named; empty for publish."""
    created_at = models.DateTimeField(auto_now_add=True)
    given_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["given_at", "id"])]

    def __str__(self) -> str:
        return f"second opinion on decision {self.decision_id}"


def waiting_opinions() -> QuerySet[SecondOpinion]:
    """Return those that nobody has given, in the order in which they were drawn.

    Nobody is asked about a comment that its author has deleted, nor about a decision that was taken back.
    """
    return (
        SecondOpinion.objects.filter(given_at=None, decision__undone_by=None)
        .exclude(decision__comment__status=Comment.Status.DELETED)
        .select_related("decision__revision", "decision__comment__story__site", "decision__comment__parent")
        .order_by("id")
    )


def opinions_for(moderator: User, now: datetime) -> QuerySet[SecondOpinion]:
    """Return those that a moderator can give blind, where they may audit at all, and that nobody looks at now.

    Not of their own comments, nor of what they have decided about themselves.
    """
    from belowline.moderation.models import Decision

    theirs = Decision.objects.filter(comment=OuterRef("decision__comment"), moderator=moderator)
    is_free = Q(claimed_until=None) | Q(claimed_until__lte=now) | Q(giver=moderator)
    story = "decision__comment__story"
    there = within(moderator, Action.AUDIT, waiting_opinions(), site=f"{story}__site", section=f"{story}__section")
    return there.filter(is_free).exclude(decision__comment__author=moderator).exclude(Exists(theirs))
