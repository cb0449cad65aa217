"""An editor folds a comment that leads away from the article."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.fold_comment import fold_comment
from belowline.comments.errors import CuratingError
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.stories.models import Story


def folds():
    return list(
        Event.objects.filter(tag__contains="folded").order_by("id").values_list("tag", "subject_id", "actor_id")
    )


def test_it_is_folded_and_stays_published(published, moderator, story):
    version = Story.objects.get(pk=story.pk).thread_version
    assert fold_comment(comment=published, by=moderator)
    fresh = Comment.objects.get(pk=published.pk)
    assert (fresh.is_digression, fresh.is_public) == (True, True)
    assert fresh.changed_at == published.changed_at
    assert Story.objects.get(pk=story.pk).thread_version == version + 1
    assert folds() == [("comment:folded", published.pk, moderator.pk)]


def test_twice_is_once(published, moderator, story):
    fold_comment(comment=published, by=moderator)
    version = Story.objects.get(pk=story.pk).thread_version
    assert not fold_comment(comment=published, by=moderator)
    assert len(folds()) == 1
    assert Story.objects.get(pk=story.pk).thread_version == version


def test_readers_cannot(published, other_reader):
    with pytest.raises(PermissionDenied):
        fold_comment(comment=published, by=other_reader)
    assert folds() == []


@pytest.mark.parametrize("status", ["pending", "held", "rejected", "removed", "deleted"])
def test_only_what_is_published(published, moderator, status):
    Comment.objects.filter(pk=published.pk).update(status=status)
    with pytest.raises(CuratingError) as caught:
        fold_comment(comment=published, by=moderator)
    assert caught.value.code == "not_published"
    assert not Comment.objects.get(pk=published.pk).is_digression
