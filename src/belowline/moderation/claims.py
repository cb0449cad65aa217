"""Who looks at a comment now, and when a calm one is due in between."""

from datetime import timedelta

from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, within
from belowline.comments.models import Comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry

RUN = 8
"""Every eighth comment is a calm one, where there is one: an hour of nothing but bile wears people out."""
CALM = 0.2
"""Up to this risk a comment counts as calm."""
SESSION = timedelta(hours=1)
RECENT = timedelta(days=1)
GOOD = 0.6
"""From this constructiveness on, a comment is worth reading for its own sake."""


def looking_at(comment_id: int, *, besides: User) -> QueueEntry | None:
    """Return the entry of a comment that somebody else looks at now, with them; None: nobody does."""
    claimed = QueueEntry.objects.claimed(timezone.now()).filter(comment=comment_id)
    return claimed.exclude(claimed_by=besides).select_related("claimed_by").first()


def check_claim(comment: Comment, moderator: User) -> None:
    """Refuse a moderator who would decide about a comment that somebody else looks at.

    Raises:
        DecidingError: `claimed`.
    """
    if (entry := looking_at(comment.pk, besides=moderator)) and entry.claimed_by:
        name = entry.claimed_by.display_name
        raise DecidingError(
            f"{name} is looking at this comment now. Nothing was changed; it comes back to everybody within five "
            "minutes where they leave it.",
            code="claimed",
        )


def is_calm_due(moderator: User, ahead: int = 0) -> bool:
    """Say whether the next comment of a moderator should be a calm one; `ahead`: the one after so many more."""
    recent = Decision.objects.filter(
        maker=Decision.Maker.PERSON, moderator=moderator, created_at__gte=timezone.now() - SESSION
    )
    return (recent.count() + ahead) % RUN == RUN - 1


def worth_reading(moderator: User) -> Comment | None:
    """Return a good comment of today that readers see and nobody has picked yet; None: there is none."""
    recent = Comment.objects.filter(
        status=Comment.Status.PUBLISHED, created_at__gte=timezone.now() - RECENT, pick=None, constructiveness__gte=GOOD
    )
    return (
        within(moderator, Action.PICK, recent)
        .exclude(author=moderator)
        .select_related("story", "author")
        .order_by("-best_rank")
        .first()
    )
