"""A moderator puts a word on a comment; readers neither do it nor see it."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Tag


def test_a_word_on_a_comment(published, moderator, site):
    tag = tag_comment(comment=published, by=moderator, word=" Letters  page ")

    published.refresh_from_db()
    assert (tag.word, tag.comment, tag.tagged_by, tag.batch) == ("letters page", published, moderator, None)
    assert str(tag) == "letters page"
    assert published.status == "published"
    event = Event.objects.get(tag="comment:tagged")
    assert (event.subject_id, event.actor_id, event.site_id) == (published.pk, moderator.pk, site.pk)
    assert event.data == {"tag_id": tag.pk}


@pytest.mark.parametrize(
    ("word", "code"),
    [("", "tag_empty"), ("  \n", "tag_empty"), ("x" * 41, "tag_too_long")],
    ids=["none", "blank", "long"],
)
def test_what_is_no_tag(published, moderator, word, code):
    with pytest.raises(DecidingError) as caught:
        tag_comment(comment=published, by=moderator, word=word)

    assert caught.value.code == code
    assert not Tag.objects.exists()


def test_the_longest_tag(published, moderator):
    assert tag_comment(comment=published, by=moderator, word="x" * 40).word == "x" * 40


def test_once(published, moderator, other_moderator):
    tag_comment(comment=published, by=moderator, word="letters")

    with pytest.raises(DecidingError) as caught:
        tag_comment(comment=published, by=other_moderator, word="LETTERS")
    assert caught.value.code == "already_tagged"
    assert Tag.objects.get().tagged_by == moderator
    assert Event.objects.filter(tag="comment:tagged").count() == 1


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_do_not_tag(published, request, who):
    with pytest.raises(PermissionDenied):
        tag_comment(comment=published, by=request.getfixturevalue(who), word="mine")
    assert not Tag.objects.exists()
