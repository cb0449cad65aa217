"""Rejecting all by somebody is taken back as a whole."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.reject_all_by import reject_all_by
from belowline.moderation.actions.restore_all_by import batches_about, restore_all_by
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision


@pytest.fixture
def batch(post, reader, moderator, site):
    for number in range(2):
        post(f"What a wombat of bridge number {number}.")
    post("A quiet remark about the cables.")
    newest = Decision.objects.order_by("-id")[0].pk
    return reject_all_by(
        author=reader, moderator=moderator, site=site, rule="banned_word", with_published=True, as_of=newest
    )


def statuses():
    return list(Comment.objects.order_by("pk").values_list("status", flat=True))


def test_all_of_it_is_as_before(batch, reader, moderator):
    assert statuses() == ["rejected", "rejected", "removed"]
    undone = restore_all_by(author=reader, batch=batch, moderator=moderator)

    assert statuses() == ["held", "held", "published"]
    assert undone.undone == 3
    [event] = Event.objects.filter(tag="account:all_restored")
    assert (event.subject_id, event.actor_id) == (reader.pk, moderator.pk)
    assert event.data == {"batch": batch.pk, "undone": 3}


def test_what_something_came_after_stays(batch, reader, moderator):
    publish_comment(comment=Comment.objects.order_by("pk")[0], moderator=moderator)
    undone = restore_all_by(author=reader, batch=batch, moderator=moderator)

    assert (undone.undone, undone.kept) == (2, 1)
    assert statuses() == ["published", "held", "published"]


def test_once(batch, reader, moderator):
    restore_all_by(author=reader, batch=batch, moderator=moderator)
    with pytest.raises(DecidingError) as refused:
        restore_all_by(author=reader, batch=batch, moderator=moderator)
    assert refused.value.code == "nothing_to_undo"


def test_no_batch_about_somebody_else(batch, other_reader, moderator):
    with pytest.raises(DecidingError):
        restore_all_by(author=other_reader, batch=batch, moderator=moderator)
    assert batches_about(other_reader) == []


def test_not_by_readers(batch, reader, other_reader):
    with pytest.raises(PermissionDenied):
        restore_all_by(author=reader, batch=batch, moderator=other_reader)
    assert statuses() == ["rejected", "rejected", "removed"]


def test_the_newest_first(batch, reader, moderator, site, post):
    post("One more wombat.")
    newest = Decision.objects.order_by("-id")[0].pk
    second = reject_all_by(author=reader, moderator=moderator, site=site, rule="banned_word", as_of=newest)

    assert batches_about(reader) == [second, batch]
    assert batches_about(reader, 1) == [second]
