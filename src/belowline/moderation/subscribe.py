"""What moderation does when something happens elsewhere."""

from typing import Any

from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.tasks import rejudge_story


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Have held comments judged again when what they were judged by has changed."""
    is_changed = event.tag == tags.STORY_CHANGED and event.data.get("changed")
    if not (is_changed or event.tag == tags.STORY_TOPIC_SWITCHED):
        return
    if Comment.objects.filter(story=event.subject_id, status=Comment.Status.HELD).exists():
        rejudge_story.enqueue(event.subject_id)
