"""An author takes a comment away: readers no longer see it, the thread stays together."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.comments.threads import read_page
from belowline.events.models import Event
from belowline.stories.models import Story


def test_a_published_comment_goes(published, reader, story):
    delete_comment(comment=published, by=reader)

    assert Comment.objects.get().status == "deleted"
    assert Story.objects.get(pk=story.pk).comment_count == 0
    assert read_page(story).comments == []
    event = Event.objects.get(tag="comment:deleted")
    assert (event.subject_id, event.site_id, event.actor_id) == (published.pk, story.site_id, reader.pk)


@pytest.mark.parametrize("status", ["pending", "held", "rejected", "removed"])
def test_a_comment_in_any_state_goes(published, reader, story, status):
    Comment.objects.filter(pk=published.pk).update(status=status)
    Story.objects.filter(pk=story.pk).update(comment_count=0)

    delete_comment(comment=published, by=reader)

    assert Comment.objects.get().status == "deleted"
    assert Story.objects.get(pk=story.pk).comment_count == 0


def test_deleting_twice_does_nothing_more(published, reader, story):
    delete_comment(comment=published, by=reader)
    version = Story.objects.get(pk=story.pk).thread_version
    delete_comment(comment=published, by=reader)

    assert Event.objects.filter(tag="comment:deleted").count() == 1
    assert Story.objects.get(pk=story.pk).thread_version == version


@pytest.mark.parametrize("who", ["other_reader", "moderator"])
def test_nobody_else_deletes_it(published, request, who):
    with pytest.raises(PermissionDenied):
        delete_comment(comment=published, by=request.getfixturevalue(who))

    assert Comment.objects.get().status == "published"


def test_replies_stay_under_a_tombstone(post, other_reader, reader, story):
    first = post().comment
    reply = post(author=other_reader, parent=first).comment
    delete_comment(comment=first, by=reader)

    rows = read_page(story).comments
    assert [(row.id, row.status) for row in rows] == [(first.pk, "deleted"), (reply.pk, "published")]
    assert Story.objects.get(pk=story.pk).comment_count == 1


def test_the_decisions_about_it_stay(published, reader):
    delete_comment(comment=published, by=reader)

    assert published.decisions.count() == 1
    assert published.revisions.count() == 1
