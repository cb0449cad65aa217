"""An editor takes a pick back."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.actions.unpick_comment import unpick_comment
from belowline.comments.models import Comment, Pick
from belowline.events.models import Event
from belowline.stories.models import Story


def test_the_comment_stays_and_the_pick_goes(published, moderator, other_moderator, story):
    pick_comment(comment=published, by=moderator, sentence="Good.")
    version = Story.objects.get(pk=story.pk).thread_version
    assert unpick_comment(comment=published, by=other_moderator)
    assert not Pick.objects.exists()
    assert Comment.objects.get(pk=published.pk).is_public
    assert Story.objects.get(pk=story.pk).thread_version == version + 1
    event = Event.objects.get(tag="comment:unpicked")
    assert (event.subject_id, event.actor_id) == (published.pk, other_moderator.pk)


def test_where_there_is_none_nothing_happens(published, moderator, story):
    version = Story.objects.get(pk=story.pk).thread_version
    assert not unpick_comment(comment=published, by=moderator)
    assert Story.objects.get(pk=story.pk).thread_version == version
    assert not Event.objects.filter(tag="comment:unpicked").exists()


def test_a_pick_of_a_comment_that_is_gone_can_be_taken_back_too(published, moderator):
    pick_comment(comment=published, by=moderator)
    Comment.objects.filter(pk=published.pk).update(status="removed")
    assert unpick_comment(comment=published, by=moderator)


def test_readers_cannot(published, moderator, other_reader):
    pick_comment(comment=published, by=moderator)
    with pytest.raises(PermissionDenied):
        unpick_comment(comment=published, by=other_reader)
    assert Pick.objects.exists()
