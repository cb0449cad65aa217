"""A moderator publishes or rejects a comment that waits, or lets it go on waiting."""

from typing import Any

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import check_words, moderator_reason, record_decision
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.excerpts import Excerpt
from belowline.moderation.hiding import hides
from belowline.moderation.impartial import check_not_own
from belowline.moderation.models import Decision


def decide_comment(  # noqa: PLR0913 - what the desk's form says
    *,
    comment: Comment,
    moderator: User,
    outcome: Decision.Outcome,
    rule: str = "",
    last_seen: int | None = None,
    explanation: str = "",
    note_to_author: str = "",
    excerpt: Excerpt | None = None,
) -> Decision:
    """Decide about a held comment; `last_seen` is the id of the newest decision that the moderator saw.

    `explanation` replaces the rule's own words for the author, `excerpt` the passage that the engine found.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_waiting` (somebody was faster), `own_comment` (another moderator must decide),
            `rule_required`, `unknown_rule` or `note_too_long`.
    """
    require(moderator, Action.DECIDE, site=comment.story.site_id, section=comment.story.section)
    note = check_words(note_to_author)
    with transaction.atomic():
        # no_key: replies refer to this row, and need not wait for us while we wait for their story.
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id").first()
        if locked.status != Comment.Status.HELD or (last_seen and newest and newest.pk != last_seen):
            raise DecidingError(
                "Somebody has decided about this comment meanwhile. Nothing was changed.", code="not_waiting"
            )
        check_not_own(locked, moderator)
        reasons: list[dict[str, Any]] = []
        if outcome == Decision.Outcome.REJECT:
            reasons = [moderator_reason(locked, newest, rule, outcome, excerpt)]
        elif outcome == Decision.Outcome.HOLD and newest:
            reasons = newest.reasons  # it goes on waiting for what it waited for
        if reasons and explanation:
            reasons[0]["explanation"] = explanation
        return record_decision(
            comment=locked,
            outcome=outcome,
            moderator=moderator,
            maker=Decision.Maker.PERSON,
            reasons=reasons,
            policy=site_policy(locked.story.site).version,
            note_to_author=note,
            source=Decision.Source.REPORT if hides(newest) else Decision.Source.OWN,
        )
