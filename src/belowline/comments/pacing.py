"""How fast one account may post: under a story, and over all of them. Moderators are not slowed down."""

import math
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may
from belowline.comments.errors import SlowDownError
from belowline.comments.models import Comment
from belowline.stories.discussion import DiscussionState, discussion_state
from belowline.stories.models import Story

WINDOW = timedelta(minutes=10)
"""In which an account may post `POSTS_PER_10_MINUTES` comments over all stories."""


def check_pace(*, story: Story, author: User, state: DiscussionState | None = None) -> None:
    """Check that an author may post now; call it again inside the transaction that posts, after `lock_author`.

    `state` is how the discussion stands, where that is known.

    Raises:
        SlowDownError: `slow_down`, with the seconds that are left.
    """
    if may(author, Action.DECIDE, site=story.site_id, section=story.section):
        return
    if seconds := seconds_left(story, author, timezone.now(), state):
        raise SlowDownError(seconds)


def lock_author(author: User) -> None:
    """Let the posts of one author come one after the other until the transaction ends."""
    if connection.features.has_select_for_update:  # SQLite has one writer anyway
        User.objects.select_for_update(no_key=True).values_list("pk").get(pk=author.pk)


def seconds_left(story: Story, author: User, now: datetime, state: DiscussionState | None = None) -> int:
    """Return for how many seconds an author has to wait; 0: not at all."""
    own = Comment.objects.filter(author=author, created_at__lte=now)
    pause = max((state or discussion_state(story, now)).slow_seconds, settings.SLOW_SECONDS)
    last = None
    if pause:
        last = own.filter(story=story).order_by("-created_at").values_list("created_at", flat=True).first()
    until = [last + timedelta(seconds=pause)] if last else []
    recent = own.filter(created_at__gt=now - WINDOW).order_by("-created_at").values_list("created_at", flat=True)
    full = list(recent[settings.POSTS_PER_10_MINUTES - 1 : settings.POSTS_PER_10_MINUTES])
    until += [oldest + WINDOW for oldest in full]
    return max([0, *(math.ceil((moment - now).total_seconds()) for moment in until)])
