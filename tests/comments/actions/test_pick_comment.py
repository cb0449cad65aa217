"""An editor picks a comment, with a sentence."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.pick_comment import check_sentence, pick_comment
from belowline.comments.errors import CuratingError
from belowline.comments.models import Comment, Pick
from belowline.events.models import Event
from belowline.stories.models import Story


def picked():
    return list(Event.objects.filter(tag="comment:picked").order_by("id").values_list("subject_id", "actor_id", "data"))


def test_a_pick_with_its_sentence(published, moderator, story):
    version = Story.objects.get(pk=story.pk).thread_version
    pick = pick_comment(comment=published, by=moderator, sentence="  She was\r\nthere. ")
    assert (pick.comment, pick.sentence, pick.picked_by) == (published, "She was there.", moderator)
    assert picked() == [(published.pk, moderator.pk, {"is_new": True})]
    assert Story.objects.get(pk=story.pk).thread_version == version + 1


def test_picking_again_changes_the_sentence(published, moderator, other_moderator):
    pick_comment(comment=published, by=moderator)
    pick_comment(comment=published, by=other_moderator, sentence="New words.")
    pick = Pick.objects.get()
    assert (pick.sentence, pick.picked_by) == ("New words.", other_moderator)
    assert [data for _, _, data in picked()] == [{"is_new": True}, {"is_new": False}]


def test_the_same_pick_again_is_nothing(published, moderator, story):
    pick_comment(comment=published, by=moderator, sentence="Good.")
    version = Story.objects.get(pk=story.pk).thread_version
    pick_comment(comment=published, by=moderator, sentence="Good.")
    assert len(picked()) == 1
    assert Story.objects.get(pk=story.pk).thread_version == version


def test_readers_cannot(published, other_reader):
    with pytest.raises(PermissionDenied):
        pick_comment(comment=published, by=other_reader)
    assert not Pick.objects.exists()


def test_nobody_picks_their_own(post, moderator):
    with pytest.raises(CuratingError) as caught:
        pick_comment(comment=post(author=moderator).comment, by=moderator)
    assert caught.value.code == "own_comment"
    assert not Pick.objects.exists()


@pytest.mark.parametrize("status", ["pending", "held", "rejected", "removed", "deleted"])
def test_only_what_is_published(published, moderator, status):
    Comment.objects.filter(pk=published.pk).update(status=status)
    with pytest.raises(CuratingError) as caught:
        pick_comment(comment=published, by=moderator)
    assert caught.value.code == "not_published"
    assert picked() == []


@pytest.mark.parametrize(
    ("sentence", "kept"),
    [("", ""), (" a \n b ", "a b"), ("a\x00b", "ab"), ("x" * 300, "x" * 300), ("<b>bold</b>", "<b>bold</b>")],
)
def test_a_sentence_is_one_line(sentence, kept):
    assert check_sentence(sentence) == kept


def test_a_sentence_has_an_end(published, moderator):
    with pytest.raises(CuratingError, match="301 characters; at most 300 fit") as caught:
        pick_comment(comment=published, by=moderator, sentence="x" * 301)
    assert caught.value.code == "sentence_too_long"
    assert not Pick.objects.exists()
