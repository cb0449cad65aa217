"""A decision becomes a row, the comment follows it, and an event is recorded: one transaction of the caller's."""

from typing import Any, NamedTuple

import msgspec

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.comments.ranking import constructiveness
from belowline.engine import decision as judged
from belowline.engine.policy import Policy
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.answer_reports import answer_reports
from belowline.moderation.actions.draw_audit import draw_audit
from belowline.moderation.actions.draw_second_opinion import draw_second_opinion
from belowline.moderation.actions.end_escalations import end_escalations
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.excerpts import Excerpt
from belowline.moderation.models import Decision
from belowline.moderation.premoderation import READ_FIRST, TITLES, premoderate
from belowline.moderation.queueing import requeue
from belowline.moderation.sanctions import is_read_first
from belowline.moderation.topic import is_digression
from belowline.stories.discussion import DiscussionState, discussion_state
from belowline.stories.models import Story

STATUS = {
    Decision.Outcome.PUBLISH: Comment.Status.PUBLISHED,
    Decision.Outcome.HOLD: Comment.Status.HELD,
    Decision.Outcome.REJECT: Comment.Status.REJECTED,
    Decision.Outcome.REMOVE: Comment.Status.REMOVED,
}
TAGS = {
    Decision.Outcome.PUBLISH: tags.COMMENT_PUBLISHED,
    Decision.Outcome.HOLD: tags.COMMENT_HELD,
    Decision.Outcome.REJECT: tags.COMMENT_REJECTED,
    Decision.Outcome.REMOVE: tags.COMMENT_REMOVED,
}
TAKES_AWAY = {Decision.Outcome.REJECT, Decision.Outcome.REMOVE}
"""Who reported the comment was right."""
LANGUAGE_CHARACTERS, MODEL_CHARACTERS = 10, 200
"""Longer ones are cut: no comment shall be held up by a name."""
MAX_NOTE_CHARACTERS = 2_000
"""Of what a moderator writes to an author."""
OTHER_TITLES = {"engine_failed": "Checks not available", **TITLES}


class New(NamedTuple):
    """What is known of a comment that was written in this transaction: found out in it, too."""

    is_premoderated: bool
    """Whether the discussion is."""
    is_read_first: bool
    """Whether a moderator reads its author's comments before others can."""


def record_engine_decision(*, comment: Comment, decision: judged.Decision, new: New | None = None) -> Decision:
    """Write the engine's decision and move the comment accordingly; chance may draw it for an audit.

    Under a pre-moderated story nothing is published by it, nor what somebody wrote whose comments a moderator reads
    first: asked now, for the engine may have judged for a while.
    """
    site = comment.story.site
    policy = site_policy(site)
    if new.is_premoderated if new else state_now(comment.story).is_premoderated:
        decision = premoderate(decision)
    elif new.is_read_first if new else is_read_first(comment.author_id, site):
        decision = premoderate(decision, READ_FIRST)
    _keep_measured(comment, decision, policy, is_new=new is not None)
    scores = {name: msgspec.to_builtins(score) for name, score in decision.scores.items()}
    row = record_decision(
        comment=comment,
        outcome=Decision.Outcome(decision.outcome.value),
        maker=Decision.Maker.ENGINE,
        reasons=[reason_fields(policy, reason) for reason in decision.reasons],
        noted=[reason_fields(policy, reason) for reason in decision.noted],
        scores=scores,
        language=decision.language[:LANGUAGE_CHARACTERS],
        policy=decision.policy,
        model=decision.model[:MODEL_CHARACTERS],
        is_new=new is not None,
    )
    _list_for_desks(row)
    draw_audit(decision=row, policy=policy)
    return row


def state_now(story: Story) -> DiscussionState:
    """Return how a discussion stands by its row as it is now, not as it was read."""
    return discussion_state(Story.objects.defer("body", "standfirst").get(pk=story.pk))


def _keep_measured(comment: Comment, decision: judged.Decision, policy: Policy, *, is_new: bool) -> None:
    """Keep beside the comment what readers' pages order and fold by."""
    values = {name: score.value for name, score in decision.scores.items()}
    keep = comment.rank_new if is_new else comment.rerank
    keep(
        constructiveness=constructiveness(comment.text_source, values),
        is_digression=is_digression(decision, policy),
    )


def _list_for_desks(row: Decision) -> None:
    """List a published comment for the desks whose background rules noted it."""
    if row.outcome != Decision.Outcome.PUBLISH:
        return
    desks = dict.fromkeys(reason["desk"] for reason in row.noted if reason["desk"] != "moderators")
    for desk in desks:
        record_event(
            tags.COMMENT_LISTED,
            subject_id=row.comment_id,
            site_id=row.comment.story.site_id,
            decision=row.pk,
            desk=desk,
        )
    if desks:
        requeue(row.comment)


def record_decision(
    *,
    comment: Comment,
    outcome: Decision.Outcome,
    moderator: User | None = None,
    is_new: bool = False,
    **fields: Any,
) -> Decision:
    """Write a decision, change the comment's status and record the event; call it inside a transaction.

    `is_new`: the comment was written in it.
    """
    row = Decision.objects.create(
        comment=comment,
        revision=(comment.first_revision if is_new else None) or comment.revisions.order_by("-id")[0],
        outcome=outcome,
        moderator=moderator,
        **fields,
    )
    comment.change_status(STATUS[outcome], is_new=is_new)
    record_event(
        TAGS[outcome],
        subject_id=comment.pk,
        subject=comment,
        site_id=comment.story.site_id,
        actor_id=moderator.pk if moderator else None,
        decision=row.pk,
        rules=[reason["rule"] for reason in row.reasons],
    )
    if outcome in TAKES_AWAY:
        answer_reports(comment=comment, by=moderator, removal=row)
    elif outcome == Decision.Outcome.PUBLISH and moderator and row.source == Decision.Source.REPORT:
        answer_reports(comment=comment, by=moderator, removal=None)
    if moderator is not None and outcome != Decision.Outcome.HOLD:
        end_escalations(decision=row, by=moderator)
    requeue(comment, is_new=is_new)
    draw_second_opinion(decision=row)
    return row


def check_words(text: str) -> str:
    """Return what a moderator writes to an author, without blanks around it.

    Raises:
        DecidingError: `note_too_long`.
    """
    if len(text) > MAX_NOTE_CHARACTERS:
        raise DecidingError(
            f"Your words have {len(text):,} characters; at most {MAX_NOTE_CHARACTERS:,} fit.", code="note_too_long"
        )
    return text.strip()


def rule_title(policy: Policy, code: str) -> str:
    """Return a rule's title for people; codes that are no rules of the policy have a name too."""
    rule = policy.rules.get(code)
    return rule.title if rule else OTHER_TITLES.get(code, code)


def moderator_reason(
    comment: Comment,
    newest: Decision | None,
    code: str,
    outcome: Decision.Outcome,
    excerpt: Excerpt | None = None,
) -> dict[str, Any]:
    """Return a moderator's reason: the rule, with the moderator's excerpt or that of the newest decision.

    Raises:
        DecidingError: `rule_required` or `unknown_rule`.
    """
    if not code:
        raise DecidingError("Choose the rule that the comment breaks.", code="rule_required")
    rule = site_policy(comment.story.site).rules.get(code)
    if rule is None:
        raise DecidingError(f"There is no rule “{code}” in the policy.", code="unknown_rule")
    found: dict[str, Any] = next(
        (reason for reason in (newest.reasons if newest else []) if reason["rule"] == code), {}
    )
    start, end = excerpt or (found.get("start"), found.get("end"))
    return {
        "rule": code,
        "title": rule.title,
        "outcome": str(outcome),
        "signal": rule.score,
        "score": found.get("score"),
        "threshold": rule.hold_from(comment.story.section),
        "start": start,
        "end": end,
        "explanation": rule.for_readers,
        "desk": rule.desk,
    }


def reason_fields(policy: Policy, reason: judged.Reason) -> dict[str, Any]:
    """Return the engine's reason as rows and pages have it: with the rule's title."""
    fields: dict[str, Any] = msgspec.to_builtins(reason)
    return fields | {"title": rule_title(policy, reason.rule)}
