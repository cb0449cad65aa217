"""A moderator publishes or rejects a comment."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import record_decision
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision


def decide_comment(
    *,
    comment: Comment,
    moderator: User,
    outcome: Decision.Outcome,
    rule: str = "",
    last_seen: int | None = None,
) -> Decision:
    """Decide about a held comment; `last_seen` is the id of the newest decision that the moderator saw.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_waiting` (somebody was faster), `rule_required` or `unknown_rule`.
    """
    if not moderator.is_moderator:
        raise PermissionDenied("only moderators decide")
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
        reasons = [_reason(locked, newest, rule)] if outcome == Decision.Outcome.REJECT else []
        return record_decision(
            comment=locked,
            outcome=outcome,
            moderator=moderator,
            maker=Decision.Maker.PERSON,
            reasons=reasons,
            policy=site_policy(locked.story.site).version,
        )


def _reason(comment: Comment, newest: Decision | None, code: str) -> dict[str, Any]:
    """Return the moderator's reason: the rule, with the excerpt that the engine found for it."""
    if not code:
        raise DecidingError("Choose the rule that the comment breaks.", code="rule_required")
    rule = site_policy(comment.story.site).rules.get(code)
    if rule is None:
        raise DecidingError(f"There is no rule “{code}” in the policy.", code="unknown_rule")
    found: dict[str, Any] = next(
        (reason for reason in (newest.reasons if newest else []) if reason["rule"] == code), {}
    )
    return {
        "rule": code,
        "title": rule.title,
        "outcome": "reject",
        "signal": rule.score,
        "score": found.get("score"),
        "threshold": rule.hold,
        "start": found.get("start"),
        "end": found.get("end"),
        "explanation": rule.for_readers,
    }
