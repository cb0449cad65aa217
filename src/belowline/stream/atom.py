"""The newest comments of a story as an Atom feed (RFC 4287), with what answers what (RFC 4685)."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, rfc3339_date
from django.utils.translation import gettext as _

from belowline.comments.public import PublicComment
from belowline.stories.models import Story
from belowline.stream.structured import address_of

THREAD = "http://purl.org/syndication/thread/1.0"
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML cannot hold."""


class ThreadFeed(Atom1Feed):
    """An Atom feed whose entries say which one they answer."""

    def root_attributes(self) -> dict[str, str]:
        """Name the words of RFC 4685."""
        return {**super().root_attributes(), "xmlns:thr": THREAD}

    def add_root_elements(self, handler: Any) -> None:
        """Say how many comments there are."""
        super().add_root_elements(handler)
        handler.addQuickElement("generator", "Belowline")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:
        """Say what the entry answers, and how many answer it."""
        super().add_item_elements(handler, item)
        handler.addQuickElement("content", item["content"], {"type": "html"})
        handler.addQuickElement("thr:in-reply-to", "", {key: str(value) for key, value in item["answers"].items()})
        if item["reply_count"]:
            replies = {"rel": "replies", "type": "text/html", "href": item["link"]}
            counted = {"thr:count": str(item["reply_count"]), "thr:updated": rfc3339_date(item["replied_at"])}
            handler.addQuickElement("link", "", replies | counted)
        handler.addQuickElement("thr:total", str(item["reply_count"]))


def story_feed(story: Story, comments: Sequence[PublicComment], changed: datetime, language: str) -> str:
    """Return the feed as XML."""
    here = settings.BASE_URL + reverse("story-feed", args=[story.pk])
    feed = ThreadFeed(
        title=_plain(_("Comments on “%(story)s”") % {"story": story}),
        link=settings.BASE_URL + reverse("thread", args=[story.pk]),
        description=_plain(story.standfirst) or None,
        language=language,
        feed_url=here,
        feed_guid=here,
        author_name=_plain(story.site.name),
    )
    feed.latest_post_date = lambda: changed  # type: ignore[method-assign] # a comment that is gone is a change, too
    for comment in comments:
        feed.add_item(**_entry(story, comment))
    return str(feed.writeString("utf-8"))


def _entry(story: Story, comment: PublicComment) -> dict[str, Any]:
    name = _plain(comment.author_name)
    return {
        "title": _("Comment by %(name)s") % {"name": name},
        "link": address_of(comment.id),
        "unique_id": comment_tag(comment.id),
        "description": None,
        "content": _plain(comment.body_html),
        "author_name": name,
        "pubdate": comment.created_at,
        "updateddate": comment.edited_at or comment.created_at,
        "answers": _answers(story, comment),
        "reply_count": comment.reply_count,
        "replied_at": comment.replied_at,
    }


def _answers(story: Story, comment: PublicComment) -> dict[str, str]:
    if comment.answers:
        return {"ref": comment_tag(comment.answers), "href": address_of(comment.answers), "type": "text/html"}
    url = story.url or settings.BASE_URL + reverse("thread", args=[story.pk])
    return {"ref": url, "href": url, "type": "text/html"}


def comment_tag(comment_id: int) -> str:
    """Return the lasting name of a comment (RFC 4151)."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},2026:comment/{comment_id}"


def _plain(text: str) -> str:
    return CONTROL.sub("", text)
