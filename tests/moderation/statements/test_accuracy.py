"""Accuracy, precision and recall out of blind reviews, by hand-counted tables."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.models import Audit
from belowline.moderation.statements.accuracy import ALL_RULES, Review, accuracies, reviews_between

NONE, A, B, BOTH = frozenset(), frozenset("a"), frozenset("b"), frozenset("ab")


def review(found, right):
    return Review(found, right)


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [
        ([], {}),
        ([review(NONE, NONE)] * 4, {ALL_RULES: (4, 1.0, None, None)}),
        ([review(NONE, A)], {ALL_RULES: (1, 0.0, None, 0.0), "a": (1, 0.0, None, 0.0)}),
        ([review(A, NONE)], {ALL_RULES: (1, 0.0, 0.0, None), "a": (1, 0.0, 0.0, None)}),
        (
            [review(A, A), review(A, NONE), review(NONE, A), review(NONE, NONE)],
            {ALL_RULES: (4, 0.5, 0.5, 0.5), "a": (4, 0.5, 0.5, 0.5)},
        ),
        (
            [review(A, B), review(BOTH, A)],
            {ALL_RULES: (2, 1.0, 1.0, 1.0), "a": (2, 0.5, 0.5, 1.0), "b": (2, 0.0, 0.0, 0.0)},
        ),
    ],
    ids=["no reviews", "all published and right", "missed", "wrongly refused", "one of each", "the wrong rule"],
)
def test_by_hand(reviews, expected):
    assert {row.classifier: row[1:] for row in accuracies(reviews)} == expected


@given(st.lists(st.tuples(st.sampled_from([NONE, A, B, BOTH]), st.sampled_from([NONE, A, B])), min_size=1, max_size=30))
def test_every_share_is_one(pairs):
    for row in accuracies([review(*pair) for pair in pairs]):
        assert row.reviewed == len(pairs)
        assert all(value is None or 0 <= value <= 1 for value in row[2:])


@pytest.fixture
def audit(moderator):
    def call(decision, outcome, rule="", *, at=None):
        return Audit.objects.create(
            decision=decision, reviewer=moderator, outcome=outcome, rule=rule, reviewed_at=at or timezone.now()
        )

    return call


def around(site=None):
    return reviews_between(site, timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1))


def test_what_the_machine_settled(site, activate, post, audit):
    activate(site, reject=0.9)
    audit(post("A quiet remark about tolls.").decision, "publish")
    audit(post("Another quiet remark about tolls.").decision, "reject", "links")
    audit(post("What a wombat of a bridge.").decision, "reject", "banned_word")
    audit(post("Not a wombat of a bridge.").decision, "publish")

    assert Counter(around()) == Counter(
        [
            review(NONE, NONE),
            review(NONE, frozenset({"links"})),
            review(frozenset({"banned_word"}), frozenset({"banned_word"})),
            review(frozenset({"banned_word"}), NONE),
        ]
    )


def test_a_reviewer_who_names_no_rule_refuses_all_the_same(published, audit):
    audit(published.decisions.get(), "reject")

    [review_of_it] = around()
    assert accuracies([review_of_it])[0][1:] == (1, 0.0, None, 0.0)


def test_what_it_held_is_nobodys_error(held, audit):
    audit(held.decisions.get(), "publish")

    assert around() == []


def test_other_times_and_sites(published, audit, other_site, site):
    audit(published.decisions.get(), "publish", at=timezone.now() - timedelta(days=2))
    assert around() == []
    Audit.objects.update(reviewed_at=timezone.now())

    assert around(site) == [review(NONE, NONE)]
    assert around(other_site) == []


def test_not_reviewed_yet(published):
    Audit.objects.create(decision=published.decisions.get())

    assert around() == []
