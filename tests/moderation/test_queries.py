"""Reading decisions: what waits, its history, what a moderator may undo, and how long people wait."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.actions.refer_comment import refer_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.moderation.queries import comments_of, expected_wait, held_comments, latest_by, with_history

LOUD = "THE WHOLE BRIDGE IS A SCANDAL FROM ONE END TO THE OTHER, NUMBER {}"


@pytest.fixture
def hold(post):
    """Post comments that are held, each with another text."""

    def call(count=1, **more):
        return [post(LOUD.format(number), **more).comment for number in range(count)]

    return call


def test_what_waits_longest_comes_first(hold, post):
    first, second, third = hold(3)
    post("A quiet remark.")
    Comment.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(hours=1))

    assert list(held_comments()) == [second, first, third]


def test_what_waits_for_one_site(hold, other_site, make_story, activate, site):
    activate(other_site)
    here, there = hold()[0], hold(story=make_story(other_site))[0]

    assert list(held_comments(site)) == [here]
    assert list(held_comments(other_site)) == [there]


def test_history_is_newest_first(held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)
    [comment] = with_history(Comment.objects.all())

    assert [(row.outcome, row.maker) for row in comment.history] == [
        ("hold", "person"),
        ("publish", "person"),
        ("hold", "engine"),
    ]


def test_history_costs_two_queries_for_any_number(hold, django_assert_num_queries):
    hold(12)
    with django_assert_num_queries(2):
        for comment in with_history(held_comments()):
            assert comment.history[0].first_reason["title"] == "Shouting"
            assert comment.story.site.name
            assert comment.author.display_name
            assert comment.parent is None


def test_a_readers_own_comments(post, reader, other_reader):
    first, second = post("One.").comment, post("What a wombat.").comment
    post("By another.", author=other_reader)

    assert list(comments_of(reader)) == [second, first]
    assert len(comments_of(other_reader)) == 1


def test_what_a_moderator_decided_last(hold, decide, moderator, account):
    other = account("Night Desk", "moderator")
    one, two, three, four = hold(4)
    first, second = decide(one), decide(two, "reject", rule="shouting")
    decide(three, by=other)
    undone = decide(four)
    undo_decision(decision=undone, moderator=moderator)

    assert list(latest_by(moderator)) == [second, first]
    assert list(latest_by(moderator, limit=1)) == [second]


def test_what_somebody_decided_anew_is_no_longer_mine_to_undo(held, decide, moderator, senior):
    other = senior
    decision = decide(held)
    undo_decision(decision=decision, moderator=other)
    newer = decide(held, by=other)

    assert list(latest_by(moderator)) == []
    assert list(latest_by(other)) == [newer]


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [
        ([], None),
        ([10, 10, 10, 10], None),
        ([1, 2, 3, 4, 100], 3),
        ([1, 2, 3, 4, 5, 6], 3.5),
        ([5] * 60, 5),
        ([1000] * 20 + [5] * 50, 5),
    ],
    ids=["none", "too few", "the middle one", "between two", "many", "the latest fifty"],
)
def test_how_long_people_wait(site, post, moderator, minutes, expected):
    comment = post("What a wombat.").comment
    revision = comment.revisions.get()
    for wait in minutes:
        row = Decision.objects.create(
            comment=comment, revision=revision, outcome="publish", maker="person", moderator=moderator, policy="x"
        )
        Decision.objects.filter(pk=row.pk).update(created_at=comment.created_at + timedelta(minutes=wait))

    assert expected_wait(site) == (None if expected is None else timedelta(minutes=expected))


def test_the_machine_and_undoing_do_not_count(site, hold, decide, moderator):
    for comment in hold(5):
        undo_decision(decision=decide(comment), moderator=moderator)
    Decision.objects.filter(undoes=None, maker="person").update(maker="engine", moderator=None)

    assert expected_wait(site) is None


def test_removals_are_no_waits(site, post, moderator):
    for number in range(5):
        published = post(f"A quiet remark about the bridge, number {number}.").comment
        remove_comment(comment=published, moderator=moderator, rule="shouting")

    assert expected_wait(site) is None


def test_sending_to_another_desk_ends_no_wait(topic_site, hold, moderator):
    for comment in hold(5):
        refer_comment(comment=comment, desk="newsroom", by=moderator)

    assert expected_wait(topic_site) is None


def test_each_site_has_its_own_wait(site, other_site, hold, decide):
    for comment in hold(5):
        decide(comment)

    assert expected_wait(site) is not None
    assert expected_wait(other_site) is None


def test_appeals_and_removals_are_no_waiting(site, post, decide, settle, moderator, reader):  # noqa: PLR0917
    """Who contests after a week has not waited for a week."""
    for number in range(5):
        comment = post(f"Wombat number {number} of the bridge.").comment
        decide(comment, "reject", rule="links")
        settle(submit_appeal(comment=comment, author=reader))
        remove_comment(comment=comment, moderator=moderator, rule="links")
    Decision.objects.filter(outcome="reject").update(maker="engine", moderator=None)

    assert expected_wait(site) is None
