"""What waits, until when it can be contested, and who may decide."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.appeals import (
    appeal_days,
    appeal_until,
    is_contestable,
    open_appeals,
    was_first_decider,
    why_not_decide,
)
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Appeal, Decision


@pytest.fixture
def contest(post, decide, reader):
    """Have comments rejected and contested."""

    def call(count=1, **more):
        found = []
        for number in range(count):
            comment = post(f"Wombat number {number} of many.", **more).comment
            decide(comment, "reject", rule="banned_word")
            found.append(submit_appeal(comment=comment, author=reader))
        return found

    return call


def test_the_oldest_waits_first(contest):
    first, second, third = contest(3)
    Appeal.objects.filter(pk=second.pk).update(created_at=timezone.now() - timedelta(days=1))

    assert list(open_appeals()) == [second, first, third]


@pytest.mark.parametrize("state", ["upheld", "overturned"])
def test_what_is_settled_waits_no_longer(appeal, settle, state):
    assert list(open_appeals()) == [appeal]
    settle(appeal, state)
    assert list(open_appeals()) == []


def test_what_its_author_deleted_waits_no_longer(appeal, rejected, reader):
    delete_comment(comment=rejected, by=reader)

    assert list(open_appeals()) == []


def test_the_list_costs_one_query(contest, django_assert_num_queries):
    contest(5)
    with django_assert_num_queries(1):
        for appeal in open_appeals():
            assert appeal.decision.moderator.display_name
            assert appeal.decision.comment.author.display_name
            assert appeal.decision.comment.story.site.name


@pytest.mark.parametrize(
    ("outcome", "status", "contestable"),
    [
        ("reject", "rejected", True),
        ("remove", "removed", True),
        ("reject", "deleted", False),
        ("remove", "deleted", False),
        ("hold", "held", False),
        ("publish", "published", False),
        ("reject", "held", False),
    ],
)
def test_what_can_be_contested(held, outcome, status, contestable):
    held.status = status

    assert is_contestable(held, Decision(outcome=outcome)) is contestable


def test_until_when(rejected, site):
    decision = rejected.decisions.latest("pk")

    assert appeal_until(decision, site) - decision.created_at == timedelta(days=183)


def test_the_longer_promise_counts(site, activate, policy_text):
    first = activate(site, name="First").version
    long = policy_text(name="Long").replace("[settings]", "[settings]\nappeal_days = 400")
    second = activate_policy(site=site, text=long).version
    assert appeal_days(site, site_policy(site), [first, second, "gone@000000000000"]) == {
        first: 400,
        second: 400,
        "gone@000000000000": 400,
    }
    third = activate(site, name="Third").version

    assert appeal_days(site, site_policy(site), [first, second, third]) == {first: 183, second: 400, third: 183}


def test_nobody_has_decided_an_open_one(appeal):
    """Also not where the machine decided, which is nobody either."""
    assert not was_first_decider(appeal)
    appeal.decision.moderator_id = None
    assert not was_first_decider(appeal)


def test_why_somebody_may_not_decide(appeal, moderator, other_moderator):
    assert why_not_decide(appeal, moderator) == "You took the decision that is contested: another moderator decides."
    assert why_not_decide(appeal, other_moderator) == ""
