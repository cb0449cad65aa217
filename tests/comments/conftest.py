"""Comments put straight into the table."""

from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from belowline.comments.models import Comment

BANDS = dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)


@pytest.fixture
def write(story, reader):
    """Put a comment straight into the table: a name for its text, its parent, its status, its age in minutes."""

    def call(name, parent=None, status="published", *, age=0, author=reader, story=story, **fields):
        root = (parent.root or parent) if parent else None
        if root and status == "published":
            Comment.objects.filter(pk=root.pk).update(thread_count=F("thread_count") + 1)
        return Comment.objects.create(
            story=story,
            author=author,
            parent=parent,
            root=root,
            depth=min(parent.depth + 1, 4) if parent else 0,
            status=status,
            text_source=name,
            body_html=f"<p>{name}</p>",
            idempotency_key=f"{name}-{Comment.objects.count()}",
            text_key=name,
            created_at=timezone.now() - timedelta(minutes=age),
            **BANDS,
            **fields,
        )

    return call


@pytest.fixture
def chain(story, reader):
    """A thread in which each comment answers the one before; returns the first."""

    def call(length):
        now = timezone.now()
        fields = {"story": story, "author": reader, "status": "published", "text_key": "", **BANDS}
        first = Comment.objects.create(
            text_source="0",
            body_html="<p>0</p>",
            idempotency_key="chain-0",
            thread_count=length - 1,
            created_at=now,
            **fields,
        )
        Comment.objects.bulk_create(
            Comment(
                pk=first.pk + number,
                parent_id=first.pk + number - 1,
                root=first,
                depth=min(number, 4),
                text_source=str(number),
                body_html=f"<p>{number}</p>",
                idempotency_key=f"chain-{number}",
                created_at=now + timedelta(seconds=number),
                **fields,
            )
            for number in range(1, length)
        )
        return first

    return call
