"""A deed is done to many comments in small transactions; what goes wrong with one is no other's harm."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction

from belowline.comments.models import Comment
from belowline.moderation.actions import run_batch as module
from belowline.moderation.actions.run_batch import lock_comments, run_batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Batch


@pytest.fixture
def several(post):
    return [post(f"Remark {number} about the tolls.").comment for number in range(5)]


@pytest.fixture
def run(moderator, several):
    def call(deed, comments=several):
        ids = [comment if isinstance(comment, int) else comment.pk for comment in comments]
        return run_batch(batch=Batch(moderator=moderator, act="tag"), comments=ids, deed=deed)

    return call


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(module, "CHUNK", 2)


def causes(batch):
    return list(batch.items.order_by("comment_id").values_list("state", "cause"))


def test_the_deed_is_done_to_each_once_the_newest_first(run, several, small_chunks):
    met = []
    batch = run(lambda comment: met.append(comment.pk), [*several, several[0]])

    assert met == sorted((comment.pk for comment in several), reverse=True)
    assert (batch.asked, batch.done, batch.skipped) == (5, 5, 0)
    assert causes(batch) == [("done", "")] * 5


def test_each_comment_is_locked_within_a_transaction(run):
    blocks = []
    run(lambda _: blocks.append(connection.in_atomic_block))

    assert blocks == [True] * 5


@pytest.mark.parametrize(
    ("error", "cause"),
    [(DecidingError("No.", code="own_comment"), "own_comment"), (PermissionDenied("No."), "not_allowed")],
    ids=["refused", "not allowed"],
)
def test_what_is_refused_is_skipped_with_its_cause(run, several, error, cause):
    def deed(comment):
        if comment.pk == several[2].pk:
            raise error

    batch = run(deed)

    assert (batch.done, batch.skipped) == (4, 1)
    assert causes(batch)[2] == ("skipped", cause)


def test_what_the_database_cannot_save_is_not_reached_and_the_rest_stays(run, several, small_chunks):
    """The second chunk fails as a whole: newest first, its comments are the third and the second."""

    def deed(comment):
        Comment.objects.filter(pk=comment.pk).update(relation_source="touched")
        if comment.pk == several[1].pk:
            raise OperationalError("disk is full")

    batch = run(deed)

    assert (batch.done, batch.skipped, batch.unreached) == (2, 0, 3)
    assert causes(batch) == [("waiting", "")] * 3 + [("done", "")] * 2
    touched = Comment.objects.order_by("pk").values_list("relation_source", flat=True)
    assert list(touched) == ["", "", "", "touched", "touched"]


def test_any_other_mistake_is_not_swallowed(run):
    def deed(_):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run(deed)


@pytest.mark.parametrize("chosen", [[], [10**9]], ids=["nothing", "what is not there"])
def test_at_least_one(run, chosen):
    with pytest.raises(DecidingError) as caught:
        run(lambda _: None, chosen)

    assert caught.value.code == "nothing_chosen"
    assert not Batch.objects.exists()


def test_not_too_many(run, several, monkeypatch):
    monkeypatch.setattr(module, "MAX_COMMENTS", 4)

    with pytest.raises(DecidingError, match="These are 5 comments; at most 4") as caught:
        run(lambda _: None)
    assert caught.value.code == "batch_too_large"
    assert not Batch.objects.exists()


def test_the_comment_above_is_locked_too_and_last(post, several, other_reader):
    reply = post("And the ferries?", author=other_reader, parent=several[0]).comment

    with transaction.atomic():
        assert list(lock_comments([reply.pk])) == [reply.pk, several[0].pk]
