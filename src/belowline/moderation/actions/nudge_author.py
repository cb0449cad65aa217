"""Before a comment is posted that would be held, its author sees why, once a form, and may change it.

What explanations do, and that one prompt which may be overruled is enough: Jhaver, Bruckman and Gilbert 2019
(10.1145/3359252); Katsaros, Yang and Fratamico 2022 (arXiv 2112.00773).
"""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.engine import decision as judged
from belowline.engine.policy import Policy
from belowline.engine.text.fingerprint import text_key
from belowline.moderation.actions.record_decision import reason_fields
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Nudge
from belowline.stories.models import Story

NOT_THE_AUTHORS = frozenset({"other_language"})
"""Scores that no author can mend by other words: whoever writes in another language cannot write in ours."""
MAX_AN_HOUR_IN_A_STORY = 3
MAX_AN_HOUR = 10
"""So many nudges an author gets; then comments are held without one. Nobody finds the thresholds by trying."""


def nudge_author(
    *, story: Story, author: User, text_source: str, idempotency_key: str, decision: judged.Decision
) -> list[dict[str, Any]]:
    """Return the reasons to show to the author before posting, and record that they were shown; none: post it.

    None, unless the comment would be held by a rule that other words can meet, the policy has `nudge`, this form was
    not nudged before, and the author was not nudged too often. The same form with the same text, sent twice at once,
    gets the same answer twice.
    """
    policy = site_policy(story.site)
    reasons = reasons_to_show(policy, decision)
    if not reasons or not policy.settings.nudge:
        return []
    key = text_key(text_source)
    earlier = Nudge.objects.filter(author=author, idempotency_key=idempotency_key).first()
    if earlier is not None:
        return reasons if earlier.result == Nudge.Result.OPEN and earlier.text_key == key else []
    if _had_enough(author, story):
        return []
    try:
        with transaction.atomic():
            Nudge.objects.create(
                story=story,
                author=author,
                idempotency_key=idempotency_key,
                text_key=key,
                rules=[reason["rule"] for reason in reasons],
                policy=decision.policy,
            )
    except IntegrityError:
        if not Nudge.objects.filter(author=author, idempotency_key=idempotency_key).exists():
            raise
    return reasons


def reasons_to_show(policy: Policy, decision: judged.Decision) -> list[dict[str, Any]]:
    """Return what was measured of a comment that would be held; nothing, where its author can change none of it."""
    measured = [reason for reason in decision.reasons if reason.score is not None]
    if decision.outcome != judged.Outcome.HOLD or all(reason.signal in NOT_THE_AUTHORS for reason in measured):
        return []
    return [reason_fields(policy, reason) for reason in measured]


def answer_nudge(comment: Comment, idempotency_key: str | None = None) -> None:
    """Record what the author did after the nudge, if there was one; call it inside the transaction that posts.

    `idempotency_key` is that of the form where it edits the comment; None: the form that posted it.

    Changed is a text with another key; and one that is published now, for capitals and signs count in no key.
    """
    nudge = Nudge.objects.filter(
        author_id=comment.author_id,
        idempotency_key=comment.idempotency_key if idempotency_key is None else idempotency_key,
        result=Nudge.Result.OPEN,
    ).first()
    if nudge is None:
        return
    changed = comment.text_key != nudge.text_key or comment.is_public
    nudge.result = Nudge.Result.EDITED if changed else Nudge.Result.POSTED_ANYWAY
    if not Nudge.objects.filter(comment=comment).exists():
        nudge.comment = comment
    nudge.save(update_fields=["result", "comment"])


def _had_enough(author: User, story: Story) -> bool:
    """Say whether the author was nudged too often within the last hour, here or anywhere."""
    since = timezone.now() - timedelta(hours=1)
    recent = Nudge.objects.filter(author=author, created_at__gte=since).values_list("story_id", flat=True)
    by_story = Counter(recent)
    return by_story[story.pk] >= MAX_AN_HOUR_IN_A_STORY or by_story.total() >= MAX_AN_HOUR
