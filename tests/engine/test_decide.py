"""decide(): one table of cases, and what must hold for every policy and every score."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.decide import SEVERITY, decide
from belowline.engine.decision import Outcome, Score, Span
from belowline.engine.policy import Policy, Rule
from belowline.engine.submission import Story, Submission

PUBLISH, HOLD, REJECT = Outcome.PUBLISH, Outcome.HOLD, Outcome.REJECT
PLAIN = Submission(text="Well, you absolute idiot.")
IN_SPORT = Submission(text="Goal!", story=Story(title="Town lose six nil", section="sport"))


def rule(score="insult", hold=0.6, **changes):
    words = {
        "title": "A rule",
        "for_readers": "Do not.",
        "for_moderators": "Weigh.",
        "explanation": "Because.",
    }
    return Rule(score=score, hold=hold, **(words | changes))


def policy(**rules):
    return Policy(name="Test", sentence="Be kind.", rules=rules)


def at(value, *spans):
    return Score(value=value, spans=spans)


ONE = policy(abuse=rule())
STRICT = policy(abuse=rule(reject=0.9))
SPORT_ONLY = policy(abuse=rule(sections=("sport",)))
TOLERANT = policy(abuse=rule(unchecked="ignore"))
WATCHING = policy(abuse=rule(background=True))
TWO = policy(abuse=rule(hold=0.6), topic=rule(score="off_topic", hold=0.7))

CASES = {
    "below the threshold": (ONE, {"insult": at(0.59)}, PLAIN, PUBLISH, []),
    "at the threshold": (ONE, {"insult": at(0.6)}, PLAIN, HOLD, ["abuse"]),
    "far above, but no reject": (ONE, {"insult": at(1.0)}, PLAIN, HOLD, ["abuse"]),
    "below reject": (STRICT, {"insult": at(0.89)}, PLAIN, HOLD, ["abuse"]),
    "at reject": (STRICT, {"insult": at(0.9)}, PLAIN, REJECT, ["abuse"]),
    "unchecked holds": (ONE, {"insult": Score.unchecked("timeout")}, PLAIN, HOLD, ["abuse"]),
    "unchecked never rejects": (STRICT, {"insult": Score.unchecked("error")}, PLAIN, HOLD, ["abuse"]),
    "unchecked may be ignored": (TOLERANT, {"insult": Score.unchecked("no_story")}, PLAIN, PUBLISH, []),
    "ignored unchecked still has its threshold": (TOLERANT, {"insult": at(0.7)}, PLAIN, HOLD, ["abuse"]),
    "a score that nothing gives holds": (ONE, {}, PLAIN, HOLD, ["abuse"]),
    "a score without a rule does nothing": (ONE, {"insult": at(0), "spam": at(1)}, PLAIN, PUBLISH, []),
    "in its section": (SPORT_ONLY, {"insult": at(0.9)}, IN_SPORT, HOLD, ["abuse"]),
    "outside its section": (SPORT_ONLY, {"insult": at(0.9)}, PLAIN, PUBLISH, []),
    "background decides nothing": (WATCHING, {"insult": at(1.0)}, PLAIN, PUBLISH, []),
    "unchecked background decides nothing": (WATCHING, {}, PLAIN, PUBLISH, []),
    "both rules are named": (TWO, {"insult": at(0.9), "off_topic": at(0.9)}, PLAIN, HOLD, ["abuse", "topic"]),
    "the clearer one is first": (
        TWO,
        {"insult": at(0.61), "off_topic": at(1)},
        PLAIN,
        HOLD,
        ["topic", "abuse"],
    ),
    "an unchecked one comes last": (TWO, {"off_topic": at(0.7)}, PLAIN, HOLD, ["topic", "abuse"]),
}


@pytest.mark.parametrize(("chosen", "scores", "submission", "outcome", "rules"), CASES.values(), ids=CASES)
def test_decide(chosen, scores, submission, outcome, rules):
    verdict = decide(chosen, scores, submission)

    assert verdict.outcome is outcome
    assert [reason.rule for reason in verdict.reasons] == rules


def test_the_gravest_reason_stands_first():
    both = policy(mild=rule(score="spam", hold=0.1), grave=rule(hold=0.5, reject=0.9))

    verdict = decide(both, {"spam": at(1.0), "insult": at(0.9)}, PLAIN)

    assert [(reason.rule, reason.outcome) for reason in verdict.reasons] == [
        ("grave", REJECT),
        ("mild", HOLD),
    ]


@pytest.mark.parametrize(("value", "threshold"), [(0.7, 0.6), (0.95, 0.9), (None, 0.6)])
def test_a_reason_names_the_threshold_that_it_met(value, threshold):
    (reason,) = decide(STRICT, {"insult": Score(value=value, cause="" if value else "error")}, PLAIN).reasons

    assert (reason.signal, reason.score, reason.threshold) == ("insult", value, threshold)


def test_background_rules_are_noted():
    (noted,) = decide(WATCHING, {"insult": at(0.8)}, PLAIN).noted

    assert (noted.rule, noted.score) == ("abuse", 0.8)


def test_a_reason_points_at_the_strongest_passage_and_the_shorter_of_two_equals():
    spans = (Span(0, 4, 0.3, "insult"), Span(19, 24, 0.9, "insult"), Span(10, 24, 0.9, "insult"))

    (reason,) = decide(ONE, {"insult": at(0.9, *spans)}, PLAIN).reasons

    assert PLAIN.text[reason.start : reason.end] == "idiot"


def test_a_reason_without_passage_points_nowhere():
    (reason,) = decide(ONE, {"insult": at(0.9)}, PLAIN).reasons

    assert (reason.start, reason.end) == (None, None)


def test_what_is_unchecked_is_listed_even_where_no_rule_asks():
    verdict = decide(TWO, {"insult": at(0.1), "spam": Score.unchecked("timeout")}, PLAIN)

    listed = {(item.signal, item.cause) for item in verdict.unchecked}
    assert listed == {("spam", "timeout"), ("off_topic", "not_measured")}


def test_a_threshold_of_one_is_met_by_one():
    (reason,) = decide(policy(a=rule(hold=1.0)), {"insult": at(1.0)}, PLAIN).reasons

    assert reason.rule == "a"


NAMES = ("insult", "spam", "off_topic")
units = st.floats(0, 1)


@st.composite
def rules(draw):
    hold = draw(units)
    return rule(
        score=draw(st.sampled_from(NAMES)),
        hold=hold,
        reject=draw(st.none() | st.floats(hold, 1)),
        sections=draw(st.sampled_from([(), ("sport",), ("politics",)])),
        unchecked=draw(st.sampled_from(["hold", "ignore"])),
        background=draw(st.booleans()),
    )


policies = st.dictionaries(st.sampled_from("abcdef"), rules(), min_size=1).map(lambda found: policy(**found))
measured = st.fixed_dictionaries(dict.fromkeys(NAMES, units))
uncertain = st.dictionaries(st.sampled_from(NAMES), st.none() | units)
submissions = st.sampled_from([PLAIN, IN_SPORT])


def scored(values):
    return {name: Score(value=value, cause="" if value is not None else "error") for name, value in values.items()}


def acting(chosen, submission):
    section = submission.story.section if submission.story else ""
    return [one for one in chosen.rules.values() if not one.background and one.applies_to(section)]


@given(policies, measured, submissions, st.sampled_from(NAMES), units)
def test_raising_a_score_never_makes_the_outcome_milder(chosen, values, submission, name, other):
    low, high = sorted((values[name], other))

    before = decide(chosen, scored(values | {name: low}), submission)
    after = decide(chosen, scored(values | {name: high}), submission)

    assert SEVERITY[after.outcome] >= SEVERITY[before.outcome]


@given(policies, uncertain, submissions)
def test_nothing_is_published_that_a_rule_could_not_check(chosen, values, submission):
    verdict = decide(chosen, scored(values), submission)

    blind = [one for one in acting(chosen, submission) if values.get(one.score) is None]
    if any(one.unchecked == "hold" for one in blind):
        assert verdict.outcome is not PUBLISH


@given(policies, uncertain, submissions)
def test_the_outcome_is_the_gravest_reason(chosen, values, submission):
    verdict = decide(chosen, scored(values), submission)

    gravest = max((reason.outcome for reason in verdict.reasons), key=SEVERITY.get, default=PUBLISH)
    assert verdict.outcome is gravest
    assert (verdict.outcome is PUBLISH) == (not verdict.reasons)


@given(policies, uncertain, submissions)
def test_the_machine_rejects_only_where_the_policy_says_so(chosen, values, submission):
    if decide(chosen, scored(values), submission).outcome is REJECT:
        assert any(one.reject is not None for one in acting(chosen, submission))


@given(policies, uncertain, submissions)
def test_every_unknown_score_is_listed_once(chosen, values, submission):
    verdict = decide(chosen, scored(values), submission)

    listed = [item.signal for item in verdict.unchecked]
    asked = {one.score for one in chosen.rules.values()} | set(values)
    assert sorted(listed) == sorted(name for name in asked if values.get(name) is None)
    assert all(item.cause for item in verdict.unchecked)


@given(policies, uncertain, submissions)
def test_the_order_of_the_scores_changes_nothing(chosen, values, submission):
    backwards = dict(reversed(scored(values).items()))

    one, other = decide(chosen, scored(values), submission), decide(chosen, backwards, submission)

    assert msgspec.to_builtins(one.reasons) == msgspec.to_builtins(other.reasons)
