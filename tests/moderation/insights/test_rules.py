"""Rule by rule: what appeals overturned, and what the machine held rightly."""

import pytest

from belowline.moderation.insights.rules import RuleHolds, holds_by_rule, overturns_by_rule, rate_of
from belowline.moderation.models import Appeal


@pytest.fixture
def held_then(site, write_comment, write_decision, ago):
    """Let the machine hold a comment by a rule, and a person decide."""

    def call(rule, *outcomes, days=1):
        comment = write_comment(site, at=ago(days))
        write_decision(comment, "hold", "engine", rule=rule)
        return [write_decision(comment, outcome) for outcome in outcomes]

    return call


@pytest.mark.parametrize(
    ("count", "n", "expected"),
    [
        pytest.param(0, 0, None, id="nothing"),
        pytest.param(0, 10, (0.0, 0.0, 0.3085), id="none of ten"),
        pytest.param(10, 10, (1.0, 0.6915, 1.0), id="all of ten"),
        pytest.param(5, 10, (0.5, 0.1871, 0.8129), id="half of ten"),
    ],
)
def test_a_share_with_its_exact_interval(count, n, expected):
    """Clopper and Pearson's 95 % intervals, as tables have them."""
    found = rate_of(count, n)

    assert found == (pytest.approx(expected, abs=1e-4) if expected else None)


def test_what_people_made_of_each_rule(scope, held_then):
    for outcome in ("reject", "reject", "publish"):
        held_then("links", outcome)
    held_then("shouting", "publish")
    first, second = holds_by_rule(scope())

    assert first[:3] == ("links", 1, 2)
    assert first.rate.share == pytest.approx(2 / 3)
    assert second == RuleHolds("shouting", 1, 0, rate_of(0, 1))


def test_only_the_first_decision_counts(scope, held_then):
    held_then("links", "publish", "reject")

    assert [row[:3] for row in holds_by_rule(scope())] == [("links", 1, 0)]


def test_nobody_has_decided_yet(scope, held_then):
    held_then("links")

    assert holds_by_rule(scope()) == []


def test_a_removal_of_what_the_machine_published_is_no_hold(site, scope, write_comment, write_decision, ago):
    comment = write_comment(site, at=ago(1))
    write_decision(comment, "publish", "engine")
    write_decision(comment, "remove", rule="links")

    assert holds_by_rule(scope()) == []


def test_the_newest_hold_names_the_rule(site, scope, write_comment, write_decision, ago):
    comment = write_comment(site, at=ago(1))
    write_decision(comment, "hold", "engine", rule="links")
    write_decision(comment, "hold", "engine", rule="shouting")
    write_decision(comment, "reject")

    assert [row.rule for row in holds_by_rule(scope())] == ["shouting"]


@pytest.fixture
def appealed(site, write_comment, write_decision, ago):
    """Let an author appeal against a rejection by a rule."""

    def call(rule, state, days=1):
        decision = write_decision(write_comment(site, "rejected", at=ago(days)), "reject", rule=rule)
        appeal = Appeal.objects.create(decision=decision, state=state)
        Appeal.objects.filter(pk=appeal.pk).update(created_at=ago(days))

    return call


def test_appeals_by_rule(scope, appealed):
    for rule, state in (("links", "overturned"), ("links", "upheld"), ("links", "open"), ("shouting", "open")):
        appealed(rule, state)
    appealed("links", "overturned", days=60)
    links, shouting = overturns_by_rule(scope())

    assert links[:4] == ("links", 1, 1, 1)
    assert links.rate == rate_of(1, 2)
    assert shouting == ("shouting", 0, 0, 1, None)


def test_no_appeals(scope):
    assert overturns_by_rule(scope()) == []
