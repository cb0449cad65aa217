"""A moderator decides about many comments at once; each by the same rules as one alone."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.core.exceptions import PermissionDenied

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.record_decision import TAKES_AWAY, check_words
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.run_batch import run_batch
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision


def decide_batch(  # noqa: PLR0913 - what the form above a list says
    *,
    comments: Iterable[int],
    moderator: User,
    outcome: Decision.Outcome,
    rule: str = "",
    note_to_author: str = "",
    seen: Mapping[int, int],
    chosen: str = "",
) -> Batch:
    """Decide about up to 1,000 comments by their ids; `seen` has the newest decision that was seen of each.

    Publishing goes for what is held or rejected; rejecting and removing reject what is held and remove what is
    published. A comment that changed since, or may not be decided by this moderator, is skipped, and the batch's items
    say why. `chosen` says in up to 300 characters how they were chosen.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `rule_required`, `note_too_long`, `nothing_chosen` or `batch_too_large`; nothing was changed.
        DatabaseError: nothing could be saved, and nothing was changed.
    """
    if not moderator.is_moderator:
        raise PermissionDenied("only moderators decide")
    if outcome in TAKES_AWAY and not rule:
        raise DecidingError("Choose the rule that the comments break.", code="rule_required")
    words = _Words(moderator, Decision.Outcome(outcome), rule, check_words(note_to_author))

    def decide(comment: Comment) -> Decision:
        _check_seen(comment, seen.get(comment.pk))
        return _decide(comment, words)

    batch = Batch(moderator=moderator, act=words.outcome.value, rule=rule if outcome in TAKES_AWAY else "")
    batch.chosen = chosen[:300]
    return run_batch(batch=batch, comments=comments, deed=decide)


class _Words(NamedTuple):
    """What the moderator says of every comment."""

    moderator: User
    outcome: Decision.Outcome
    rule: str
    note: str


def _check_seen(comment: Comment, seen: int | None) -> None:
    newest = comment.decisions.order_by("-id").values_list("pk", flat=True).first()
    if seen is not None and newest != seen:
        raise DecidingError(
            "Somebody has decided about this comment meanwhile. Nothing was changed.", code="not_waiting"
        )


def _decide(comment: Comment, words: _Words) -> Decision:
    """Decide by the action that a comment in this status asks for; the row is locked."""
    moderator, outcome, rule, note = words
    if outcome in TAKES_AWAY and comment.status == Comment.Status.PUBLISHED:
        return remove_comment(comment=comment, moderator=moderator, rule=rule, note_to_author=note)
    if outcome == Decision.Outcome.PUBLISH and comment.status == Comment.Status.REJECTED:
        return publish_comment(comment=comment, moderator=moderator)
    held = Decision.Outcome.REJECT if outcome == Decision.Outcome.REMOVE else outcome
    return decide_comment(comment=comment, moderator=moderator, outcome=held, rule=rule, note_to_author=note)
