"""A moderator sends a comment to the newsroom or to the corrections desk by hand."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.engine.policy import DESKS
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.record_decision import check_words, moderator_reason, record_decision
from belowline.moderation.desks import MODERATORS, held_at, listed_at
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.escalation_models import Referral
from belowline.moderation.models import Decision
from belowline.moderation.queueing import requeue


def refer_comment(*, comment: Comment, desk: str, by: User, note: str = "", last_seen: int | None = None) -> Referral:
    """Send a comment to a desk, with a note of up to 2,000 characters for the staff there.

    A published one stays under its article and is listed there until somebody has seen to it; a held one waits there,
    by the rule of the policy that leads to that desk. `last_seen` is the id of the newest decision that was seen.

    Raises:
        PermissionDenied: they may not decide here.
        DecidingError: `unknown_desk`, `note_too_long`, `not_waiting` (it is neither published nor held any more, or
            somebody has decided), `already_there`, or `no_rule_for_desk`: a held comment needs a rule that leads there.
    """
    require(by, Action.DECIDE, site=comment.story.site, section=comment.story.section)
    if desk not in DESKS or desk == MODERATORS:
        raise DecidingError("Choose the desk: newsroom or corrections.", code="unknown_desk")
    words = check_words(note)
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id").first()
        _check_there(locked, desk, newest, last_seen)
        row = Referral.objects.create(comment=locked, desk=desk, sent_by=by, note=words)
        if locked.status == Comment.Status.HELD:
            _hold_there(locked, desk, newest, by)
        else:
            _record(tags.COMMENT_LISTED, row, decision=newest.pk if newest else None)
            requeue(locked)
        _record(tags.COMMENT_REFERRED, row, referral=row.pk)
    return row


def _check_there(comment: Comment, desk: str, newest: Decision | None, last_seen: int | None) -> None:
    is_known = comment.status in {Comment.Status.HELD, Comment.Status.PUBLISHED}
    if not is_known or (last_seen and newest and newest.pk != last_seen):
        raise DecidingError(
            "Somebody has decided about this comment meanwhile. Nothing was changed.", code="not_waiting"
        )
    if held_at(desk).filter(pk=comment.pk).exists() or listed_at(desk).filter(pk=comment.pk).exists():
        raise DecidingError("This comment waits at that desk already.", code="already_there")


def _hold_there(comment: Comment, desk: str, newest: Decision | None, by: User) -> None:
    policy = site_policy(comment.story.site)
    code = next((code for code, rule in policy.rules.items() if rule.desk == desk), "")
    if not code:
        raise DecidingError(
            f"The policy has no rule that leads to the {desk} desk, so no held comment can wait there. "
            "Publish it first, or add such a rule.",
            code="no_rule_for_desk",
        )
    record_decision(
        comment=comment,
        outcome=Decision.Outcome.HOLD,
        moderator=by,
        maker=Decision.Maker.PERSON,
        reasons=[moderator_reason(comment, newest, code, Decision.Outcome.HOLD)],
        policy=policy.version,
    )


def _record(tag: str, row: Referral, **data: int | None) -> None:
    comment = row.comment
    record_event(
        tag, subject_id=comment.pk, site_id=comment.story.site_id, actor_id=row.sent_by_id, desk=row.desk, **data
    )
