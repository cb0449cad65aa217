"""A batch is taken back as a whole: what was before stands again, but for what came after it."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.undo_batch import undo_batch
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Batch, Decision
from belowline.stories.models import Story


@pytest.fixture
def waiting(post):
    return [post(f"What a wombat of a bridge, says voice {number}.").comment for number in range(4)]


@pytest.fixture
def decide_all(moderator):
    def call(comments, outcome="publish", rule=""):
        ids = [comment.pk for comment in comments]
        return decide_batch(comments=ids, moderator=moderator, outcome=outcome, rule=rule, seen={})

    return call


def statuses(comments):
    by_id = dict(Comment.objects.values_list("pk", "status"))
    return [by_id[comment.pk] for comment in comments]


def states(batch):
    return list(batch.items.order_by("comment_id").values_list("state", "cause"))


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "links")])
def test_all_of_it_waits_again(waiting, decide_all, moderator, outcome, rule):
    batch = undo_batch(batch=decide_all(waiting, outcome, rule), moderator=moderator)

    assert statuses(waiting) == ["held"] * 4
    assert states(batch) == [("undone", "")] * 4
    assert (batch.done, batch.undone, batch.kept, batch.undone_by) == (4, 4, 0, moderator)
    assert Story.objects.get().comment_count == 0
    assert Decision.objects.exclude(undoes=None).count() == 4
    assert Batch.objects.get().undone_at is not None
    event = Event.objects.get(tag="batch:undone")
    assert (event.subject_id, event.actor_id, event.data) == (batch.pk, moderator.pk, {"undone": 4, "kept": 0})


def test_each_goes_back_to_where_it_was(waiting, published, decide_all, moderator):
    batch = decide_all([published, *waiting], "reject", "links")
    undo_batch(batch=batch, moderator=moderator)

    assert statuses([published, *waiting]) == ["published", *["held"] * 4]


def test_a_senior_colleague_may_take_it_back(waiting, decide_all, senior):
    assert undo_batch(batch=decide_all(waiting), moderator=senior).undone_by == senior


def test_another_moderator_may_not(waiting, decide_all, other_moderator):
    batch = decide_all(waiting)
    with pytest.raises(PermissionDenied):
        undo_batch(batch=batch, moderator=other_moderator)

    batch.refresh_from_db()
    assert (batch.undone, batch.undone_at) == (0, None)


def test_what_something_came_after_is_kept(waiting, decide_all, moderator, reader):
    from belowline.comments.actions.delete_comment import delete_comment

    batch = decide_all(waiting)
    delete_comment(comment=waiting[1], by=reader)
    undo_batch(batch=batch, moderator=moderator)

    assert statuses(waiting) == ["held", "deleted", "held", "held"]
    assert states(batch)[1] == ("kept", "cannot_undo")
    assert (batch.undone, batch.kept) == (3, 1)


def test_what_its_author_contests_is_kept(waiting, decide_all, moderator, reader):
    from belowline.moderation.actions.submit_appeal import submit_appeal

    batch = decide_all(waiting, "reject", "banned_word")
    waiting[0].refresh_from_db()
    submit_appeal(comment=waiting[0], author=reader, text_source="It is an animal.")
    undo_batch(batch=batch, moderator=moderator)

    assert states(batch)[0] == ("kept", "under_appeal")
    assert statuses(waiting) == ["rejected", "held", "held", "held"]


def test_what_was_taken_back_alone_counts_as_taken_back(waiting, decide_all, moderator):
    batch = decide_all(waiting)
    undo_decision(decision=batch.items.get(comment=waiting[0]).decision, moderator=moderator)
    undo_batch(batch=batch, moderator=moderator)

    assert (batch.undone, batch.kept) == (4, 0)
    assert waiting[0].decisions.count() == 3


def test_what_was_skipped_is_not_touched(waiting, decide_all, decide, moderator, other_moderator):
    decide(waiting[3], "reject", rule="links", by=other_moderator)
    batch = decide_batch(
        comments=[comment.pk for comment in waiting], moderator=moderator, outcome="reject", rule="links", seen={}
    )
    assert batch.skipped == 1
    undo_batch(batch=batch, moderator=moderator)

    assert statuses(waiting) == ["held", "held", "held", "rejected"]
    assert states(batch)[3] == ("skipped", "not_waiting")


def test_once(waiting, decide_all, moderator):
    batch = undo_batch(batch=decide_all(waiting), moderator=moderator)

    with pytest.raises(DecidingError) as caught:
        undo_batch(batch=batch, moderator=moderator)
    assert caught.value.code == "nothing_to_undo"
    assert Decision.objects.exclude(undoes=None).count() == 4


def test_again_after_it_was_cut_short(waiting, decide_all, moderator):
    """As a server that stopped half-way leaves it."""
    batch = decide_all(waiting)
    first = batch.items.order_by("-comment_id")[0]
    undo_decision(decision=first.decision, moderator=moderator)
    batch.items.filter(pk=first.pk).update(state="undone")

    assert undo_batch(batch=batch, moderator=moderator).undone == 4


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_take_nothing_back(waiting, decide_all, request, who):
    batch = decide_all(waiting)

    with pytest.raises(PermissionDenied):
        undo_batch(batch=batch, moderator=request.getfixturevalue(who))
    assert statuses(waiting) == ["published"] * 4
