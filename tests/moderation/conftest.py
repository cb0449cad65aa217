"""Comments and decisions of days gone by, written as rows: the figures count them."""

from datetime import timedelta
from itertools import count

import pytest
from django.utils import timezone

from belowline.comments.models import Comment, Revision
from belowline.moderation.models import Decision


@pytest.fixture
def write_comment(make_story, reader):
    """Write a comment with a status at a time."""
    numbers = count(1)

    def call(site, status="published", at=None):
        number = next(numbers)
        story = site.stories.filter(key="figures").first() or make_story(site, "figures")
        comment = Comment.objects.create(
            story=story,
            author=reader,
            status=status,
            text_source="Bridge.",
            body_html="<p>Bridge.</p>",
            idempotency_key=f"row-{site.pk}-{number}",
            text_key=f"row-{number}",
            **{f"band_{index}": number for index in range(4)},
            created_at=at or timezone.now() - timedelta(days=1),
        )
        Revision.objects.create(comment=comment, text_source="Bridge.")
        return comment

    return call


@pytest.fixture
def write_decision(moderator):
    """Write a decision about a comment at a time; `rule` gives it a reason."""

    def call(comment, outcome, maker="person", *, at=None, rule=None, **fields):
        row = Decision.objects.create(
            comment=comment,
            revision=comment.revisions.get(),
            outcome=outcome,
            maker=maker,
            moderator=moderator if maker == "person" else None,
            reasons=[{"rule": rule, "title": rule.title(), "score": None}] if rule else [],
            policy="small@1",
            **fields,
        )
        Decision.objects.filter(pk=row.pk).update(created_at=at or comment.created_at)
        row.refresh_from_db()
        return row

    return call


@pytest.fixture
def waits(write_comment, write_decision):
    """Let comments, written yesterday in an hour of the day (UTC), wait so many minutes each for a person."""

    def call(site, hour, minutes):
        at = (timezone.now() - timedelta(days=2)).replace(hour=hour, minute=0, second=0, microsecond=0)
        for wait in minutes:
            comment = write_comment(site, at=at)
            write_decision(comment, "hold", "engine", rule="banned_word")
            write_decision(comment, "publish", at=at + timedelta(minutes=wait))

    return call
