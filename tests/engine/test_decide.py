"""decide(): one table of cases, and what must hold for every policy and every score."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.decide import SEVERITY, decide
from belowline.engine.decision import Outcome, Score, Span
from belowline.engine.policy import DESKS, Policy, Rule
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
MILD_IN_SPORT = policy(abuse=rule(hold_in={"sport": 0.7}))
IN_SECTIONS = policy(abuse=rule(reject=0.8, hold_in={"sport": 0.9}))
FOREIGN = policy(topic=rule(score="off_topic", ignore_unchecked=("story_language_unsupported",)))
ROUTED = policy(meta=rule(score="about_moderation", desk="newsroom"), abuse=rule())
KINDS = policy(
    topic=rule(score="off_topic"),
    abuse=rule(),
    meta=rule(score="about_moderation", desk="newsroom", unchecked="ignore"),
    mistake=rule(score="correction", desk="corrections", background=True, unchecked="ignore"),
    empty=rule(score="insubstantial", background=True, unchecked="ignore"),
)
ANY_TOPIC = Submission(text="Well.", story=Story(title="Open thread", judges_topic=False))

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
    "a section's own threshold, below": (IN_SECTIONS, {"insult": at(0.89)}, IN_SPORT, PUBLISH, []),
    "a section's own threshold, met": (MILD_IN_SPORT, {"insult": at(0.7)}, IN_SPORT, HOLD, ["abuse"]),
    "from a section's hold on, what lies above reject is rejected": (
        IN_SECTIONS,
        {"insult": at(0.9)},
        IN_SPORT,
        REJECT,
        ["abuse"],
    ),
    "another section keeps the common one": (IN_SECTIONS, {"insult": at(0.6)}, PLAIN, HOLD, ["abuse"]),
    "nothing is rejected below a section's hold": (IN_SECTIONS, {"insult": at(0.85)}, IN_SPORT, PUBLISH, []),
    "elsewhere it is rejected": (IN_SECTIONS, {"insult": at(0.85)}, PLAIN, REJECT, ["abuse"]),
    "an ignored cause": (FOREIGN, {"off_topic": Score.unchecked("story_language_unsupported")}, PLAIN, PUBLISH, []),
    "another cause holds": (FOREIGN, {"off_topic": Score.unchecked("no_story")}, PLAIN, HOLD, ["topic"]),
    "a message is not off topic": (
        KINDS,
        {"off_topic": at(1), "about_moderation": at(0.7), "insult": at(0), "correction": at(0), "insubstantial": at(0)},
        PLAIN,
        HOLD,
        ["meta"],
    ),
    "a correction is on topic": (
        KINDS,
        {"off_topic": at(1), "correction": at(0.7), "insult": at(0)},
        PLAIN,
        PUBLISH,
        [],
    ),
    "below its threshold it is none": (
        KINDS,
        {"off_topic": at(1), "correction": at(0.5), "insult": at(0)},
        PLAIN,
        HOLD,
        ["topic"],
    ),
    "what is only counted decides nothing": (
        KINDS,
        {"off_topic": at(1), "insubstantial": at(1), "insult": at(0)},
        PLAIN,
        HOLD,
        ["topic"],
    ),
    "a message that may be abuse goes to the moderators": (
        KINDS,
        {"off_topic": at(1), "about_moderation": at(1), "insult": at(0.6)},
        PLAIN,
        HOLD,
        ["abuse", "meta"],
    ),
    "an unchecked topic still holds": (KINDS, {"correction": at(1), "insult": at(0)}, PLAIN, HOLD, ["topic"]),
    "topic switched off": (TWO, {"insult": at(0), "off_topic": at(1)}, ANY_TOPIC, PUBLISH, []),
    "switched off, unchecked": (TWO, {"insult": at(0)}, ANY_TOPIC, PUBLISH, []),
    "switched off, other rules act": (TWO, {"insult": at(0.9), "off_topic": at(1)}, ANY_TOPIC, HOLD, ["abuse"]),
    "the moderators' rules come first": (
        ROUTED,
        {"insult": at(0.6), "about_moderation": at(1)},
        PLAIN,
        HOLD,
        ["abuse", "meta"],
    ),
    "alone, the newsroom's": (ROUTED, {"insult": at(0.5), "about_moderation": at(1)}, PLAIN, HOLD, ["meta"]),
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


@pytest.mark.parametrize(("submission", "value", "threshold"), [(IN_SPORT, 0.95, 0.9), (PLAIN, 0.7, 0.6)])
def test_a_reason_names_the_threshold_of_the_section(submission, value, threshold):
    (reason,) = decide(IN_SECTIONS, {"insult": at(value)}, submission).reasons

    assert reason.threshold == threshold


def test_a_reason_names_its_desk():
    reasons = decide(ROUTED, {"insult": at(1), "about_moderation": at(1)}, PLAIN).reasons

    assert [reason.desk for reason in reasons] == ["moderators", "newsroom"]


def test_what_was_not_measured_is_the_moderators():
    verdict = decide(policy(meta=rule("about_moderation", desk="newsroom")), {}, PLAIN)
    noted = decide(policy(mistake=rule("correction", desk="corrections", background=True)), {}, PLAIN).noted

    assert [one.desk for one in (*verdict.reasons, *noted)] == ["moderators", "moderators"]


def test_a_switched_off_topic_is_not_even_noted():
    watching = policy(topic=rule(score="off_topic", background=True))

    assert decide(watching, {"off_topic": at(1)}, ANY_TOPIC).noted == ()
    assert decide(watching, {"off_topic": at(1)}, IN_SPORT).noted != ()


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
        hold_in=draw(st.dictionaries(st.just("sport"), units)),
        desk=draw(st.sampled_from(DESKS)),
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
def test_a_comment_goes_to_another_desk_only_where_no_rule_of_the_moderators_is_as_grave(chosen, values, submission):
    reasons = decide(chosen, scored(values), submission).reasons

    if reasons and reasons[0].desk != "moderators":
        assert not [one for one in reasons if one.desk == "moderators" and one.outcome is reasons[0].outcome]


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
