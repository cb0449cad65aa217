"""Which rules some scores meet: sections, ignored causes, switched-off topics, and what stands for off topic."""

import pytest

from belowline.engine.policy import Policy, Rule
from belowline.engine.standing import HELD, NEVER, OUTCOMES, REJECTED, Met, Standing

WORDS = {"title": "A rule", "for_readers": "Do not.", "for_moderators": "Weigh.", "explanation": "Because."}


def rule(score, hold=0.5, **changes):
    return Rule(**({"score": score, "hold": hold} | WORDS | changes))


def standing(**rules):
    return Standing(Policy(name="Test", sentence="Be kind.", rules=rules))


def met(code, rank=HELD, threshold=0.5, *, is_measured=True):
    return Met(code, rank, threshold, is_measured)


RUDE = standing(rude=rule("insult", reject=0.9, hold_in={"sport": 0.7, "": 0.95}))


@pytest.mark.parametrize(
    ("value", "section", "expected"),
    [
        (0.49, "news", []),
        (0.5, "news", [met("rude")]),
        (0.9, "news", [met("rude", REJECTED, 0.9)]),
        (0.69, "sport", []),
        (0.7, "sport", [met("rude", HELD, 0.7)]),
        (0.92, "", []),
        (0.95, "", [met("rude", REJECTED, 0.95)]),
        (None, "sport", [met("rude", HELD, 0.7, is_measured=False)]),
    ],
)
def test_each_section_has_its_own_hold_and_rejects_never_below_it(value, section, expected):
    found = RUDE.judge({"insult": value}, section)

    assert found.met == expected
    assert found.rank == max((one.rank for one in expected), default=0)


def test_a_rule_of_other_sections_does_not_look():
    assert standing(rude=rule("insult", sections=("sport",))).judge({"insult": 1.0}, "news").met == []


@pytest.mark.parametrize(
    ("rules", "causes", "is_held"),
    [
        ({}, {"insult": "timeout"}, True),
        ({}, None, True),
        ({"unchecked": "ignore"}, {"insult": "timeout"}, False),
        ({"ignore_unchecked": ("no_story",)}, {"insult": "no_story"}, False),
        ({"ignore_unchecked": ("no_story",)}, {"insult": "timeout"}, True),
        ({"ignore_unchecked": ("no_story",)}, None, True),
    ],
    ids=["holds", "untold", "ignores", "ignored cause", "another cause", "a cause that nobody told"],
)
@pytest.mark.parametrize("scores", [{"insult": None}, {}], ids=["unchecked", "missing"])
def test_what_could_not_be_computed(scores, rules, causes, is_held):
    found = standing(rude=rule("insult", **rules)).judge(scores, "", causes)

    assert bool(found.rank) is is_held


@pytest.mark.parametrize("value", [0.8, None], ids=["off topic", "unchecked"])
def test_nothing_is_off_topic_where_an_editor_said_so(value):
    policy = standing(topic=rule("off_topic"), rude=rule("insult"))
    scores = {"off_topic": value, "insult": 0.6}

    assert [one.code for one in policy.judge(scores).met] == ["topic", "rude"]
    assert [one.code for one in policy.judge(scores, judges_topic=False).met] == ["rude"]
    assert [one.code for one in policy.judge(scores).met] == ["topic", "rude"], "the one does not stick to the other"


@pytest.mark.parametrize(
    ("kind", "scores", "codes"),
    [
        ({"desk": "corrections", "background": True}, {"correction": 0.6, "off_topic": 0.9}, []),
        ({"desk": "corrections"}, {"correction": 0.6, "off_topic": 0.9}, ["kind"]),
        ({"background": True}, {"correction": 0.6, "off_topic": 0.9}, ["topic"]),
        ({"desk": "corrections", "background": True}, {"correction": 0.4, "off_topic": 0.9}, ["topic"]),
        ({"desk": "corrections", "background": True}, {"correction": None, "off_topic": 0.9}, ["topic"]),
        ({"desk": "corrections", "background": True}, {"correction": 0.6, "off_topic": None}, ["topic"]),
    ],
    ids=["noted elsewhere", "held elsewhere", "only counted", "not met", "unchecked", "topic unchecked"],
)
def test_what_is_of_another_kind_is_not_off_topic(kind, scores, codes):
    found = standing(topic=rule("off_topic"), kind=rule("correction", **kind)).judge(scores)

    assert [one.code for one in found.met] == codes


def test_background_rules_are_noted_and_decide_nothing():
    found = standing(rude=rule("insult", reject=0.6, background=True)).judge({"insult": 0.7})

    assert (found.rank, found.met, found.noted) == (0, [], [met("rude", REJECTED, 0.6)])


def test_the_gravest_wins():
    policy = standing(rude=rule("insult"), spam=rule("spam", reject=0.8), loud=rule("shouting"))
    found = policy.judge({"insult": 0.9, "spam": 0.9, "shouting": 0.1})

    assert [one.code for one in found.met] == ["rude", "spam"]
    assert OUTCOMES[found.rank] == "reject"


def test_never_is_above_every_score():
    assert standing(rude=rule("insult")).judge({"insult": 1.0}).met == [met("rude")]
    assert NEVER > 1.0
