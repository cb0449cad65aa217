"""What the desk shows of a rehearsal."""

import pytest

from belowline.comments.models import Comment
from belowline.desk.rehearsal_report import BADGES, NAMES, report_context
from belowline.engine.policy import parse_policy
from belowline.engine.rehearsal import OUTCOMES, Case, rehearse


@pytest.fixture
def policies(policy_text):
    """The small policy, and one that is laxer about banned words."""
    return parse_policy(policy_text()), parse_policy(policy_text().replace("hold = 0.5", "hold = 0.9", 1))


@pytest.fixture
def report(policies):
    """The context for comments that are banned a little (0.7), each with what people decided."""

    def call(*keys, is_good=None):
        scores = {"banned_word": 0.7, "links": 0.1, "shouting": 0.1}
        cases = [Case(str(key), scores, scores, is_good) for key in keys]
        return report_context(rehearse(*policies, cases), *policies)

    return call


def test_every_outcome_has_its_name_and_style():
    assert set(NAMES) == set(BADGES) == set(OUTCOMES)


def test_outcomes_in_the_order_of_gravity(report, held):
    rows = report(held.pk)["outcomes"]

    assert [(row.name, row.before.total, row.after.total) for row in rows] == [
        ("Published", 0, 1),
        ("Held", 1, 0),
        ("Rejected", 0, 0),
    ]


def test_a_changed_comment_with_its_text_and_place(report, held):
    (changed,) = report(held.pk)["changed"]

    assert changed.comment.text_source == held.text_source
    assert changed.url == f"/desk/?comment={held.pk}"
    assert (changed.before, changed.after) == (("Held", "held"), ("Published", "published"))
    assert changed.rules == ["Words that we do not publish"]


@pytest.mark.parametrize(
    ("status", "place"),
    [("published", "/discussion/{story}/#c-{pk}"), ("rejected", ""), ("removed", ""), ("held", "/desk/?comment={pk}")],
)
def test_where_a_comment_can_be_read(report, held, story, status, place):
    Comment.objects.filter(pk=held.pk).update(status=status)

    assert report(held.pk)["changed"][0].url == place.format(story=story.pk, pk=held.pk)


def test_a_comment_that_is_gone(report, site):
    (changed,) = report(999_999)["changed"]

    assert (changed.comment, changed.url) == (None, "")


@pytest.mark.parametrize(
    ("is_good", "words", "is_hoped_for"),
    [
        (True, "Milder, as moderators had decided", True),
        (False, "Milder, though moderators had refused it", False),
        (None, "Milder; no person has looked at it", False),
    ],
    ids=["good", "bad", "unseen"],
)
def test_the_kind_in_words(report, held, is_good, words, is_hoped_for):
    found = report(held.pk, is_good=is_good)

    assert (found["changed"][0].kind, found["changed"][0].is_hoped_for) == (words, is_hoped_for)
    assert found["kinds"] == [(words, 1)]


def test_only_rules_that_were_met_are_listed(report, held):
    found = report(held.pk)

    assert [rule.title for rule in found["acting"]] == ["Words that we do not publish"]
    assert found["background"] == []


def test_plots_of_the_outcomes_and_of_each_changed_rule(report, held):
    assert [plot.title for plot in report(held.pk)["plots"]] == [
        "What becomes of the comments",
        "Words that we do not publish: scores and threshold",
    ]


def test_nothing_to_draw(report, site):
    assert report()["plots"] == []


def test_one_query_for_all_comments(report, post, django_assert_num_queries):
    keys = [post(f"Wombat number {number} of the bridge.").comment.pk for number in range(5)]

    with django_assert_num_queries(1):
        assert len(report(*keys)["changed"]) == 5
