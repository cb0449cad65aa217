"""What is known of comments and their topic: which wait for it alone, what the author sees, who began a digression."""

from typing import Any, NamedTuple

from belowline.comments.models import Comment
from belowline.engine import decision as judged
from belowline.engine.policy import Policy
from belowline.moderation.models import Decision
from belowline.moderation.queries import with_history
from belowline.stories.models import Story

TOPIC = "off_topic"
DIGRESSION = 0.5
"""From this value of `off_topic` on, a comment above counts as one that left the article."""
FOLDED_FROM = 0.8
"""From this value on, a comment that is published all the same is folded for readers: the engine is nearly sure."""
MOST_ABOVE = 12
"""Comments above that are shown and looked at: the nearest ones, and the one that the thread began with."""


class Above(NamedTuple):
    """A comment above another one, as the desk shows it."""

    comment: Comment
    value: float | None
    """How far off topic the engine found it, in [0, 1]; None: it could not say."""
    began: bool
    """Whether the conversation left the article here."""


def topic_reason(decision: Decision | None) -> dict[str, Any] | None:
    """Return the reason that was measured to be off topic, or None; what could not be checked is no accusation."""
    reasons: list[dict[str, Any]] = decision.reasons if decision and decision.maker == Decision.Maker.ENGINE else []
    return next((one for one in reasons if one["signal"] == TOPIC and one["score"] is not None), None)


def is_digression(decision: judged.Decision, policy: Policy) -> bool:
    """Say whether readers see a comment folded: published by the engine, and far from the article.

    Where no rule of the policy acts on the topic, nothing is folded for it either.
    """
    if not any(rule.score == TOPIC and not rule.background for rule in policy.rules.values()):
        return False
    score = decision.scores.get(TOPIC)
    is_far = score is not None and score.value is not None and score.value >= FOLDED_FROM
    return is_far and decision.outcome == judged.Outcome.PUBLISH


def nearest_passage(decision: Decision) -> str:
    """Return the passage of the article that the engine found nearest; "" where it found none."""
    return str((decision.scores.get(TOPIC) or {}).get("evidence", ""))


def held_for_topic(story: Story) -> list[Comment]:
    """Return the story's held comments whose newest decision is the engine's, and is about the topic alone."""
    held = with_history(Comment.objects.filter(story=story, status=Comment.Status.HELD).order_by("pk"))
    return [comment for comment in held.select_related("story__site", "author", "parent__root") if _waits(comment)]


def _waits(comment: Comment) -> bool:
    newest: Decision | None = next(iter(comment.history), None)  # type: ignore[attr-defined] # with_history sets it
    if newest is None or newest.maker != Decision.Maker.ENGINE:
        return False
    return bool(newest.reasons) and all(reason["signal"] == TOPIC for reason in newest.reasons)


def comments_above(comment: Comment) -> list[Above]:
    """Return the comments that lead to this one, the first of the thread first, and who began a digression.

    A digression has two sides: whoever answers it stays with the conversation. It is charged to whoever began it.
    """
    chain: list[Comment] = []
    parent = comment.parent_id
    while parent is not None and len(chain) < MOST_ABOVE:
        chain.append(Comment.objects.select_related("author").get(pk=parent))
        parent = chain[-1].parent_id
    if parent is not None and comment.root_id is not None:
        chain.append(Comment.objects.select_related("author").get(pk=comment.root_id))
    values = _topic_values([one.pk for one in chain])
    found: list[Above] = []
    for one in reversed(chain):
        value = values.get(one.pk)
        is_first = not any(above.began for above in found)
        found.append(Above(one, value, is_first and value is not None and value >= DIGRESSION))
    return found


def _topic_values(comments: list[int]) -> dict[int, float | None]:
    """Return what the engine last measured of each comment: `off_topic`, None where unchecked."""
    rows = (
        Decision.objects.filter(comment__in=comments, maker=Decision.Maker.ENGINE)
        .order_by("id")
        .values_list("comment_id", "scores__off_topic__value")
    )
    return dict(rows)
