"""What the desk's card says of a comment's topic: {% topic_card comment judged %}."""

from typing import Any

from django import template

from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.topic import comments_above, nearest_passage, topic_reason

register = template.Library()


@register.inclusion_tag("desk/_topic.html")
def topic_card(comment: Comment, judged: Decision | None) -> dict[str, Any]:
    """Return the nearest passage, the comments above, and the author's words; nothing where the topic is no matter."""
    reason = topic_reason(judged)
    if judged is None or (reason is None and not comment.relation_source):
        return {}
    above = comments_above(comment)
    return {
        "comment": comment,
        "reason": reason,
        "passage": nearest_passage(judged),
        "above": above,
        "began": next((one for one in above if one.began), None),
    }
