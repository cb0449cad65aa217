"""Cut-offs: they act as decide() acts, are rounded to the safe side, and are written without touching the rest."""

import math
import tomllib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.cutoffs import (
    LEVELS,
    NEVER,
    SCALE,
    STEPS,
    Cutoffs,
    Past,
    Table,
    acting_rules,
    cutoffs_of,
    half_step,
    hold_path,
    reject_path,
    round_hold,
    round_reject,
    tabulate,
)
from belowline.engine.cutoffs_text import write_cutoffs
from belowline.engine.decide import decide
from belowline.engine.decision import Outcome, Score
from belowline.engine.errors import PolicyError
from belowline.engine.policy import NEVER_REJECTED, Policy, Rule, default_policy_text, load_policy, parse_policy
from belowline.engine.submission import Story, Submission

units = st.floats(0, 1)
steps = st.integers(0, SCALE - 1)


def rule(score, hold=0.5, **changes):
    words = {"title": "A rule", "for_readers": "Do not.", "for_moderators": "Weigh.", "explanation": "Because."}
    return Rule(**({"score": score, "hold": hold} | words | changes))


def policy(**rules):
    return Policy(name="Test", sentence="Be kind.", rules=rules)


ALL_SORTS = policy(
    rude=rule("insult", reject=0.8),
    rude_in_sport=rule("insult", 0.3, sections=("sport",)),
    topic=rule("off_topic", 0.7, unchecked="ignore"),
    spam=rule("spam", 0.6, reject=0.6),
    watched=rule("threat", 0.1, background=True),
)


def past(is_good=True, section="", **scores):  # noqa: FBT002 - one word in a table of decisions
    return Past(scores=scores, is_good=is_good, section=section)


class TestTable:
    @given(
        st.fixed_dictionaries(
            {}, optional={name: st.none() | units for name in ("insult", "off_topic", "spam", "threat")}
        ),
        st.sampled_from(["", "sport", "news"]),
    )
    def test_it_publishes_and_rejects_what_decide_does(self, scores, section):
        table, numbers = tabulate(ALL_SORTS, [past(section=section, **scores)]), cutoffs_of(ALL_SORTS)
        story = Story(title="T", section=section)
        measured = {name: Score(value=value) for name, value in scores.items()}
        outcome = decide(ALL_SORTS, measured, Submission(text="x", story=story)).outcome

        assert bool(table.published(numbers.hold)[0]) is (outcome == Outcome.PUBLISH)
        assert bool(table.rejected(numbers.reject)[0]) is (outcome == Outcome.REJECT)

    def test_the_background_does_not_act(self):
        assert list(acting_rules(ALL_SORTS)) == ["rude", "rude_in_sport", "topic", "spam"]
        assert tabulate(ALL_SORTS, [past()]).codes == ("rude", "rude_in_sport", "topic", "spam")

    def test_off_topic_is_never_rejected_whatever_the_cut_off(self):
        table = tabulate(ALL_SORTS, [past(off_topic=1.0)])

        assert not table.rejected(np.zeros(4)).any()

    def test_the_numbers_of_a_policy(self):
        assert [list(one) for one in cutoffs_of(ALL_SORTS)] == [[0.5, 0.3, 0.7, 0.6], [0.8, NEVER, NEVER, 0.6]]

    def test_some_rows(self):
        table = tabulate(ALL_SORTS, [past(insult=0.1), past(is_good=False, insult=0.2), past(insult=0.3)])

        assert list(table.rows(slice(1, None)).is_good) == [False, True]
        assert list(table.rows(slice(1, None)).hold[:, 0]) == [0.2, 0.3]


class TestRounding:
    @given(units)
    def test_a_hold_never_publishes_more(self, value):
        rounded = round_hold(value)

        assert 0 <= rounded <= value
        assert value - rounded < 1.0001 / SCALE

    @given(units)
    def test_a_reject_never_rejects_more(self, value):
        rounded = round_reject(value)

        assert value <= rounded <= 1
        assert rounded - value < 1.0001 / SCALE

    @given(steps)
    def test_a_cut_off_stays_as_it_is(self, step):
        assert round_hold(half_step(step)) == round_reject(half_step(step)) == half_step(step)

    @given(steps)
    def test_a_cut_off_has_five_digits(self, step):
        assert round(half_step(step), 5) == half_step(step)

    @given(st.floats(0, 1), steps)
    def test_a_score_and_its_four_digits_fall_on_the_same_side(self, score, step):
        cutoff = half_step(step)

        assert (round(score, 4) >= cutoff) is (score >= cutoff) or math.isclose(score, cutoff, rel_tol=1e-12)

    @pytest.mark.parametrize(
        ("value", "hold", "reject"), [(0.0, 0.0, 0.00005), (1.0, 0.99995, 1.0), (0.5, 0.49995, 0.50005)]
    )
    def test_the_ends(self, value, hold, reject):
        assert (round_hold(value), round_reject(value)) == (hold, reject)


def table_of(rows):
    """A table of (scores of each rule, is_good)."""
    scores = np.array([row[0] for row in rows], dtype=float)
    codes = tuple(f"rule_{number}" for number in range(scores.shape[1]))
    return Table(codes, scores, scores, np.array([row[1] for row in rows], dtype=bool))


tables = st.integers(1, 3).flatmap(
    lambda rules: st.lists(
        st.tuples(
            st.lists(st.sampled_from([-1, 0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=rules, max_size=rules), st.booleans()
        ),
        min_size=1,
        max_size=30,
    ).map(table_of)
)


def published_counts(table, path):
    return [int(table.published(hold).sum()) for hold in path]


class TestPaths:
    @given(tables, units)
    def test_holds_go_from_strict_to_lax_and_stay_in_range(self, table, own):
        path = hold_path(table, np.full(len(table.codes), own))

        assert 1 <= len(path) <= STEPS
        assert all((before <= after).all() for before, after in pairwise(path))
        assert all(((hold >= 0) & (hold <= 1)).all() for hold in path)
        assert not table.published(path[-1])[(table.hold == 1).any(axis=1) & (own < 1)].any()

    @given(tables)
    def test_rejects_begin_with_nothing_and_grow(self, table):
        path = reject_path(table)

        assert 1 <= len(path) <= STEPS
        assert (path[0] == NEVER).all()
        assert all((before >= after).all() for before, after in pairwise(path))
        assert all(((reject >= 0) & ((reject <= 1) | (reject == NEVER))).all() for reject in path)

    @given(tables)
    def test_as_many_bad_as_good_are_rejected_at_the_end_of_the_path(self, table):
        rejected = table.rejected(reject_path(table)[-1])

        assert (rejected & ~table.is_good).sum() >= (rejected & table.is_good).sum()

    def test_the_bad_go_first(self):
        table = table_of([([0.1 * k, 0.2], k < 8) for k in range(10)] + [([0.1, 0.05 * k], True) for k in range(20)])
        path = hold_path(table, np.array([0.5, 0.5]))

        bad = [int((table.published(hold) & ~table.is_good).sum()) for hold in path]
        good = [int((table.published(hold) & table.is_good).sum()) for hold in path]
        assert (bad[-1], good[-1]) == (2, 28)
        assert max(kept for kept, wrong in zip(good, bad, strict=True) if wrong == 0) == 28

    def test_the_rule_that_costs_least_comes_first(self):
        """Rule 1 tells nothing; rule 0 tells good from bad: only rule 0 may become stricter."""
        random = np.random.default_rng(4)
        rows = [([0.9 if bad else 0.1, random.random()], not bad) for bad in random.random(500) < 0.2]
        table = table_of(rows)

        clean = next(
            hold
            for hold in reversed(hold_path(table, np.array([0.5, 0.5])))
            if table.is_good[table.published(hold)].all()
        )

        assert table.published(clean).sum() == table.is_good.sum()

    def test_the_path_goes_on_where_no_bad_comment_is_left(self):
        table = table_of([([k / 100], True) for k in range(100)])

        counts = published_counts(table, hold_path(table, np.array([0.5])))

        assert counts[-1] == 100
        assert counts[0] < 20
        assert len(counts) > 5

    def test_the_policys_own_number_stays_where_it_parts_the_same_scores(self):
        table = table_of([([0.0], True), ([1.0], False)])

        assert [list(hold) for hold in hold_path(table, np.array([0.7]))] == [[0.7]]

    @pytest.mark.parametrize(("own", "last"), [(0.6, 0.6), (0.1, 0.30005)], ids=["own number is laxer", "or stricter"])
    def test_the_laxest_cut_off(self, own, last):
        table = table_of([([0.1], True), ([0.2], True), ([0.3], True)])

        assert hold_path(table, np.array([own]))[-1][0] == last

    def test_a_score_of_one_is_always_held(self):
        table = table_of([([0.9999], True), ([1.0], True)])

        assert published_counts(table, hold_path(table, np.array([0.5]))) == [1]

    @pytest.mark.parametrize("score", [-1.0, np.inf], ids=["does not look", "could not be checked"])
    def test_a_rule_that_sees_nothing_keeps_its_number(self, score):
        table = table_of([([score, 0.1], True), ([score, 0.2], False)])

        assert {hold[0] for hold in hold_path(table, np.array([0.65, 0.5]))} == {0.65}

    def test_many_scores_make_a_path_of_bounded_length(self):
        random = np.random.default_rng(8)
        rows = [
            (list(row), bool(good))
            for row, good in zip(random.random((3_000, 4)), random.random(3_000) < 0.7, strict=True)
        ]
        table = table_of(rows)

        path = hold_path(table, np.full(4, 0.5))

        assert LEVELS < len(path) <= STEPS
        assert published_counts(table, path) == sorted(published_counts(table, path))


TEXT = '''# our policy
[policy]
name = "Mine" # keep
sentence = """Be kind.
hold = 0.1
[rules.rude]
"""

[rules.rude]
title = "Rude"
score = "insult"
  hold   =   0.5   # since March
for_readers = "No."
for_moderators = "Weigh."
explanation = "Because."

[rules."spam"]
title = "Spam"
reject = 0.95 # agreed with the editor
"hold" = 0.60
score = "spam"
for_readers = "hold = 0.2"
for_moderators = "Weigh."
explanation = "Because."
'''
HEAD = TEXT.partition("[rules.rude]\ntitle")[0]
CODES = ("rude", "spam")


def numbers(hold, reject):
    return Cutoffs(np.array(hold), np.array(reject))


def changed_lines(before, after):
    old, new = before.splitlines(), after.splitlines()
    return [line for line in new if line not in old], [line for line in old if line not in new]


class TestWriting:
    def test_only_the_numbers_change(self):
        text = write_cutoffs(TEXT, CODES, numbers([0.25005, 0.60], [0.75005, 0.9]))

        added, gone = changed_lines(TEXT, text)
        assert added == [
            "  hold   =   0.25005   # since March",
            "  reject   =   0.75005",
            "reject = 0.9 # agreed with the editor",
        ]
        assert gone == ["  hold   =   0.5   # since March", "reject = 0.95 # agreed with the editor"]

    def test_the_same_numbers_leave_the_text_as_it_is(self):
        assert write_cutoffs(TEXT, CODES, numbers([0.5, 0.6], [NEVER, 0.95])) == TEXT

    def test_a_reject_that_falls_away_stays_as_a_comment(self):
        text = write_cutoffs(TEXT, CODES, numbers([0.5, 0.6], [NEVER, NEVER]))

        assert "# reject = 0.95 # agreed with the editor\n" in text
        assert parse_policy(text).rules["spam"].reject is None

    def test_a_reject_beside_a_quoted_key(self):
        text = write_cutoffs(
            TEXT.replace("reject = 0.95 # agreed with the editor\n", ""), CODES, numbers([0.5, 0.6], [NEVER, 0.7])
        )

        assert '"reject" = 0.7\n' in text

    def test_small_numbers_are_written_out(self):
        assert "hold   =   0.00005 " in write_cutoffs(TEXT, CODES, numbers([0.00005, 0.6], [NEVER, 0.95]))

    def test_windows_line_ends_stay(self):
        text = write_cutoffs(TEXT.replace("\n", "\r\n"), CODES, numbers([0.25005, 0.6], [0.75005, 0.95]))

        assert text.count("\r\n") == text.count("\n") == TEXT.count("\n") + 1

    def test_a_last_line_without_an_end(self):
        text = TEXT.replace('"hold" = 0.60\n', "") + '"hold" = 0.6'

        assert parse_policy(write_cutoffs(text, CODES, numbers([0.5, 0.4], [NEVER, 0.95]))).rules["spam"].hold == 0.4
        assert parse_policy(write_cutoffs(text, CODES, numbers([0.5, 0.6], [NEVER, 0.7]))).rules["spam"].reject == 0.7

    @pytest.mark.parametrize(
        "text",
        [
            TEXT.replace("[rules.rude]\ntitle", "[rules]\n[rules.rude]\ntitle"),
            TEXT.replace('[rules."spam"]', "[ rules . spam ]"),
            TEXT.replace('sentence = """', "sentence = '''").replace('"""\n', "'''\n"),
        ],
        ids=["parent table", "spaces", "other quotes"],
    )
    def test_other_ways_to_write_a_table(self, text):
        rules = parse_policy(write_cutoffs(text, CODES, numbers([0.25005, 0.3], [NEVER, 0.95]))).rules

        assert (rules["rude"].hold, rules["spam"].hold) == (0.25005, 0.3)

    def test_dotted_keys(self):
        text = (
            HEAD
            + "[rules]\n"
            + "\n".join(
                f"rude.{line}"
                for line in (
                    'title = "R"',
                    'score = "insult"',
                    "hold = 0.5",
                    'for_readers = "N"',
                    'for_moderators = "W"',
                    'explanation = "B"',
                )
            )
        )

        assert parse_policy(write_cutoffs(text, ("rude",), numbers([0.2], [0.8]))).rules["rude"].reject == 0.8

    def test_a_table_on_one_line_is_refused_with_the_mend(self):
        text = HEAD + (
            '[rules]\nrude = { title = "R", score = "insult", hold = 0.5, '
            'for_readers = "N", for_moderators = "W", explanation = "B" }'
        )

        with pytest.raises(PolicyError, match="lines of their own"):
            write_cutoffs(text, ("rude",), numbers([0.2], [0.8]))

    def test_a_reject_below_hold_is_refused(self):
        with pytest.raises(PolicyError, match="must not be below"):
            write_cutoffs(TEXT, CODES, numbers([0.5, 0.6], [0.4, 0.95]))

    @given(
        st.lists(
            st.tuples(steps, st.none() | steps),
            min_size=len(cutoffs_of(load_policy()).hold),
            max_size=len(cutoffs_of(load_policy()).hold),
        )
    )
    def test_the_shipped_policy_takes_any_cut_offs(self, chosen):
        rules = acting_rules(load_policy())
        hold = [half_step(one) for one, _ in chosen]
        reject = [
            NEVER if two is None or rule.score in NEVER_REJECTED else half_step(max(one, two))
            for rule, (one, two) in zip(rules.values(), chosen, strict=True)
        ]

        text = write_cutoffs(default_policy_text(), tuple(rules), numbers(hold, reject))

        after = cutoffs_of(parse_policy(text))
        assert (list(after.hold), list(after.reject)) == (hold, reject)
        assert [line for line in text.splitlines() if line.startswith("#")] == [
            line for line in default_policy_text().splitlines() if line.startswith("#")
        ]
        assert tomllib.loads(text)["settings"] == tomllib.loads(default_policy_text())["settings"]


IN_SECTIONS = policy(
    rude=rule("insult", 0.5, reject=0.6, hold_in={"sport": 0.7, "news": 0.2}),
    topic=rule("off_topic", 0.7, ignore_unchecked=("story_language_unsupported",), hold_in={"sport": 0.9}),
)


KINDS = policy(
    topic=rule("off_topic", 0.7),
    meta=rule("about_moderation", 0.5, desk="newsroom"),
    mistake=rule("correction", 0.5, desk="corrections", background=True, hold_in={"sport": 0.8}),
    empty=rule("insubstantial", 0.5, background=True),
)


class TestKinds:
    @given(
        st.fixed_dictionaries(
            dict.fromkeys(("off_topic", "about_moderation", "correction", "insubstantial"), st.none() | units)
        ),
        st.sampled_from(["", "sport"]),
    )
    def test_what_is_of_another_kind_is_published_and_held_as_decide_does(self, scores, section):
        table, numbers = tabulate(KINDS, [past(section=section, **scores)]), cutoffs_of(KINDS)
        measured = {name: Score(value=value) for name, value in scores.items()}
        told = Submission(text="x", story=Story(title="T", section=section))

        published = decide(KINDS, measured, told).outcome == Outcome.PUBLISH
        assert bool(table.published(numbers.hold)[0]) is published


class TestSections:
    @given(
        st.fixed_dictionaries({"insult": st.none() | units, "off_topic": st.none() | units}),
        st.sampled_from(["", "sport", "news"]),
        st.sampled_from(["timeout", "story_language_unsupported"]),
    )
    def test_a_section_with_a_hold_of_its_own_and_ignored_causes_act_as_in_decide(self, scores, section, cause):
        causes = {name: cause for name, value in scores.items() if value is None}
        known = past(section=section, **scores)._replace(causes=causes)
        table, numbers = tabulate(IN_SECTIONS, [known]), cutoffs_of(IN_SECTIONS)
        measured = {name: Score(value=value, cause=causes.get(name, "")) for name, value in scores.items()}
        told = Submission(text="x", story=Story(title="T", section=section))
        outcome = decide(IN_SECTIONS, measured, told).outcome

        assert bool(table.published(numbers.hold)[0]) is (outcome == Outcome.PUBLISH)
        assert bool(table.rejected(numbers.reject)[0]) is (outcome == Outcome.REJECT)

    @pytest.mark.parametrize(("section", "published"), [("sport", True), ("news", False), ("", True)])
    def test_a_new_hold_changes_nothing_where_a_section_has_its_own(self, section, published):
        table = tabulate(IN_SECTIONS, [past(section=section, insult=0.45, off_topic=0.0)])

        for hold in (0.46, 0.6, 1.0):
            assert bool(table.published(np.array([hold, 1.0]))[0]) is published

    @given(st.none() | units, st.sampled_from(["", "sport", "news"]))
    def test_sections_that_stand_apart_publish_the_same(self, insult, section):
        history = [past(section=section, insult=insult, off_topic=0.8)]
        together, apart = tabulate(IN_SECTIONS, history), tabulate(IN_SECTIONS, history, apart=True)

        assert apart.codes == ("rude", "rude", "rude", "topic", "topic")
        assert apart.sections == (None, "sport", "news", None, "sport")
        assert apart.rows(slice(0, 1)).sections == apart.sections
        published = apart.published(cutoffs_of(IN_SECTIONS, apart=True).hold)
        assert published.tolist() == together.published(cutoffs_of(IN_SECTIONS).hold).tolist()

    def test_each_section_that_stands_apart_has_its_own_cutoff(self):
        history = [past(section=section, insult=0.1, off_topic=0.0) for section in ("", "sport", "news")]
        table = tabulate(IN_SECTIONS, history, apart=True)

        for place in range(3):
            hold = np.array([1.0] * 5)
            hold[place] = 0.05
            assert table.published(hold).tolist() == [place != row for row in range(3)]

    @pytest.mark.parametrize(("judges_topic", "published"), [(True, False), (False, True)])
    def test_nothing_is_off_topic_where_an_editor_said_so(self, judges_topic, published):
        told = past(insult=0.0, off_topic=0.9)._replace(judges_topic=judges_topic)
        table = tabulate(IN_SECTIONS, [told, told._replace(scores={"insult": 0.0, "off_topic": None})])

        assert table.published(np.array([1.0, 0.5])).tolist() == [published, published]

    def test_a_cause_that_nobody_told_holds(self):
        table = tabulate(IN_SECTIONS, [past(insult=0.0, off_topic=None)])

        assert not table.published(np.array([1.0, 1.0])).any()
