"""A moderator decides about many comments at once; each by the same rules as one alone."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require, require_somewhere
from belowline.comments.models import Comment
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.hold_comment import hold_comment
from belowline.moderation.actions.publish_comment import REFUSED, publish_comment
from belowline.moderation.actions.record_decision import TAKES_AWAY, check_words
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.run_batch import run_batch
from belowline.moderation.batches import Batch
from belowline.moderation.claims import check_claim
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

    Publishing goes for what is held, rejected or removed; rejecting and removing reject what is held and remove what is
    published; holding lets both wait. A comment that changed since, that a colleague looks at now, or that this
    moderator may not decide about, is skipped, and the batch's items say why. `chosen` says in up to 300 characters how
    they were chosen.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `rule_required`, `note_too_long`, `nothing_chosen` or `batch_too_large`; nothing was changed.
        DatabaseError: nothing could be saved, and nothing was changed.
    """
    require_somewhere(moderator, Action.DECIDE_BATCH)
    if outcome in TAKES_AWAY and not rule:
        raise DecidingError("Choose the rule that the comments break.", code="rule_required")
    words = _Words(moderator, Decision.Outcome(outcome), rule, check_words(note_to_author))

    def decide(comment: Comment) -> Decision:
        check_claim(comment, moderator)
        return _decide(comment, words, seen.get(comment.pk))

    batch = Batch(moderator=moderator, act=words.outcome.value, rule=rule if outcome in TAKES_AWAY else "")
    batch.chosen = chosen[:300]
    return run_batch(batch=batch, comments=comments, deed=decide)


class _Words(NamedTuple):
    """What the moderator says of every comment."""

    moderator: User
    outcome: Decision.Outcome
    rule: str
    note: str


def _decide(comment: Comment, words: _Words, seen: int | None) -> Decision:
    """Decide by the action that a comment in this status asks for; the row is locked."""
    moderator, outcome, rule, note = words
    require(moderator, Action.DECIDE_BATCH, site=comment.story.site_id, section=comment.story.section)
    is_published = comment.status == Comment.Status.PUBLISHED
    if outcome in TAKES_AWAY and is_published:
        return remove_comment(comment=comment, moderator=moderator, rule=rule, note_to_author=note, last_seen=seen)
    if outcome == Decision.Outcome.HOLD and is_published:
        return hold_comment(comment=comment, moderator=moderator, last_seen=seen)
    if outcome == Decision.Outcome.PUBLISH and comment.status in REFUSED:
        return publish_comment(comment=comment, moderator=moderator, last_seen=seen)
    held = Decision.Outcome.REJECT if outcome == Decision.Outcome.REMOVE else outcome
    return decide_comment(
        comment=comment, moderator=moderator, outcome=held, rule=rule, note_to_author=note, last_seen=seen
    )
