"""A rehearsal counts what two policies do, agrees with what decides, and lists the worst changes first."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.decide import decide
from belowline.engine.decision import Outcome, Score
from belowline.engine.policy import NEVER_REJECTED, parse_policy
from belowline.engine.rehearsal import (
    BINS,
    KIND_WORDS,
    KINDS,
    Case,
    Change,
    Counter,
    Rehearsal,
    Split,
    badness,
    rehearse,
)
from belowline.engine.standing import OUTCOMES, Standing
from belowline.engine.submission import Story, Submission

pytestmark = pytest.mark.slow

SCORES = ("insult", "spam", "off_topic", "correction")


def rule_text(code, score, hold, **more):
    lines = {"title": f'"{code.title()}"', "score": f'"{score}"', "hold": hold, **more}
    words = dict.fromkeys(("for_readers", "for_moderators", "explanation"), '"W"')
    return f"[rules.{code}]\n" + "".join(f"{key} = {value}\n" for key, value in (lines | words).items())


def policy_of(*rules, name="P"):
    """A policy of rules, each a tuple for rule_text: code, score, hold, and a dict of more."""
    texts = (rule_text(code, score, hold, **(more[0] if more else {})) for code, score, hold, *more in rules)
    return parse_policy(f'[policy]\nname = "{name}"\nsentence = "S"\n' + "\n".join(texts))


RUDE = ("rude", "insult", 0.6)
STRICT = ("rude", "insult", 0.4)


def case(insult, *, is_good=True, key="1", **more):
    return both_ways({"insult": insult}, is_good=is_good, key=key, **more)


def both_ways(scores, *, is_good, key="1", **more):
    return Case(key, scores, scores, is_good, **more)


@st.composite
def policies(draw):
    rules = []
    for number in range(draw(st.integers(1, 4))):
        hold = draw(st.integers(0, 20)) / 20
        score = draw(st.sampled_from(SCORES))
        more = {"unchecked": draw(st.sampled_from(['"hold"', '"ignore"']))}
        if draw(st.booleans()):
            more["ignore_unchecked"] = '["no_story"]'
        if score not in NEVER_REJECTED and draw(st.booleans()):
            more["reject"] = min(1.0, hold + draw(st.integers(0, 5)) / 20)
        if draw(st.booleans()):
            more["background"] = "true"
        if draw(st.booleans()):
            more["sections"] = '["sport"]'
        if draw(st.booleans()):
            more["hold_in"] = f"{{sport = {draw(st.integers(0, 20)) / 20}}}"
        if draw(st.booleans()):
            more["desk"] = '"corrections"'
        rules.append((f"r{number}", score, hold, more))
    return policy_of(*rules)


values = st.one_of(st.none(), st.integers(0, 20).map(lambda number: number / 20))
score_tables = st.dictionaries(st.sampled_from(SCORES), values)
sections = st.sampled_from(["", "sport", "news"])
cases = st.lists(
    st.builds(
        Case,
        key=st.just("1"),
        before=score_tables,
        after=score_tables,
        is_good=st.sampled_from([True, False, None]),
        section=sections,
        rule=st.sampled_from(["", "r0", "r1", "gone"]),
    ),
    max_size=25,
)


@given(policies(), score_tables, sections, st.sampled_from(["no_story", "timeout"]), st.booleans())
def test_it_judges_as_the_engine_decides(policy, scores, section, cause, judges_topic):
    submission = Submission(text="x", story=Story(title="T", section=section, judges_topic=judges_topic))
    causes = {name: cause for name, value in scores.items() if value is None}
    measured = {name: Score(value=value, cause=causes.get(name, "")) for name, value in scores.items()}
    verdict = decide(policy, measured, submission)

    found = Standing(policy).judge(scores, section, causes, judges_topic=judges_topic)

    assert OUTCOMES[found.rank] == verdict.outcome
    assert sorted(one.code for one in found.met) == sorted(reason.rule for reason in verdict.reasons)
    assert sorted(one.code for one in found.noted) == sorted(reason.rule for reason in verdict.noted)


def outcomes(found):
    return [(one.key, one.before, one.after) for one in found.changes]


def test_a_section_with_a_hold_of_its_own_is_rehearsed_with_it():
    after = policy_of(("rude", "insult", 0.6, {"hold_in": "{sport = 0.9}"}))
    past = [case(0.7, key="sport", section="sport"), case(0.7, key="news", section="news")]
    found = rehearse(policy_of(RUDE), after, past)

    assert outcomes(found) == [("sport", Outcome.HOLD, Outcome.PUBLISH)]
    assert found.rules["rude"].scores is not None  # its numbers have changed


def test_an_ignored_cause_is_rehearsed_as_ignored():
    after = policy_of(("rude", "insult", 0.6, {"ignore_unchecked": '["no_story"]'}))
    past = [
        case(None, key="known", causes=({"insult": "no_story"},) * 2),
        case(None, key="other", causes=({"insult": "timeout"},) * 2),
        case(None, key="unknown"),
    ]

    assert outcomes(rehearse(policy_of(RUDE), after, past)) == [("known", Outcome.HOLD, Outcome.PUBLISH)]


@pytest.mark.parametrize(("judges_topic", "moved"), [(True, 1), (False, 0)])
def test_nothing_is_off_topic_where_an_editor_said_so(judges_topic, moved):
    before, after = policy_of(("topic", "off_topic", 0.9)), policy_of(("topic", "off_topic", 0.5))
    past = [both_ways({"off_topic": 0.7}, is_good=True, judges_topic=judges_topic)]

    assert rehearse(before, after, past).changed == moved


@given(policies(), cases)
def test_a_policy_against_itself_changes_nothing(policy, past):
    same = [one._replace(after=one.before) for one in past]

    found = rehearse(policy, policy, same)

    assert found.changed == 0
    assert found.changes == []
    assert found.before == found.after
    assert all(rule.before == rule.after and rule.scores is None for rule in found.rules.values())
    assert all(move.comments.total == 0 for move in found.moves if move.before != move.after)


@given(policies(), policies(), cases)
def test_the_counts_add_up(before, after, past):
    found = rehearse(before, after, past)

    for side in (found.before, found.after):
        assert sum(side.of(outcome).total for outcome in OUTCOMES) == found.comments == len(past)
        assert sum(side.of(outcome).good for outcome in OUTCOMES) == sum(one.is_good is True for one in past)
        assert sum(side.of(outcome).unseen for outcome in OUTCOMES) == sum(one.is_good is None for one in past)
    assert sum(move.comments.total for move in found.moves) == len(past)
    for outcome in OUTCOMES:
        rows = [move.comments for move in found.moves if move.before == outcome]
        columns = [move.comments for move in found.moves if move.after == outcome]
        assert sum(row.total for row in rows) == found.before.of(outcome).total
        assert sum(column.bad for column in columns) == found.after.of(outcome).bad
    moved = sum(move.comments.total for move in found.moves if move.before != move.after)
    assert moved == found.changed == len(found.changes)


@given(policies(), policies(), cases)
def test_each_rule_is_met_at_least_as_often_as_alone(before, after, past):
    found = rehearse(before, after, past)

    for rule in found.rules.values():
        for side in filter(None, (rule.before, rule.after)):
            assert side.alone.total <= side.met.total
            assert side.named <= side.met.total
    for side, which in ((found.before, "before"), (found.after, "after")):
        acting = [one for rule in found.rules.values() if (one := getattr(rule, which)) and not one.background]
        stopped = side.hold.total + side.reject.total
        assert sum(one.alone.total for one in acting) <= stopped <= sum(one.met.total for one in acting)


@given(policies(), policies(), cases)
def test_the_other_way_round_gives_the_mirror_image(before, after, past):
    found = rehearse(before, after, past)
    turned = rehearse(after, before, [one._replace(before=one.after, after=one.before) for one in past])

    assert turned.before == found.after
    assert turned.after == found.before
    there = {(move.before, move.after): move.comments for move in found.moves}
    assert all(there[move.after, move.before] == move.comments for move in turned.moves)


@given(policies(), policies(), cases)
def test_the_worst_stand_first(before, after, past):
    found = rehearse(before, after, past)

    assert found.changes == sorted(found.changes, key=badness)


@given(policies(), policies(), cases)
def test_it_goes_through_json_and_back(before, after, past):
    found = rehearse(before, after, past)

    assert msgspec.json.decode(msgspec.json.encode(found), type=Rehearsal) == found


def test_what_becomes_of_each_comment():
    past = [case(0.1), case(0.5), case(0.5, is_good=False), case(0.5, is_good=None), case(0.9, is_good=False)]

    found = rehearse(policy_of(RUDE), policy_of(STRICT), past)

    assert (found.before.publish.total, found.before.hold.total) == (4, 1)
    assert (found.after.publish.total, found.after.hold.total) == (1, 4)
    assert found.after.hold == Split(good=1, bad=2, unseen=1)
    assert found.after.hold.bad_share == pytest.approx(2 / 3)
    assert {kind: number for kind, number in found.kinds.items() if number} == {
        "good_stopped": 1,
        "bad_stopped": 1,
        "unseen_stopped": 1,
    }


@pytest.mark.parametrize(
    ("is_good", "before", "after", "kind"),
    [
        (False, STRICT, RUDE, "bad_eased"),
        (True, STRICT, RUDE, "good_eased"),
        (None, STRICT, RUDE, "unseen_eased"),
        (True, RUDE, STRICT, "good_stopped"),
        (False, RUDE, STRICT, "bad_stopped"),
        (None, RUDE, STRICT, "unseen_stopped"),
        (True, RUDE, ("rude", "insult", 0.4, {"reject": 0.5}), "good_stopped"),
        (False, ("rude", "insult", 0.4, {"reject": 0.5}), STRICT, "bad_eased"),
    ],
    ids=[
        *("bad published", "good published", "unseen published", "good held", "bad held", "unseen held"),
        *("good rejected", "bad held, not rejected"),
    ],
)
def test_the_kinds_of_changes(is_good, before, after, kind):
    (change,) = rehearse(policy_of(before), policy_of(after), [case(0.5, is_good=is_good)]).changes

    assert change.kind == kind
    assert change.score == 0.5
    assert change.rules == ("rude",)


def test_every_kind_has_its_words():
    assert set(KIND_WORDS) == set(KINDS)
    assert KINDS[0] == "bad_eased"
    assert KINDS[1] == "good_stopped"


def change(kind, before, after, score, key="1"):
    return Change(key=key, kind=kind, before=before, after=after, rules=(), score=score)


def test_newly_published_ones_that_were_refused_come_first_by_score():
    publish, hold, reject = OUTCOMES
    ordered = [
        change("bad_eased", hold, publish, 0.9),
        change("bad_eased", hold, publish, 0.2),
        change("bad_eased", reject, hold, 0.99),
        change("good_stopped", publish, reject, 0.3),
        change("good_stopped", publish, hold, 0.9),
        change("unseen_stopped", publish, hold, 0.9),
        change("unseen_eased", hold, publish, 0.9),
        change("good_eased", hold, publish, 1.0),
        change("bad_stopped", publish, hold, 1.0),
    ]

    turned = ordered[::-1]
    assert sorted(turned, key=badness) == ordered


def test_a_score_that_is_unchecked_counts_as_lowest():
    past = [case(None, is_good=False, key="a"), case(0.5, is_good=False, key="b")]
    after = policy_of(("rude", "insult", 0.9, {"unchecked": '"ignore"'}))

    found = rehearse(policy_of(STRICT), after, past)

    assert [(one.key, one.score) for one in found.changes] == [("b", 0.5), ("a", None)]


def test_only_the_worst_are_kept_and_all_are_counted():
    past = [case(0.4 + number / 10_000, is_good=False, key=str(number)) for number in range(1_000)]

    found = rehearse(policy_of(STRICT), policy_of(RUDE), past, most=10)

    assert found.changed == found.kinds["bad_eased"] == 1_000
    assert [one.key for one in found.changes] == [str(number) for number in range(999, 989, -1)]


def test_no_list_is_wanted():
    found = rehearse(policy_of(STRICT), policy_of(RUDE), [case(0.5)] * 3, most=0)

    assert (found.changed, found.changes) == (3, [])


def test_met_alone_and_named():
    policy = policy_of(RUDE, ("advert", "spam", 0.5))
    both, one = {"insult": 0.7, "spam": 0.9}, {"insult": 0.7, "spam": 0.1}
    past = [
        both_ways(both, is_good=False, rule="advert"),
        both_ways(one, is_good=False, rule="rude"),
        both_ways(one, is_good=True),
    ]

    rules = rehearse(policy, policy, past).rules

    assert rules["rude"].after.met == Split(good=1, bad=2)
    assert rules["rude"].after.alone == Split(good=1, bad=1)
    assert rules["rude"].after.named == 1
    assert (rules["advert"].after.met, rules["advert"].after.alone) == (Split(bad=1), Split())
    assert rules["advert"].after.named == 1


def test_a_background_rule_is_counted_and_stops_nothing():
    before, after = policy_of(RUDE), policy_of(("rude", "insult", 0.6, {"background": "true"}), ("advert", "spam", 0.5))
    alone, both = {"insult": 0.7, "spam": 0.1}, {"insult": 0.7, "spam": 0.9}
    past = [both_ways(alone, is_good=True), both_ways(both, is_good=False)]

    found = rehearse(before, after, past)

    rude = found.rules["rude"]
    assert (rude.before.background, rude.after.background) == (False, True)
    assert rude.after.met == Split(good=1, bad=1)
    assert rude.after.alone == Split(good=1), "the other one is stopped by a rule that acts"
    assert found.after.hold == Split(bad=1)


def test_rules_that_come_and_go():
    found = rehearse(policy_of(RUDE), policy_of(("advert", "spam", 0.5)), [case(0.7)])

    assert list(found.rules) == ["advert", "rude"]
    assert found.rules["advert"].before is None
    assert found.rules["rude"].after is None
    assert found.rules["rude"].before.met == Split(good=1)
    assert found.rules["rude"].title == "Rude"


def test_a_rule_that_looks_at_a_score_nobody_has_holds():
    found = rehearse(policy_of(RUDE), policy_of(RUDE, ("advert", "spam", 0.5)), [case(0.1)])

    assert found.after.hold.total == 1
    assert found.changes[0].rules == ("advert",)


def test_scores_are_counted_where_the_numbers_of_a_rule_change():
    past = [case(0.0), case(0.52, is_good=False), case(0.54, is_good=None), case(1.0), case(None)]

    rules = rehearse(policy_of(RUDE), policy_of(STRICT), past).rules

    bins = rules["rude"].scores
    assert len(bins) == BINS
    assert bins[0] == Split(good=1)
    assert bins[10] == Split(bad=1, unseen=1)
    assert bins[BINS - 1] == Split(good=1)
    assert sum(one.total for one in bins) == 4


def test_the_scores_of_a_rule_that_stays_are_not_counted():
    after = policy_of(STRICT, ("advert", "spam", 0.5))

    rules = rehearse(policy_of(RUDE, ("advert", "spam", 0.5)), after, [case(0.1)]).rules

    assert rules["advert"].scores is None
    assert rules["rude"].scores is not None


def test_sections_are_kept_to():
    sport_only = policy_of(("rude", "insult", 0.6, {"sections": '["sport"]'}))
    past = [case(0.7, section="sport"), case(0.7, section="news"), case(0.7)]

    found = rehearse(policy_of(RUDE), sport_only, past)

    assert (found.before.hold.total, found.after.hold.total) == (3, 1)


def test_each_side_reads_its_own_scores():
    past = [Case("1", {"insult": 0.1}, {"insult": 0.9}, is_good=True)]

    found = rehearse(policy_of(RUDE), policy_of(RUDE), past)

    assert (found.changes[0].before, found.changes[0].after) == (Outcome.PUBLISH, Outcome.HOLD)


def test_nothing_to_look_at():
    found = rehearse(policy_of(RUDE), policy_of(STRICT), [])

    assert (found.comments, found.changed, found.changes) == (0, 0, [])
    assert found.before.publish.bad_share is None


def test_figures_may_be_read_while_it_counts():
    counter = Counter(policy_of(RUDE), policy_of(STRICT))
    counter.add(case(0.5))
    first = counter.result()
    counter.add(case(0.5))

    assert (first.comments, len(first.changes), counter.result().comments) == (1, 1, 2)
