"""A tag comes off again, whoever put it there."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.actions.untag_comment import untag_comment
from belowline.moderation.models import Tag


@pytest.fixture
def tag(published, moderator):
    return tag_comment(comment=published, by=moderator, word="letters")


def test_a_colleague_takes_it_off(tag, other_moderator, published):
    untag_comment(tag=tag, by=other_moderator)

    assert not Tag.objects.exists()
    event = Event.objects.get(tag="comment:untagged")
    assert (event.subject_id, event.actor_id) == (published.pk, other_moderator.pk)


def test_twice_is_no_error_and_one_event(tag, moderator):
    again = Tag.objects.get()
    untag_comment(tag=tag, by=moderator)
    untag_comment(tag=again, by=moderator)

    assert Event.objects.filter(tag="comment:untagged").count() == 1


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_do_not(tag, request, who):
    with pytest.raises(PermissionDenied):
        untag_comment(tag=tag, by=request.getfixturevalue(who))
    assert Tag.objects.exists()
