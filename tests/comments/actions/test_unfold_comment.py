"""An editor shows a folded comment like any other."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.unfold_comment import unfold_comment
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.stories.models import Story


@pytest.fixture
def folded(published):
    """A comment that the engine or an editor has folded."""
    Comment.objects.filter(pk=published.pk).update(is_digression=True)
    return published


def test_it_is_unfolded(folded, moderator, story):
    version = Story.objects.get(pk=story.pk).thread_version
    assert unfold_comment(comment=folded, by=moderator)
    assert not Comment.objects.get(pk=folded.pk).is_digression
    assert Story.objects.get(pk=story.pk).thread_version == version + 1
    event = Event.objects.get(tag="comment:unfolded")
    assert (event.subject_id, event.actor_id) == (folded.pk, moderator.pk)


def test_what_is_not_folded_stays(published, moderator):
    assert not unfold_comment(comment=published, by=moderator)
    assert not Event.objects.filter(tag="comment:unfolded").exists()


def test_readers_cannot(folded, other_reader):
    with pytest.raises(PermissionDenied):
        unfold_comment(comment=folded, by=other_reader)
    assert Comment.objects.get(pk=folded.pk).is_digression
