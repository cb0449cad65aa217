"""Widening the band: never laxer, a step further than the audits ask for, and everything where scores tell nothing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_newsroom import CONFIDENCE, LIMIT, WEEK, Newsroom

from belowline.engine.cutoffs import NEVER, Past, cutoffs_of, tabulate
from belowline.engine.cutoffs_text import write_cutoffs
from belowline.engine.policy import Policy, Rule, default_policy_text, parse_policy
from belowline.engine.watching import watch
from belowline.engine.widening import FACTORS, widen

units = st.floats(0, 1)


def rule(score, hold=0.8, **changes):
    words = {"title": "A rule", "for_readers": "Do not.", "for_moderators": "Weigh.", "explanation": "Because."}
    return Rule(**({"score": score, "hold": hold} | words | changes))


def policy(**rules):
    return Policy(name="Test", sentence="Be kind.", rules=rules)


TWO = policy(rude=rule("insult", reject=0.95), spam=rule("spam", 0.5))


def good(insult=0.1, spam=0.1, **more):
    return Past({"insult": insult, "spam": spam}, is_good=True, **more)


def bad(insult=0.1, spam=0.1, rule="rude"):
    return Past({"insult": insult, "spam": spam}, is_good=False, rule=rule)


def test_a_step_after_the_first_that_leaves_no_more_errors_than_promised():
    """0.7 would do: 0.56 holds the errors at 0.6."""
    found = widen(TWO, [*[good()] * 90, *[bad(0.6)] * 5, good(0.63), good(0.5)], 1, 0.01)

    assert found.factor == 0.6
    assert found.lowered == ("rude",)
    assert found.cutoffs.hold.tolist() == [0.47995, 0.5]
    assert found.cutoffs.reject.tolist() == [0.95, NEVER]
    assert (found.left, found.errors) == (90, 0)
    assert found.share == 90 / 97


def test_an_error_in_a_hundred_may_be_left():
    found = widen(TWO, [*[good()] * 120, bad(0.1), *[bad(0.7)] * 5], 1, 0.01)

    assert (found.factor, found.left, found.errors) == (0.7, 121, 1)


def test_what_was_audited_before_the_change_shows_what_would_be_left():
    """All since then are errors; only beside the earlier ones does it show that it is their score."""
    before, since = [good()] * 60, [bad(0.6)] * 5
    found = widen(TWO, [*before, *since], 61, 0.01)

    assert (found.lowered, found.factor) == (("rude",), 0.6)
    assert (found.left, found.errors, found.share) == (0, 0, 60 / 65)


def test_errors_before_the_change_are_another_world():
    found = widen(TWO, [bad(0.05), *[good()] * 60, *[bad(0.6)] * 5], 62, 0.01)

    assert (found.factor, found.errors) == (0.6, 0)
    assert found.share == 61 / 66


def test_all_rules_where_the_named_one_sees_nothing_of_it():
    """Reviewers call it rude, but it is the other score that stands out."""
    found = widen(TWO, [*[good()] * 90, *[bad(0.05, 0.4)] * 5], 1, 0.01)

    assert set(found.lowered) == {"rude", "spam"}
    assert (found.left, found.errors) == (90, 0)


def test_only_the_named_rule_where_that_leaves_more():
    found = widen(TWO, [*[good(0.1, 0.49)] * 50, *[good()] * 40, *[bad(0.6)] * 5], 1, 0.01)

    assert found.lowered == ("rude",)
    assert found.left == 90


@pytest.mark.parametrize("named", ["", "gone"], ids=["no rule named", "a rule that the policy does not have"])
def test_all_rules_where_nobody_named_one(named):
    found = widen(TWO, [*[good()] * 90, *[bad(0.7, rule=named)] * 5], 1, 0.01)

    assert set(found.lowered) == {"rude", "spam"}
    assert (found.factor, found.errors) == (0.7, 0)


@pytest.mark.parametrize("seed", range(10))
def test_where_scores_say_nothing_everything_is_held(seed):
    """Errors fall on all scores alike: that some step happens to leave none of them shows nothing."""
    random = np.random.default_rng(seed)
    heights = random.random(45) * 0.79
    audits = [
        Past({"insult": value, "spam": 0.0}, is_good=place >= 5, rule="rude") for place, value in enumerate(heights)
    ]
    found = widen(TWO, audits, 1, 0.01)

    assert (found.factor, found.left, found.share) == (0.0, 0, 0.0)
    assert found.cutoffs.hold.tolist() == [0.0, 0.0]


def test_nothing_but_errors():
    found = widen(TWO, [bad(0.7)] * 20, 1, 0.01)

    assert (found.factor, found.left) == (0.0, 0)


def test_what_no_rule_looks_at_cannot_be_held():
    """That is said by the numbers, and the step that takes most is taken."""
    sport = policy(rude=rule("insult", sections=("sport",)))
    found = widen(sport, [bad(0.1)] * 20, 1, 0.01)

    assert (found.factor, found.left, found.errors) == (0.0, 20, 20)


def test_a_policy_that_holds_everything_already():
    assert widen(policy(rude=rule("insult", 0.0)), [bad(0.1)] * 20, 1, 0.01).lowered == ()


def test_the_background_stays_as_it_is():
    quiet = policy(rude=rule("insult"), seen=rule("threat", background=True))

    assert widen(quiet, [bad(0.7)] * 20, 1, 0.01).codes == ("rude",)


@given(
    st.lists(st.tuples(units, units, st.booleans(), st.sampled_from(["rude", "spam", ""])), min_size=1, max_size=60),
    st.integers(1, 60),
    units,
    units,
    st.floats(0.001, 0.5),
)
def test_it_never_publishes_what_was_held(rows, since, rude, spam, limit):
    one = policy(rude=rule("insult", rude), spam=rule("spam", spam))
    audits = [Past({"insult": a, "spam": b}, is_good=ok, rule=named) for a, b, ok, named in rows]
    since = min(since, len(audits))
    found, table = widen(one, audits, since, limit), tabulate(one, audits)
    before, after = table.published(cutoffs_of(one).hold), table.published(found.cutoffs.hold)
    given_hold = cutoffs_of(one).hold

    assert not (after & ~before).any()
    assert (found.cutoffs.hold <= given_hold).all()
    assert found.left == after[since - 1 :].sum()
    assert found.share == after.mean()
    assert found.errors <= limit * found.left
    assert found.factor <= FACTORS[1]


@pytest.mark.parametrize("insult", [0.7, 0.3, 0.0])
def test_it_can_be_written_into_the_shipped_policy(insult):
    text = default_policy_text()
    shipped = parse_policy(text)
    scores = dict.fromkeys((rule.score for rule in shipped.rules.values()), 0.0)
    quiet = [Past(scores, is_good=True)] * 80
    refused = [Past(scores | {"insult": insult}, is_good=False, rule="personal_abuse")] * 10
    found = widen(shipped, [*quiet, *refused], 81, 0.01)
    after = parse_policy(write_cutoffs(text, found.codes, found.cutoffs))

    assert all(after.rules[code].hold <= rule.hold for code, rule in shipped.rules.items())
    assert any(after.rules[code].hold < shipped.rules[code].hold for code in found.lowered)
    assert (found.factor == 0.0) == (insult == 0.0)


@pytest.mark.slow
@pytest.mark.parametrize("drift", [{"shift": 0.15}, {"more": 0.055}], ids=["the scores see it", "they do not"])
def test_the_drill(drift):
    """Five good weeks, then labels drift: most often within 200 audits less is published, and that is much better."""
    newsroom, random = Newsroom(), np.random.default_rng(6)
    before, in_time, rates = 5 * WEEK, 0, []
    for _ in range(20):
        stream = newsroom.audits(random, before) + newsroom.audits(random, 400, **drift)
        seen = watch([not past.is_good for past in stream], LIMIT, 1 - CONFIDENCE)
        assert seen.broken_at is not None
        in_time += before < seen.broken_at <= before + 200
        hold = newsroom.widened(stream[: seen.broken_at], seen.since)
        assert newsroom.published(hold) < newsroom.published(newsroom.hold)
        rates.append(newsroom.rate(hold, **drift))

    assert in_time >= 15
    assert np.mean(rates) < newsroom.rate(newsroom.hold, **drift) / 2


SECTIONS = policy(rude=rule("insult", reject=0.95, hold_in={"sport": 0.9}), spam=rule("spam", 0.5))


def test_a_section_with_a_hold_of_its_own_is_widened_too():
    history = [*[good(section="sport")] * 90, *[bad(0.6)._replace(section="sport")] * 5]
    found = widen(SECTIONS, history, 1, 0.01)

    assert (found.codes, found.sections) == (("rude", "rude", "spam"), (None, "sport", None))
    assert found.lowered == ("rude",)
    assert (found.left, found.errors) == (90, 0)
    assert found.cutoffs.hold[1] < 0.6
    assert found.cutoffs.hold[0] < 0.8


TEXT = """[policy]
name = "P"
sentence = "S"
[rules.rude]
title = "Rude"
score = "insult"
hold = 0.8 # as agreed
for_readers = "W"
for_moderators = "W"
explanation = "W"
"""


@pytest.mark.parametrize(
    "own",
    [
        ('hold_in = {sport = 0.9, "Life and Arts" = 0.7} # mild\n'),
        ('hold_in.sport = 0.9\nhold_in."Life and Arts" = 0.7\n'),
        ('\n[rules.rude.hold_in]\nsport = 0.9\n"Life and Arts" = 0.7 # a comment\n'),
    ],
    ids=["braces", "dotted", "a table"],
)
def test_the_holds_of_sections_are_written_where_they_stand(own):
    given = parse_policy(TEXT + own)
    history = [*[good(section="sport")] * 90, *[bad(0.6)._replace(section="sport")] * 5]
    found = widen(given, history, 1, 0.01)

    text = write_cutoffs(TEXT + own, found.codes, found.cutoffs, found.sections)

    after = parse_policy(text).rules["rude"]
    assert [after.hold, *after.hold_in.values()] == found.cutoffs.hold.tolist()
    assert list(after.hold_in) == ["sport", "Life and Arts"]
    assert [line.partition("#")[2] for line in text.splitlines()] == [
        line.partition("#")[2] for line in (TEXT + own).splitlines()
    ]


def test_without_sections_theirs_stay_as_they_are():
    text = TEXT + "hold_in = {sport = 0.9}\n"
    numbers = cutoffs_of(parse_policy(text))._replace(hold=np.array([0.25]))

    assert write_cutoffs(text, ("rude",), numbers) == text.replace("hold = 0.8", "hold = 0.25")
