"""What search engines read: a discussion and its comments in the words of schema.org."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from belowline.comments.public import PublicComment
from belowline.stories.models import Story

ESCAPES = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def discussion_data(story: Story, comments: Sequence[PublicComment]) -> dict[str, Any]:
    """Return a DiscussionForumPosting: the story with its newest comments."""
    url = settings.BASE_URL + reverse("thread", args=[story.pk])
    about = {"isPartOf": story.url, "mainEntityOfPage": story.url} if story.url else {}
    return {
        "@context": "https://schema.org",
        "@type": "DiscussionForumPosting",
        "@id": url,
        "url": url,
        "headline": str(story)[:110],
        "text": story.standfirst or str(story),
        "datePublished": story.published_at.isoformat(),
        "author": {"@type": "Organization", "name": story.site.name},
        "commentCount": story.comment_count,
        **about,
        "comment": [comment_data(comment) for comment in comments],
    }


def comment_data(comment: PublicComment) -> dict[str, Any]:
    """Return a Comment."""
    parent = {"parentItem": {"@type": "Comment", "@id": address_of(comment.answers)}} if comment.answers else {}
    changed = {"dateModified": comment.edited_at.isoformat()} if comment.edited_at else {}
    return {
        "@type": "Comment",
        "@id": address_of(comment.id),
        "url": address_of(comment.id),
        "author": {"@type": "Person", "name": comment.author_name},
        "dateCreated": comment.created_at.isoformat(timespec="seconds"),
        **changed,
        "text": comment.text_source,
        "upvoteCount": comment.recommend_count,
        **parent,
    }


def address_of(comment_id: int) -> str:
    """Return the lasting address of a comment."""
    return f"{settings.BASE_URL}/comments/{comment_id}/"


def data_block(data: dict[str, Any]) -> SafeString:
    """Return a block of data for a page: no script, and nothing in it can end the block."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_text).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
