"""Batches and single decisions at the same moment: nothing is decided twice, nothing is lost, nobody waits for ever."""

import threading

import pytest
from django.db import connection

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.stories.models import Story

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls in threads that begin together; return what they returned and what they raised."""
    gate = threading.Barrier(len(calls))
    results, errors = [None] * len(calls), []

    def run(place, call):
        try:
            gate.wait(20)
            results[place] = call()
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, call)) for place, call in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    return results, errors


@pytest.fixture
def waiting(post, other_story, other_reader):
    """Thirty held comments under two stories; every third one is a reply to a published one."""
    above = [post("A quiet remark.").comment, post("Another quiet remark.", story=other_story).comment]
    made = []
    for number in range(30):
        parent = above[number % 2] if number % 3 == 0 else None
        story = {"story": other_story} if number % 2 else {}
        text = f"What a wombat of a bridge, says voice {number}."
        made.append(post(text, author=other_reader, parent=parent, **story).comment)
    return made


def test_two_batches_over_the_same_comments_and_single_decisions_between(waiting, moderator, other_moderator, account):
    third = account("Day Desk", "moderator")
    ids = [comment.pk for comment in waiting]
    seen = {comment.pk: comment.decisions.get().pk for comment in waiting}

    def single():
        for comment in waiting[::5]:
            try:
                decide_comment(comment=comment, moderator=third, outcome="publish", last_seen=seen[comment.pk])
            except DecidingError as error:
                assert error.code == "not_waiting"  # noqa: PT017 - any other one fails the test

    (one, other, _), errors = at_once(
        lambda: decide_batch(comments=ids, moderator=moderator, outcome="publish", seen=seen),
        lambda: decide_batch(comments=ids[::-1], moderator=other_moderator, outcome="reject", rule="links", seen=seen),
        single,
    )

    assert errors == []
    people = Decision.objects.filter(maker="person")
    assert sorted(people.values_list("comment_id", flat=True)) == sorted(ids)
    assert (one.asked, one.done + one.skipped, other.done + other.skipped) == (30, 30, 30)
    assert one.done + other.done + people.filter(moderator=third).count() == 30
    assert not Comment.objects.filter(status="held").exists()
    for story in Story.objects.all():
        assert story.comment_count == story.comments.filter(status="published").count()
    for root in Comment.objects.filter(root=None):
        assert root.thread_count == root.thread.filter(status="published").count()


def test_a_batch_is_taken_back_by_two_at_once(waiting, moderator, senior):
    batch = decide_batch(comments=[one.pk for one in waiting], moderator=moderator, outcome="publish", seen={})
    _, errors = at_once(
        lambda: undo_batch(batch=batch, moderator=moderator), lambda: undo_batch(batch=batch, moderator=senior)
    )

    assert [error.code for error in errors] in ([], ["nothing_to_undo"])
    assert Decision.objects.exclude(undoes=None).count() == 30
    assert set(batch.items.values_list("state", flat=True)) == {"undone"}
    batch.refresh_from_db()
    assert batch.undone == 30
    assert set(Comment.objects.filter(pk__in=[one.pk for one in waiting]).values_list("status", flat=True)) == {"held"}
