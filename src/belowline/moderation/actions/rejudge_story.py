"""A story's text or switch has changed: what waits only because it seemed off topic is judged again.

The engine judges first; then all that changed is written in one transaction. What a person has touched stays theirs.
"""

from typing import NamedTuple

from django.db import transaction

from belowline.comments.models import Comment
from belowline.engine import decision as judged
from belowline.engine.decide import ENGINE_FAILED
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.post_comment import gather
from belowline.moderation.actions.record_decision import record_engine_decision
from belowline.moderation.engine import judge
from belowline.moderation.models import Decision
from belowline.moderation.topic import held_for_topic
from belowline.stories.models import Story


class _Judged(NamedTuple):
    comment_id: int
    seen: int
    """The id of the decision that it had when it was judged."""
    decision: judged.Decision


def rejudge_story(*, story: Story) -> list[Decision]:
    """Judge the story's comments again that wait only for their topic; return the new decisions.

    What is judged as before keeps its decision, and so does what the engine failed on.
    """
    found = [one for comment in held_for_topic(story) if (one := _judge_again(comment))]
    with transaction.atomic():
        rows = [row for one in found if (row := _record(one))]
        if rows:
            published = [row.pk for row in rows if row.outcome == Decision.Outcome.PUBLISH]
            record_event(
                tags.STORY_REJUDGED, subject_id=story.pk, site_id=story.site_id, judged=len(rows), published=published
            )
    return rows


def _judge_again(comment: Comment) -> _Judged | None:
    """Return what the engine says now; None where that is nothing new."""
    before: Decision = comment.history[0]  # type: ignore[attr-defined] # moderation.queries.with_history sets it
    sent = gather(
        story=comment.story,
        author=comment.author,
        text_source=comment.text_source,
        parent=comment.parent,
        before=comment,
    )
    found = judge(comment.story.site, sent)
    told = [(reason.rule, reason.explanation) for reason in found.reasons]
    is_same = told == [(reason["rule"], reason["explanation"]) for reason in before.reasons]
    if is_same or any(rule == ENGINE_FAILED for rule, _ in told):
        return None
    return _Judged(comment.pk, before.pk, found)


def _record(one: _Judged) -> Decision | None:
    """Write the decision, unless somebody has decided meanwhile."""
    locked = (
        Comment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("story__site")
        .get(pk=one.comment_id)
    )
    newest = locked.decisions.order_by("-id").values_list("pk", flat=True)[0]
    if locked.status != Comment.Status.HELD or newest != one.seen:
        return None
    return record_engine_decision(comment=locked, decision=one.decision)
