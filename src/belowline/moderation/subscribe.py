"""What moderation does when something happens elsewhere."""

from typing import Any

from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queueing import requeue
from belowline.moderation.report_models import ReportTally
from belowline.moderation.report_weights import tally_reports
from belowline.moderation.tasks import keep_reading, plan_subjects, rejudge_story
from belowline.stories.models import Story

COUNTED = frozenset({tags.COMMENT_PUBLISHED, tags.COMMENT_REMOVED, tags.COMMENT_DELETED})
"""After these a story has more or fewer comments."""
READ = frozenset({"title", "standfirst", "body"})
"""What of a story the topic model reads."""


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Have a story read when its text is there or another one, and held comments judged again by what they were."""
    if _weighs_otherwise(event) and (tally := ReportTally.objects.filter(pk=event.subject_id).first()):
        tally_reports(tally.comment)
        requeue(tally.comment)
    if _has_other_text(event):
        keep_reading.enqueue(event.subject_id)
    _keep_queues(event)
    if event.tag in COUNTED:
        story = _story_of(event)
        if story is not None:
            plan_subjects(story)
    is_changed = event.tag == tags.STORY_CHANGED and event.data.get("changed")
    if not (is_changed or event.tag == tags.STORY_TOPIC_SWITCHED):
        return
    if Comment.objects.filter(story=event.subject_id, status=Comment.Status.HELD).exists():
        rejudge_story.enqueue(event.subject_id)


def _story_of(event: Event) -> int | None:
    if isinstance(event.subject, Comment):
        return event.subject.story_id
    return Comment.objects.values_list("story_id", flat=True).filter(pk=event.subject_id).first()


def _keep_queues(event: Event) -> None:
    """Let a deleted comment wait no longer, and its story's comments wait in the section where the story is now."""
    if event.tag == tags.COMMENT_DELETED:
        for comment in Comment.objects.filter(pk=event.subject_id):
            requeue(comment)
    elif event.tag == tags.STORY_CHANGED and "section" in event.data.get("changed", ()):
        section = Story.objects.values_list("section", flat=True).get(pk=event.subject_id)
        QueueEntry.objects.filter(story=event.subject_id).update(section=section)


def _has_other_text(event: Event) -> bool:
    """Say whether a story has a text that the topic model has not read: one whose page is to be read has none yet."""
    if event.tag == tags.STORY_CREATED:
        return Story.objects.filter(pk=event.subject_id).exclude(title="").exists()
    return not READ.isdisjoint(event.data.get("changed", ()))


def _weighs_otherwise(event: Event) -> bool:
    """Say whether a person has let a text stand, or there is another one: its reports weigh something else now."""
    by_person = event.tag == tags.COMMENT_PUBLISHED and event.actor_id is not None
    return by_person or event.tag == tags.COMMENT_EDITED
