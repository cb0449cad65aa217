"""Comments and their status: the story's counters follow every step."""

import pytest
from django.db import IntegrityError, transaction

from belowline.comments.models import Comment, Revision
from belowline.stories.models import Story

Status = Comment.Status


@pytest.fixture
def comment(story, reader):
    return Comment.objects.create(
        story=story,
        author=reader,
        text_source="Hello",
        body_html="<p>Hello</p>",
        idempotency_key="k",
        text_key="t",
        band_0=0,
        band_1=0,
        band_2=0,
        band_3=0,
    )


def counters(story):
    return Story.objects.values_list("comment_count", "thread_version").get(pk=story.pk)


def test_a_new_comment_is_pending_and_nobody_sees_it(comment):
    assert comment.status == Status.PENDING
    assert not comment.is_public
    assert comment.published_at is None
    assert str(comment) == f"comment {comment.pk}"


@pytest.mark.parametrize("status", Status)
def test_only_published_comments_are_public(status):
    assert Comment(status=status).is_public is (status == Status.PUBLISHED)


@pytest.mark.parametrize(
    ("before", "after", "step"),
    [
        (Status.PENDING, Status.PUBLISHED, 1),
        (Status.PENDING, Status.HELD, 0),
        (Status.PENDING, Status.REJECTED, 0),
        (Status.HELD, Status.PUBLISHED, 1),
        (Status.HELD, Status.REJECTED, 0),
        (Status.PUBLISHED, Status.HELD, -1),
        (Status.PUBLISHED, Status.REMOVED, -1),
        (Status.PUBLISHED, Status.DELETED, -1),
        (Status.REJECTED, Status.HELD, 0),
        (Status.REMOVED, Status.PUBLISHED, 1),
        (Status.PUBLISHED, Status.PUBLISHED, 0),
    ],
)
def test_the_count_follows(comment, story, before, after, step):
    Comment.objects.filter(pk=comment.pk).update(status=before)
    Story.objects.filter(pk=story.pk).update(comment_count=5)
    comment.refresh_from_db()

    comment.change_status(after)

    assert Comment.objects.get().status == after
    assert counters(story)[0] == 5 + step


@pytest.mark.parametrize(
    ("before", "after", "is_seen"),
    [
        (Status.PENDING, Status.PUBLISHED, True),
        (Status.PUBLISHED, Status.HELD, True),
        (Status.PUBLISHED, Status.DELETED, True),
        (Status.REMOVED, Status.DELETED, True),
        (Status.HELD, Status.DELETED, True),
        (Status.REJECTED, Status.DELETED, True),
        (Status.PENDING, Status.HELD, False),
        (Status.HELD, Status.REJECTED, False),
        (Status.REJECTED, Status.HELD, False),
    ],
)
def test_the_version_grows_with_what_readers_may_see(comment, story, before, after, is_seen):
    """Also where only the words of a tombstone change, or one appears above replies."""
    Comment.objects.filter(pk=comment.pk).update(status=before)
    Story.objects.filter(pk=story.pk).update(comment_count=5)
    version = counters(story)[1]
    comment.refresh_from_db()

    comment.change_status(after)

    assert (counters(story)[1] > version) is is_seen


def test_the_time_of_the_first_publication_stays(comment):
    comment.change_status(Status.PUBLISHED)
    first = Comment.objects.get().published_at
    comment.change_status(Status.HELD)
    comment.change_status(Status.PUBLISHED)

    assert first is not None
    assert Comment.objects.get().published_at == first


def test_a_step_writes_nothing_but_the_status(comment):
    """Another process may have corrected the text since this one read it."""
    Comment.objects.filter(pk=comment.pk).update(text_source="Corrected")
    comment.change_status(Status.HELD)

    kept = Comment.objects.get()
    assert (kept.text_source, kept.status) == ("Corrected", Status.HELD)
    assert kept.changed_at > kept.created_at


def test_one_key_one_comment(comment, story, reader, other_reader):
    fields = {"story": story, "text_source": "x", "body_html": "x", "idempotency_key": "k", "text_key": "t"}
    bands = dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(author=reader, **fields, **bands)

    assert Comment.objects.create(author=other_reader, **fields, **bands).pk


def test_a_revision_is_called_after_its_comment(comment):
    revision = Revision.objects.create(comment=comment, text_source="Hello")

    assert str(revision) == f"revision {revision.pk} of comment {comment.pk}"
