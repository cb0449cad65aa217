"""A word on many comments at once, and off again."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.moderation.actions.tag_batch import tag_batch
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Batch, Decision, Tag


@pytest.fixture
def several(post):
    return [post(f"Remark {number} about the tolls.").comment for number in range(3)]


@pytest.fixture
def tag_all(several, moderator):
    def call(word="Letters", *, by=moderator):
        return tag_batch(comments=[comment.pk for comment in several], moderator=by, word=word)

    return call


def test_each_gets_the_word(tag_all, several):
    batch = tag_all()

    assert (batch.act, batch.word, batch.done, batch.skipped) == ("tag", "letters", 3, 0)
    assert [comment.tags.get().word for comment in several] == ["letters"] * 3
    assert set(batch.items.values_list("decision", flat=True)) == {None}
    assert Decision.objects.filter(maker="person").count() == 0


def test_those_that_have_it_are_skipped_and_keep_it_when_it_is_taken_back(tag_all, several, other_moderator, moderator):
    tag_comment(comment=several[0], by=other_moderator, word="letters")
    batch = tag_all()
    assert batch.items.get(comment=several[0]).cause == "already_tagged"

    undo_batch(batch=batch, moderator=moderator)
    assert [tag.comment_id for tag in Tag.objects.all()] == [several[0].pk]
    assert (batch.done, batch.skipped, batch.undone) == (2, 1, 2)


def test_what_somebody_took_off_alone_counts_as_taken_back(tag_all, several, moderator):
    batch = tag_all()
    several[1].tags.all().delete()

    assert undo_batch(batch=batch, moderator=moderator).undone == 3


@pytest.mark.parametrize(("word", "code"), [(" ", "tag_empty"), ("x" * 41, "tag_too_long")])
def test_what_is_no_tag(tag_all, word, code):
    with pytest.raises(DecidingError) as caught:
        tag_all(word)

    assert caught.value.code == code
    assert not Batch.objects.exists()


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_do_not_tag(tag_all, request, who):
    with pytest.raises(PermissionDenied):
        tag_all(by=request.getfixturevalue(who))
    assert not Tag.objects.exists()
