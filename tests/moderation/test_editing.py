"""For how long comments may be edited, and by whose decision it ends."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from belowline.comments.errors import PostingError
from belowline.comments.models import Comment
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.editing import check_editable, editable_seconds, seconds_left

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("age", "window", "left"),
    [(0, 300, 300), (1, 300, 299), (299.5, 300, 1), (300, 300, 0), (10_000, 300, 0), (0, 0, 0), (-5, 300, 305)],
)
def test_the_seconds_that_are_left(settings, age, window, left):
    settings.EDIT_WINDOW_SECONDS = window

    assert seconds_left(NOON, NOON + timedelta(seconds=age)) == left


@pytest.mark.parametrize("which", ["published", "held"])
def test_what_the_machine_decided_may_be_edited(request, which):
    comment = request.getfixturevalue(which)

    check_editable(comment)
    assert 290 < editable_seconds(comment.author, [comment.pk])[comment.pk] <= 300


def test_not_when_it_is_too_late(published, reader):
    Comment.objects.update(created_at=timezone.now() - timedelta(seconds=301))
    published.refresh_from_db()

    with pytest.raises(PostingError, match="time for editing this comment is over") as refused:
        check_editable(published)
    assert refused.value.code == "edit_window_over"
    assert editable_seconds(reader, [published.pk]) == {}


@pytest.mark.parametrize("which", ["rejected", "removed"])
def test_not_what_a_person_took_away(request, which, reader):
    comment = request.getfixturevalue(which)

    with pytest.raises(PostingError) as refused:
        check_editable(comment)
    assert refused.value.code == "cannot_edit"
    assert editable_seconds(reader, [comment.pk]) == {}


def test_nor_what_a_person_published(rejected, senior, reader):
    publish_comment(comment=rejected, moderator=senior)
    rejected.refresh_from_db()

    with pytest.raises(PostingError, match="A moderator has decided"):
        check_editable(rejected)
    assert editable_seconds(reader, [rejected.pk]) == {}


@pytest.mark.parametrize("status", ["pending", "deleted"])
def test_nor_what_is_not_there(published, status):
    published.status = status

    with pytest.raises(PostingError) as refused:
        check_editable(published)
    assert refused.value.code == "cannot_edit"


def test_only_ones_own_are_named(published, held, other_reader, reader):
    ids = [published.pk, held.pk, 10**12]

    assert set(editable_seconds(reader, ids)) == {published.pk, held.pk}
    assert editable_seconds(reader, [published.pk]).keys() == {published.pk}
    assert editable_seconds(other_reader, ids) == {}
