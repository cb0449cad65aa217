"""A moderator takes a decision back: what was before stands again, and both rows stay."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.accounts.actions.withdraw_role import withdraw_role
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.models import Comment, Pick
from belowline.events.models import Event
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.stories.models import Story


@pytest.fixture
def undo(moderator):
    def call(decision, by=moderator):
        return undo_decision(decision=decision, moderator=by)

    return call


def refused(call, *arguments):
    before = Decision.objects.count()
    with pytest.raises(DecidingError) as caught:
        call(*arguments)
    assert caught.value.code == "cannot_undo"
    assert Decision.objects.count() == before


@pytest.mark.parametrize(("outcome", "rule"), [("publish", ""), ("reject", "links")])
def test_the_comment_waits_again(held, decide, undo, moderator, story, outcome, rule):  # noqa: PLR0917
    decision = decide(held, outcome, rule=rule)
    row = undo(decision)

    held.refresh_from_db()
    assert held.status == "held"
    assert (row.outcome, row.maker, row.moderator, row.undoes) == ("hold", "person", moderator, decision)
    assert row.reasons == Decision.objects.order_by("pk")[0].reasons
    assert [entry.outcome for entry in held.decisions.order_by("pk")] == ["hold", outcome, "hold"]
    assert Story.objects.get(pk=story.pk).comment_count == 0
    event = Event.objects.get(tag="decision:undone")
    assert (event.subject_id, event.actor_id) == (decision.pk, moderator.pk)


def test_readers_no_longer_see_what_was_published(held, decide, undo, story):
    from belowline.comments.threads import read_page

    decision = decide(held)
    assert len(read_page(story).comments) == 1
    undo(decision)
    assert read_page(story).comments == []


def test_a_senior_colleague_may_take_it_back(held, decide, undo, senior):
    assert undo(decide(held), by=senior).outcome == "hold"


def test_another_moderator_may_not(held, decide, undo, other_moderator):
    decision = decide(held)

    with pytest.raises(PermissionDenied):
        undo(decision, by=other_moderator)
    assert Comment.objects.get().status == "published"


def test_what_one_may_no_longer_decide_one_does_not_take_back(held, decide, undo, moderator):
    decision = decide(held)
    withdraw_role(user=moderator, role="moderator", by=None)

    with pytest.raises(PermissionDenied):
        undo(decision)


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_take_nothing_back(held, decide, undo, request, who):
    decision = decide(held, "reject", rule="links")

    with pytest.raises(PermissionDenied):
        undo(decision, request.getfixturevalue(who))
    assert Comment.objects.get().status == "rejected"


def test_the_machines_decision_is_not_undone(held, published, undo):
    refused(undo, held.decisions.get())
    refused(undo, published.decisions.get())
    assert sorted(Comment.objects.values_list("status", flat=True)) == ["held", "published"]


def test_twice(held, decide, undo):
    decision = decide(held)
    undone = undo(decision)

    refused(undo, decision)
    refused(undo, undone)
    assert Comment.objects.get().status == "held"


def test_only_the_newest(held, decide, undo):
    first = decide(held)
    undo(first)
    second = decide(held, "reject", rule="links")

    refused(undo, first)
    assert undo(second).outcome == "hold"


def test_what_the_author_has_deleted_stays_deleted(held, decide, undo, reader):
    decision = decide(held)
    delete_comment(comment=held, by=reader)

    refused(undo, decision)
    assert Comment.objects.get().status == "deleted"


def test_again_and_again(held, decide, undo, story):
    for _ in range(3):
        undo(decide(held))
        undo(decide(held, "reject", rule="links"))

    assert held.decisions.count() == 13
    assert Story.objects.get(pk=story.pk).comment_count == 0
    assert decide(held).outcome == "publish"
    assert Story.objects.get(pk=story.pk).comment_count == 1


def test_replies_keep_their_place_in_the_count(held, decide, undo, post, other_reader, story):  # noqa: PLR0917
    decision = decide(held)
    held.refresh_from_db()
    post("And who pays for the ferries?", author=other_reader, parent=held)
    undo(decision)

    assert Story.objects.get(pk=story.pk).comment_count == 1


# --- a decision that its author contests


def test_not_while_it_is_contested(appeal, moderator, rejected):
    with pytest.raises(DecidingError, match="decide the appeal") as caught:
        undo_decision(decision=appeal.decision, moderator=moderator)

    assert caught.value.code == "under_appeal"
    rejected.refresh_from_db()
    assert rejected.status == "rejected"


def test_not_what_settled_an_appeal(appeal, settle, senior, rejected):
    """The author was told; who thinks otherwise removes the comment, and that can be contested."""
    with pytest.raises(DecidingError) as caught:
        undo_decision(decision=settle(appeal).result, moderator=senior)

    assert caught.value.code == "cannot_undo"
    rejected.refresh_from_db()
    assert rejected.status == "published"


def test_in_the_authors_favour_after_it_was_upheld(appeal, settle, moderator, rejected):
    settle(appeal, "upheld")
    undo_decision(decision=appeal.decision, moderator=moderator)

    rejected.refresh_from_db()
    assert rejected.status == "held"


def test_a_pick_goes_where_readers_do_not_see_the_comment_any_more(held, decide, undo, moderator):
    decision = decide(held)
    held.refresh_from_db()
    pick_comment(comment=held, by=moderator)
    undo(decision)

    assert not Pick.objects.exists()


def test_a_pick_stays_where_the_comment_is_published_again(published, undo, moderator):
    pick_comment(comment=published, by=moderator)
    undo(remove_comment(comment=published, moderator=moderator, rule="links"))

    assert Pick.objects.get().comment == published
