"""What is known of comments and their topic: the reason, the passage, the comments above, who began a digression."""

import pytest

from belowline.comments.models import Comment
from belowline.engine.decision import Decision as Judged
from belowline.engine.decision import Outcome, Score
from belowline.engine.policy import load_policy, parse_policy
from belowline.moderation.actions.record_decision import record_engine_decision
from belowline.moderation.models import Decision
from belowline.moderation.templatetags import topic as tags
from belowline.moderation.topic import (
    FOLDED_FROM,
    MOST_ABOVE,
    comments_above,
    held_for_topic,
    is_digression,
    nearest_passage,
    topic_reason,
)


def decision(*reasons, maker="engine", noted=(), **scores):
    return Decision(maker=maker, reasons=list(reasons), noted=list(noted), scores=scores)


OFF = {"rule": "off_topic", "signal": "off_topic", "score": 0.9}
RUDE = {"rule": "rude", "signal": "insult", "score": 0.9}


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (None, None),
        (decision(), None),
        (decision(RUDE), None),
        (decision(RUDE, OFF), OFF),
        (decision(OFF, maker="person"), None),
        (decision(OFF | {"score": None}), None),
    ],
    ids=["none", "no reason", "another", "second", "a person's", "unchecked"],
)
def test_the_reason(given, found):
    assert topic_reason(given) == tags.held_as_off_topic(given) == found


@pytest.mark.parametrize(
    ("scores", "passage"),
    [({}, ""), ({"off_topic": {"evidence": "A line."}}, "A line."), ({"off_topic": {"value": None}}, "")],
)
def test_the_nearest_passage(scores, passage):
    assert nearest_passage(decision(**scores)) == tags.nearest(decision(**scores)) == passage


def test_what_was_routed_is_for_the_author_too():
    listed = {"desk": "corrections", "explanation": "Our corrections desk reads it."}

    assert tags.routed(decision(noted=[{"desk": "moderators"}, {}, listed])) == [listed]
    assert tags.routed(None) == []


def test_only_what_waits_for_its_topic_alone(off_topic, ferry, post, message, held):
    post(f"wombat {off_topic.text_source} Thank you!", story=ferry)
    post("The ferry carries schoolchildren and nurses through the winter.", story=ferry)

    assert held_for_topic(ferry) == [off_topic]
    assert held_for_topic(held.story) == []


@pytest.fixture
def chain(ferry, post, reader, other_reader):
    """A thread whose second comment left the article; its `off_topic` values are set."""

    def call(*values):
        parent = None
        for number, value in enumerate(values):
            author = other_reader if number % 2 else reader
            comment = post(
                f"Remark {number} on the ferry in winter.", story=ferry, parent=parent, author=author
            ).comment
            Comment.objects.filter(pk=comment.pk).update(status="published")
            comment.decisions.update(scores={"off_topic": {"value": value}})
            parent = Comment.objects.get(pk=comment.pk)
        return parent

    return call


def test_a_comment_that_answers_nobody_has_nothing_above(off_topic):
    assert comments_above(off_topic) == []


def test_the_comments_above_the_first_of_the_thread_first(chain):
    last = chain(0.1, 0.2, 0.3, 0.4)

    assert [one.value for one in comments_above(last)] == [0.1, 0.2, 0.3]
    assert comments_above(last)[0].comment == last.root


def test_a_digression_is_charged_to_whoever_began_it(chain):
    above = comments_above(chain(0.1, 0.8, 0.9, 0.95))

    assert [one.began for one in above] == [False, True, False]


@pytest.mark.parametrize("values", [(0.1, 0.4, 0.9), (None, None, 0.9)], ids=["near", "unchecked"])
def test_nobody_began_one(chain, values):
    assert not any(one.began for one in comments_above(chain(*values)))


def test_of_a_very_long_thread_the_nearest_and_the_first(chain):
    last = chain(*([0.1] * (MOST_ABOVE + 5)))
    above = comments_above(last)

    assert len(above) == MOST_ABOVE + 1
    assert above[0].comment == last.root
    assert above[-1].comment == last.parent


def test_the_newest_judgement_counts(chain, ferry):
    last = chain(0.1, 0.9, 0.9)
    first = last.root.decisions.get()
    Decision.objects.create(
        comment=last.root,
        revision=first.revision,
        outcome="publish",
        maker="engine",
        policy="p",
        scores={"off_topic": {"value": 0.7}},
    )

    assert [one.began for one in comments_above(last)] == [True, False]


# --- folded for readers


def judged(value, outcome="publish"):
    scores = {} if value == "none" else {"off_topic": Score(value=value) if value is not None else Score.unchecked("x")}
    return Judged(
        outcome=Outcome(outcome), reasons=(), scores=scores, unchecked=(), language="en", policy="p", model="m"
    )


@pytest.mark.parametrize(
    ("value", "outcome", "folded"),
    [
        (FOLDED_FROM, "publish", True),
        (FOLDED_FROM - 0.01, "publish", False),
        (0.99, "hold", False),
        (None, "publish", False),
        ("none", "publish", False),
    ],
)
def test_what_readers_see_folded(value, outcome, folded):
    assert is_digression(judged(value, outcome), load_policy()) is folded


def test_without_a_rule_on_the_topic_nothing_is_folded(policy_text):
    assert not is_digression(judged(0.99), parse_policy(policy_text()))


def test_the_engines_decision_folds_and_unfolds(ferry, post):
    comment = post(story=ferry).comment
    record_engine_decision(comment=comment, decision=judged(0.85))
    comment.refresh_from_db()
    assert comment.is_digression
    record_engine_decision(comment=comment, decision=judged(0.2))
    comment.refresh_from_db()
    assert not comment.is_digression
