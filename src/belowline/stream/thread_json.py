"""A discussion as JSON, for apps and for papers that draw the comments themselves."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from belowline.comments.public import PublicComment
from belowline.stories.models import Story
from belowline.stream.structured import address_of


def thread_data(story: Story, comments: Sequence[PublicComment], following: str | None) -> dict[str, Any]:
    """Return what JSON can hold of a story and some of its comments; `following` is the address of older ones."""
    return {
        "story": {
            "id": story.pk,
            "key": story.key,
            "site": story.site.key,
            "title": str(story),
            "url": story.url,
            "discussion": settings.BASE_URL + reverse("thread", args=[story.pk]),
            "comments": story.comment_count,
        },
        "comments": [comment_data(comment) for comment in comments],
        "next": following,
    }


def comment_data(comment: PublicComment) -> dict[str, Any]:
    """Return what JSON can hold of a comment; `parent` is null where it answers none that can be read."""
    return {
        "id": comment.id,
        "url": address_of(comment.id),
        "parent": comment.answers,
        "author": {"name": comment.author_name, "role": comment.author_role},
        "html": comment.body_html,
        "text": comment.text_source,
        "created_at": comment.created_at.isoformat(),
        "edited_at": comment.edited_at.isoformat() if comment.edited_at else None,
        "recommendations": comment.recommend_count,
        "replies": comment.reply_count,
    }
