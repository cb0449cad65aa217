"""Which desk a comment goes to, and what waits there."""

import pytest

from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import desk_of, held_at, latest_handled, listed_at
from belowline.moderation.models import Decision


@pytest.mark.parametrize(
    ("reason", "desk"), [({}, "moderators"), ({"desk": "newsroom"}, "newsroom"), ({"rule": "links"}, "moderators")]
)
def test_older_reasons_lead_to_the_moderators(reason, desk):
    assert desk_of(reason) == desk


def test_each_comment_waits_at_one_desk(message, held, off_topic):
    assert list(held_at("moderators")) == [held, off_topic] or list(held_at("moderators")) == [off_topic, held]
    assert list(held_at("newsroom")) == [message]
    assert list(held_at("corrections")) == []


def test_a_comment_that_no_reason_is_known_of_waits_at_the_moderators(held):
    Decision.objects.update(reasons=[])

    assert list(held_at("moderators")) == [held]


def test_the_newest_decision_counts(message, decide, moderator):
    decide(message)
    assert not held_at("newsroom").exists()

    undo_decision(decision=message.decisions.order_by("-id")[0], moderator=moderator)
    assert held_at("newsroom").get() == message


def test_the_longest_wait_first(topic_site, post):
    comments = [
        post(f"Your paywall hides bridge number {number} and its harbour tolls.").comment for number in range(3)
    ]

    assert list(held_at("newsroom")) == comments


def test_what_a_background_rule_notes_is_listed(correction):
    assert list(listed_at("corrections")) == [correction]
    assert list(listed_at("newsroom")) == []


def test_background_rules_of_the_moderators_list_nothing(site, post, policy_text):
    from belowline.events.models import Event
    from belowline.moderation.actions.activate_policy import activate_policy

    text = policy_text().replace('score = "banned_word"', 'score = "banned_word"\nbackground = true')
    activate_policy(site=site, text=text)
    post("What a wombat of a bridge.")

    assert not Event.objects.filter(tag="comment:listed").exists()


def test_a_held_comment_is_not_listed(correcting_site, post):
    post("There is a mistake about the wombat of a harbour bridge.")

    assert not listed_at("corrections").exists()


def test_a_removed_comment_leaves_the_list_and_comes_back(correction, moderator):
    row = remove_comment(comment=correction, moderator=moderator, rule="shouting")
    assert not listed_at("corrections").exists()

    undo_decision(decision=row, moderator=moderator)
    assert listed_at("corrections").get() == correction


def test_what_was_seen_to_last(correcting_site, post, moderator):
    comments = [post(f"A mistake about toll number {number} of the harbour bridge.").comment for number in range(3)]
    for comment in comments:
        mark_handled(comment=comment, desk="corrections", by=moderator)

    found = latest_handled("corrections", limit=2)

    assert [one.comment for one in found] == [comments[2], comments[1]]
    assert {one.by for one in found} == {moderator}
    assert latest_handled("newsroom") == []
