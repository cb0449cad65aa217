"""Many comments are decided at once: each as it would be alone, and nothing that changed meanwhile."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Batch, Decision, QueueEntry
from belowline.stories.models import Story

WAITING = "What a wombat of a bridge, says voice {}."


@pytest.fixture
def waiting(post):
    """Five held comments."""
    return [post(WAITING.format(number)).comment for number in range(5)]


@pytest.fixture
def decide_all(moderator):
    def call(comments, outcome="publish", *, by=moderator, seen=None, **more):
        ids = [comment.pk for comment in comments]
        newest = {comment.pk: comment.decisions.order_by("-id")[0].pk for comment in comments}
        return decide_batch(comments=ids, moderator=by, outcome=outcome, seen=newest if seen is None else seen, **more)

    return call


def states(batch):
    return [(item.state, item.cause) for item in batch.items.order_by("comment_id")]


def statuses(comments):
    by_id = dict(Comment.objects.filter(pk__in=[comment.pk for comment in comments]).values_list("pk", "status"))
    return [by_id[comment.pk] for comment in comments]


# --- what becomes of each


def test_publishing_all(waiting, decide_all, moderator, story):
    batch = decide_all(waiting, chosen="Shouting, 60 to 70 %")

    assert statuses(waiting) == ["published"] * 5
    assert (batch.asked, batch.done, batch.skipped, batch.unreached) == (5, 5, 0, 0)
    assert (batch.act, batch.rule, batch.moderator, batch.chosen) == ("publish", "", moderator, "Shouting, 60 to 70 %")
    assert Story.objects.get(pk=story.pk).comment_count == 5
    assert {item.decision.comment_id for item in batch.items.all()} == {comment.pk for comment in waiting}
    for item in batch.items.select_related("decision"):
        assert (item.state, item.decision.maker, item.decision.moderator_id) == ("done", "person", moderator.pk)


def test_rejecting_by_a_rule_each_with_its_own_passage(waiting, decide_all):
    batch = decide_all(waiting, "reject", rule="banned_word", note_to_author="Leave the animal out.")

    assert statuses(waiting) == ["rejected"] * 5
    assert batch.rule == "banned_word"
    for decision in Decision.objects.filter(outcome="reject").select_related("comment"):
        [reason] = decision.reasons
        assert decision.comment.text_source[reason["start"] : reason["end"]] == "wombat"
        assert decision.note_to_author == "Leave the animal out."


def test_what_is_published_is_removed_by_the_same_click(waiting, published, decide_all):
    batch = decide_all([published, *waiting], "reject", rule="links")

    assert statuses([published, *waiting]) == ["removed", *["rejected"] * 5]
    assert batch.done == 6


def test_removing_rejects_what_nobody_has_seen_yet(held, published, decide_all):
    decide_all([published, held], "remove", rule="links")

    assert statuses([published, held]) == ["removed", "rejected"]


def test_what_was_rejected_is_published_against_it(rejected, held, decide_all):
    assert decide_all([rejected]).done == 1
    assert statuses([rejected]) == ["published"]


def test_what_was_removed_is_published_against_it(removed, decide_all):
    assert decide_all([removed]).done == 1
    assert statuses([removed]) == ["published"]


def test_holding_what_waits_and_what_is_published(held, published, decide_all):
    """What waits goes on waiting for the same; what readers see is taken off until somebody has looked."""
    before = held.decisions.get().reasons
    batch = decide_all([published, held], "hold")

    assert (batch.done, statuses([published, held])) == (2, ["held", "held"])
    assert held.decisions.order_by("-id")[0].reasons == before


def test_a_rule_is_no_part_of_a_publication(waiting, decide_all):
    assert decide_all(waiting, rule="links").rule == ""


def test_one_event_for_the_batch_and_one_for_each(waiting, decide_all, moderator):
    batch = decide_all(waiting)

    event = Event.objects.get(tag="batch:decided")
    assert (event.subject_id, event.actor_id) == (batch.pk, moderator.pk)
    assert event.data == {"act": "publish", "asked": 5, "done": 5, "skipped": 0}
    assert Event.objects.filter(tag="comment:published", actor_id=moderator.pk).count() == 5


# --- what is skipped


def test_what_somebody_else_decided_is_left_and_listed(waiting, decide_all, decide, other_moderator):
    seen = {comment.pk: comment.decisions.get().pk for comment in waiting}
    theirs = decide(waiting[1], "reject", rule="links", by=other_moderator)
    batch = decide_all(waiting, seen=seen)

    assert statuses(waiting) == ["published", "rejected", "published", "published", "published"]
    assert (batch.done, batch.skipped) == (4, 1)
    assert states(batch)[1] == ("skipped", "not_waiting")
    assert waiting[1].decisions.order_by("-id")[0] == theirs


@pytest.mark.parametrize("outcome", ["publish", "reject"])
def test_what_was_decided_and_taken_back_since_was_not_seen_as_it_is(waiting, decide_all, decide, moderator, outcome):
    from belowline.moderation.actions.undo_decision import undo_decision

    seen = {comment.pk: comment.decisions.get().pk for comment in waiting}
    undo_decision(decision=decide(waiting[0]), moderator=moderator)
    batch = decide_all(waiting, outcome, rule="links", seen=seen)

    assert states(batch)[0] == ("skipped", "not_waiting")
    assert statuses(waiting)[0] == "held"


def test_a_removal_looks_at_what_was_seen_too(rejected, decide_all, senior):
    seen = {rejected.pk: rejected.decisions.order_by("-id")[0].pk}
    publish_comment(comment=rejected, moderator=senior)
    batch = decide_all([rejected], "reject", rule="links", seen=seen)

    assert states(batch) == [("skipped", "not_waiting")]
    assert statuses([rejected]) == ["published"]


def test_a_comment_of_which_nothing_was_seen_is_decided_as_it_stands(waiting, decide_all):
    assert decide_all(waiting, seen={}).done == 5


def test_what_its_author_deleted_stays_deleted(waiting, decide_all, reader):
    from belowline.comments.actions.delete_comment import delete_comment

    delete_comment(comment=waiting[2], by=reader)
    batch = decide_all(waiting)

    assert states(batch)[2] == ("skipped", "not_waiting")
    assert statuses(waiting)[2] == "deleted"


def test_nobody_decides_about_their_own_comment_in_a_crowd(waiting, post, moderator, other_moderator, decide_all):
    own = post(WAITING.format("of the desk"), author=moderator).comment
    batch = decide_all([*waiting, own])

    assert states(batch)[-1] == ("skipped", "own_comment")
    assert statuses([own]) == ["held"]
    assert batch.done == 5


def test_a_rule_that_one_site_lacks(waiting, other_site, make_story, post, decide_all):
    elsewhere = post("A quiet remark.", story=make_story(other_site)).comment
    Comment.objects.filter(pk=elsewhere.pk).update(status="held")
    batch = decide_all([*waiting, elsewhere], "reject", rule="threat")

    assert states(batch) == [*[("skipped", "unknown_rule")] * 5, ("done", "")]
    assert statuses([*waiting, elsewhere]) == [*["held"] * 5, "rejected"]


def test_what_a_colleague_looks_at_is_left_to_them(waiting, decide_all, other_moderator):
    soon = timezone.now() + timedelta(minutes=5)
    QueueEntry.objects.filter(comment=waiting[4]).update(claimed_by=other_moderator, claimed_until=soon)
    batch = decide_all(waiting)

    assert states(batch)[4] == ("skipped", "claimed")
    assert statuses(waiting) == [*["published"] * 4, "held"]


# --- what is refused as a whole


@pytest.mark.parametrize("who", ["reader", "other_reader"])
@pytest.mark.parametrize("outcome", ["publish", "reject", "remove"])
def test_readers_do_not_decide(waiting, decide_all, request, who, outcome):
    with pytest.raises(PermissionDenied):
        decide_all(waiting, outcome, rule="links", by=request.getfixturevalue(who))
    assert statuses(waiting) == ["held"] * 5
    assert not Batch.objects.exists()


@pytest.mark.parametrize(
    ("outcome", "more", "code"),
    [
        ("reject", {}, "rule_required"),
        ("remove", {}, "rule_required"),
        ("reject", {"rule": "links", "note_to_author": "x" * 2_001}, "note_too_long"),
        ("publish", {"note_to_author": "x" * 2_001}, "note_too_long"),
    ],
)
def test_what_is_missing_is_said_before_anything_changes(waiting, decide_all, outcome, more, code):
    with pytest.raises(DecidingError) as caught:
        decide_all(waiting, outcome, **more)

    assert caught.value.code == code
    assert statuses(waiting) == ["held"] * 5
    assert not Batch.objects.exists()


def test_long_words_on_how_they_were_chosen_are_cut(waiting, decide_all):
    assert len(decide_all(waiting, chosen="x" * 400).chosen) == 300
