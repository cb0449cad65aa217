"""Guarantees: the exact bound, testing in sequence, and promises that are kept in worlds whose truth is known."""

import math
from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st
from tiny_history import Truth, World

from belowline.engine import cutoffs, guarantees
from belowline.engine.cutoffs import NEVER, Cutoffs, Past, Table
from belowline.engine.guarantees import (
    Promise,
    binomial_cdf,
    calibrate,
    certify,
    choose,
    hope,
    last_proven,
    measure,
    needed,
    proves,
    split,
    upper_bound,
)
from belowline.engine.policy import Policy, Rule

DRAWS = 200
MOST_BROKEN = 0.999
"""A fair simulation goes beyond the slack once in a thousand times."""

rates = st.floats(1e-4, 0.5)
deltas = st.floats(1e-4, 0.5)
counts = st.integers(1, 3_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def promise(bad=0.01, good=0.0, confidence=0.95):
    return Promise(bad_published=bad, good_refused=good, confidence=confidence)


class TestBound:
    @pytest.mark.parametrize("n", [1, 7, 300, 5_000, 1_000_000])
    @pytest.mark.parametrize("share", [0.0, 0.001, 0.01, 0.3, 0.999, 1.0])
    @pytest.mark.parametrize("delta", [0.5, 0.05, 0.025, 1e-6])
    def test_it_is_that_of_scipy(self, n, share, delta):
        errors = round(n * share)
        expected = 1.0 if errors == n else scipy.stats.beta.ppf(1 - delta, errors + 1, n - errors)

        assert upper_bound(errors, n, delta) == pytest.approx(expected, rel=1e-8)

    @given(counts, rates)
    def test_the_distribution_is_that_of_scipy(self, count, rate):
        errors, n = count

        assert binomial_cdf(errors, n, rate) == pytest.approx(scipy.stats.binom.cdf(errors, n, rate), abs=1e-11)

    def test_the_far_end_of_the_distribution_keeps_its_digits(self):
        assert binomial_cdf(2, 40_000, 0.01) == pytest.approx(scipy.stats.binom.cdf(2, 40_000, 0.01), rel=1e-9)

    @pytest.mark.parametrize(("errors", "expected"), [(-1, 0.0), (10, 1.0), (11, 1.0)])
    def test_the_ends_of_the_distribution(self, errors, expected):
        assert binomial_cdf(errors, 10, 0.3) == expected

    @pytest.mark.parametrize(("errors", "n"), [(0, 0), (3, 3)], ids=["no comments", "all wrong"])
    def test_nothing_is_known_without_a_right_comment(self, errors, n):
        assert upper_bound(errors, n, 0.05) == 1.0

    @given(counts, deltas)
    def test_it_is_above_the_rate_and_grows_with_the_errors(self, count, delta):
        errors, n = count
        bound = upper_bound(errors, n, delta)

        assert errors / n < bound <= 1 or errors == n
        assert bound <= upper_bound(min(n, errors + 1), n, delta)

    @given(counts, deltas)
    def test_it_falls_with_more_comments_and_with_less_confidence(self, count, delta):
        errors, n = count
        bound = upper_bound(errors, n, delta)

        assert upper_bound(errors, n + 1, delta) <= bound
        assert upper_bound(errors, n, min(0.9, 1.5 * delta)) <= bound

    @given(counts, rates, deltas)
    def test_a_limit_is_proven_exactly_where_the_bound_reaches_it(self, count, limit, delta):
        errors, n = count
        bound = upper_bound(errors, n, delta)
        assume(not math.isclose(bound, limit, rel_tol=1e-9))

        assert proves(errors, n, limit, delta) is (bound <= limit)

    @given(st.integers(1, 400), rates, deltas)
    def test_it_covers_the_truth_as_often_as_it_says(self, n, rate, delta):
        chances = scipy.stats.binom.pmf(np.arange(n + 1), n, rate)
        missed = [chance for errors, chance in enumerate(chances) if chance > 0 and proves(errors, n, rate, delta)]

        assert sum(missed) <= delta * (1 + 1e-9)

    @given(rates, deltas)
    def test_so_many_are_needed_and_not_one_less(self, limit, delta):
        n = needed(limit, delta)

        assert proves(0, n, limit, delta)
        assert not proves(0, n - 1, limit, delta)

    def test_what_one_in_a_hundred_needs(self):
        assert needed(0.01, 0.05) == 299
        assert needed(0.01, 0.025) == 368

    def test_nothing_proves_nothing(self):
        assert not proves(0, 0, 0.5, 0.5)


class TestSequence:
    PASS, FAIL = (0, 1_000), (50, 1_000)

    @pytest.mark.parametrize(
        ("tests", "last"),
        [
            ([], None),
            ([FAIL], None),
            ([FAIL, PASS, PASS], None),
            ([PASS], 0),
            ([PASS, PASS, FAIL], 1),
            ([PASS, FAIL, PASS], 0),
            ([PASS, PASS, PASS], 2),
        ],
        ids=["none", "fails", "first fails", "passes", "stops", "never goes on after a failure", "all"],
    )
    def test_the_last_before_the_first_failure_counts(self, tests, last):
        assert last_proven(tests, 0.01, 0.05) == last

    def test_what_comes_after_a_failure_is_not_looked_at(self):
        def tests():
            yield self.FAIL
            raise AssertionError

        assert last_proven(tests(), 0.01, 0.05) is None

    @pytest.mark.parametrize(("n", "errors"), [(2_000, 4), (600, 0), (20_000, 150)])
    def test_hope_is_the_chance_to_prove(self, n, errors):
        rate, size, random = (errors + 1) / (n + 2), 2 * n, np.random.default_rng(7)
        drawn = random.binomial(size, rate, 4_000)
        proven = np.mean([proves(int(one), size, 0.01, 0.05) for one in drawn])

        assert hope(errors, n, 2.0, 0.01, 0.05) == pytest.approx(proven, abs=0.03)

    @pytest.mark.parametrize("n", [0, 1, 298])
    def test_there_is_no_hope_where_too_few_would_be_published(self, n):
        assert hope(0, n, 1.0, 0.01, 0.05) == 0.0

    @given(st.integers(0, 5_000), rates, deltas, st.floats(0.1, 4))
    def test_hope_is_a_chance(self, n, limit, delta, more):
        assert 0 <= hope(n // 200, n, more, limit, delta) <= 1 + 1e-12

    def test_the_newer_half_tests_and_has_no_row_of_the_others(self):
        column = np.arange(11, dtype=float).reshape(-1, 1) / 100
        path, start, test = split(Table(("rude",), column, column, np.ones(11, dtype=bool)))

        assert [list(np.round(part.hold[:, 0] * 100)) for part in (path, start, test)] == [
            [0, 2, 4],
            [1, 3],
            [5, 6, 7, 8, 9, 10],
        ]


class TestSimulation:
    """Is the promise broken more often than it says, where the truth is known?"""

    WORLDS = {
        "one rule": (World(1), promise(0.01, 0.005)),
        "three rules": (World(3), promise(0.01, 0.005)),
        "nothing is rejected": (World(1), promise(0.02, 0.0, 0.9)),
        "no cut-off is good enough": (World(2, flat=0.0102), promise(0.01, 0.0)),
    }

    @staticmethod
    def broken(world, asked, chooser, *, seed=11, count=4_000):
        """Return in how many of the draws a promise was broken, and in how many something was chosen."""
        truth, random = Truth(world), np.random.default_rng(seed)
        found = [chooser(world.history(random, count), world, asked) for _ in range(DRAWS)]
        chosen = [one for one in found if one is not None]
        return sum(truth.is_broken(one, asked) for one in chosen), len(chosen)

    @staticmethod
    def proven(table, world, asked):
        return choose(table, world.given(), asked)

    @staticmethod
    def naive(table, world, asked):
        """Take the laxest cut-offs whose rate on the newer half is within the limit, without a bound."""
        parts = split(table)
        path = cutoffs.hold_path(parts.path, world.given().hold)
        within = [hold for hold in path if TestSimulation.rate(parts.test, hold) <= asked.bad_published]
        return Cutoffs(within[-1], np.full(world.rules, NEVER)) if within else None

    @staticmethod
    def rate(table, hold):
        published = table.published(hold)
        return (published & ~table.is_good).sum() / max(1, published.sum())

    @pytest.mark.parametrize(("world", "asked"), WORLDS.values(), ids=WORLDS)
    @pytest.mark.slow
    def test_a_promise_is_broken_no_more_often_than_it_says(self, world, asked):
        broken, _ = self.broken(world, asked, self.proven)

        assert broken <= scipy.stats.binom.ppf(MOST_BROKEN, DRAWS, 1 - asked.confidence)

    @pytest.mark.parametrize("name", ["one rule", "three rules"])
    def test_the_simulation_notices_a_choice_without_a_bound(self, name):
        world, asked = self.WORLDS[name]

        broken, _ = self.broken(world, asked, self.naive)

        assert broken > DRAWS / 4

    @pytest.mark.parametrize("name", ["one rule", "nothing is rejected"])
    def test_a_promise_is_not_kept_by_doing_nothing(self, name):
        world, asked = self.WORLDS[name]
        truth, random = Truth(world), np.random.default_rng(5)
        found = [choose(world.history(random, 4_000), world.given(), asked) for _ in range(20)]

        published = [truth.bad_published(one.hold)[1] for one in found if one]
        assert len(published) >= 18
        assert np.mean(published) > 0.8

    def test_bad_comments_are_rejected_where_that_is_allowed(self):
        world, asked = self.WORLDS["one rule"]
        table = world.history(np.random.default_rng(3), 20_000)

        found = choose(table, world.given(), asked)

        figures = measure(table, found, asked.delta)
        assert figures.rejected > 100
        assert figures.good_refused.rate <= asked.good_refused
        assert (found.hold <= found.reject).all()


def rule(score, **changes):
    words = {"title": "A rule", "for_readers": "Do not.", "for_moderators": "Weigh.", "explanation": "Because."}
    return Rule(**({"score": score, "hold": 0.6} | words | changes))


POLICY = Policy(
    name="Test",
    sentence="Be kind.",
    rules={
        "rude": rule("insult", reject=0.9),
        "topic": rule("off_topic"),
        "watched": rule("spam", background=True),
    },
)
MADE_AT = datetime(2026, 11, 23, tzinfo=UTC)


def history(count, *, seed=2, topic=0.1):
    random = np.random.default_rng(seed)
    scores = np.round(random.beta(0.5, 6, count), 4)
    good = random.random(count) >= 1 / (1 + np.exp(-18 * (scores - 0.45)))
    return [
        Past(
            scores={"insult": float(score), "off_topic": topic, "spam": 1.0},
            is_good=bool(is_good),
            section="sport" if number % 10 == 0 else "news",
            language="en",
            rule="" if is_good else "rude",
            at=MADE_AT - timedelta(hours=count - number),
        )
        for number, (score, is_good) in enumerate(zip(scores, good, strict=True))
    ]


def certificate(past, asked, found):
    return certify(POLICY, past, asked, found, policy_after="test@new", models={"model-1": len(past)}, made_at=MADE_AT)


class TestCalibrate:
    def test_the_promise_is_proven_on_the_newer_half(self):
        past, asked = history(6_000), promise(0.01, 0.005)
        found = calibrate(POLICY, past, asked)
        proof = certificate(past, asked, found)

        assert found.status == proof.status == "calibrated"
        assert proof.after.bad_published.bound <= 0.01 < proof.before.bad_published.bound
        assert proof.after.good_refused.bound <= 0.005
        assert proof.test.decisions == proof.path.decisions == 3_000
        assert proof.path.last_at < proof.test.first_at
        assert proof.after.coverage == (proof.after.published + proof.after.rejected) / 3_000
        assert proof.bounds_at == 0.975

    def test_off_topic_gets_no_reject_and_the_background_nothing(self):
        past = [one._replace(scores=one.scores | {"off_topic": one.scores["insult"]}) for one in history(6_000)]
        found = calibrate(POLICY, past, promise(0.01, 0.01))

        assert found.codes == ("rude", "topic")
        assert found.cutoffs.reject[0] < 1
        assert found.cutoffs.reject[1] == NEVER

    def test_a_promise_to_reject_nothing_takes_the_rejects_away(self):
        found = calibrate(POLICY, history(6_000), promise())

        assert found.before.reject[0] == 0.9
        assert list(found.cutoffs.reject) == [NEVER, NEVER]

    def test_a_rule_of_which_the_history_says_nothing_keeps_its_number(self):
        assert calibrate(POLICY, history(6_000), promise()).cutoffs.hold[1] == 0.6

    @pytest.mark.parametrize(("asked", "least"), [(promise(), 299), (promise(good=0.001), 368)])
    def test_too_few_decisions_say_how_many_are_needed(self, asked, least):
        past = history(400)
        found = calibrate(POLICY, past, asked)

        assert found.status == "too_few"
        assert found.need.published == least
        assert 2 * least - 400 <= found.need.more_decisions < 2 * least
        assert found.cutoffs is found.before

    def test_so_many_more_decisions_would_be_enough(self):
        few = calibrate(POLICY, history(400), promise(0.05))
        assert few.status == "not_kept" or few.need is None
        too_few = calibrate(POLICY, history(80), promise(0.05))

        more = calibrate(POLICY, history(80 + 2 * too_few.need.more_decisions), promise(0.05))

        assert too_few.status == "too_few"
        assert more.status != "too_few"

    def test_where_all_is_bad_nothing_is_proven_and_nothing_changes(self):
        past = [one._replace(is_good=number % 2 == 0) for number, one in enumerate(history(3_000))]
        found = calibrate(POLICY, past, promise())

        assert (found.status, found.need) == ("not_kept", None)
        assert found.cutoffs is found.before

    def test_what_could_not_be_checked_is_not_published(self):
        past = [one._replace(scores={"insult": one.scores["insult"]}) for one in history(3_000)]
        found = calibrate(POLICY, past, promise())

        assert found.status == "too_few"
        assert found.need.more_decisions is None, "no number of such decisions would do"

    def test_a_reject_is_raised_to_a_hold_above_it(self):
        past, asked = history(6_000), promise(0.06, 0.02)
        table, before = cutoffs.tabulate(POLICY, past), cutoffs.cutoffs_of(POLICY)
        alone = guarantees.choose_rejects(split(table), asked)

        found = choose(table, before, asked)

        assert alone[0] < found.hold[0] == found.reject[0]
        assert measure(table, found, asked.delta).rejected <= table.rejected(alone).sum()

    def test_a_rule_of_one_section_is_calibrated_on_that_section(self):
        rules = {"rude": rule("insult"), "rude_in_sport": rule("insult", hold=0.01, sections=("sport",))}
        past = [one._replace(is_good=one.is_good or one.section == "sport") for one in history(8_000)]

        found = calibrate(Policy(name="T", sentence="S", rules=rules), past, promise())

        assert found.status == "calibrated"
        assert found.cutoffs.hold[1] > 0.3, "nothing is refused in sport"
        assert found.cutoffs.hold[0] < 0.6

    def test_the_newer_half_has_no_say_in_where_the_test_begins(self):
        """Turned round, the outcomes of the newer half change neither path nor start, only what is proven."""
        table = cutoffs.tabulate(POLICY, history(6_000))
        turned = table._replace(is_good=np.concatenate((table.is_good[:3_000], ~table.is_good[3_000:])))
        looked_at = []

        for one in (table, turned):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(guarantees, "last_proven", lambda tests, *_: looked_at.append([n for _, n in tests]))
                choose(one, cutoffs.cutoffs_of(POLICY), promise())

        assert looked_at[0] == looked_at[1]
        assert len(looked_at[0]) > 5

    @pytest.mark.parametrize("count", [1, 2, 3])
    def test_a_handful_is_too_few(self, count):
        past, asked = history(count), promise(good=0.005)
        found = calibrate(POLICY, past, asked)

        assert found.status == "too_few"
        assert certificate(past, asked, found).history == count


@pytest.fixture(scope="module")
def proof():
    past, asked = history(8_000), promise(0.01, 0.005)
    past[0] = past[0]._replace(rule="gone")
    return certificate(past, asked, calibrate(POLICY, past, asked))


class TestCertificate:
    def test_sections_and_languages_have_a_bound_where_enough_is_published(self, proof):
        news, sport = proof.sections["news"], proof.sections["sport"]

        assert news.decisions + sport.decisions == proof.test.decisions
        assert news.published + sport.published == proof.after.published
        assert news.errors is not None
        assert news.bound == upper_bound(news.errors, news.published, 0.025)
        assert (sport.published > 300, sport.errors is None) == (True, sport.published < 368)
        assert proof.languages["en"].errors == proof.after.bad_published.errors

    def test_a_small_section_has_its_number_only(self):
        past, asked = history(4_000), promise()
        proof = certificate(past, asked, calibrate(POLICY, past, asked))

        assert proof.sections["sport"].decisions == 200
        assert (proof.sections["sport"].errors, proof.sections["sport"].bound) == (None, None)

    def test_rules_have_their_counts(self, proof):
        rude, topic = proof.rules["rude"], proof.rules["topic"]

        assert set(proof.rules) == {"rude", "topic"}
        assert (rude.hold_before, rude.reject_before) == (0.6, 0.9)
        assert rude.hold_after <= rude.reject_after
        assert rude.met_after == proof.test.decisions - proof.after.published
        assert (topic.hold_after, topic.reject_after, topic.met_after) == (0.6, None, 0)
        assert rude.named > 0

    def test_rules_that_the_policy_does_not_have_are_named(self, proof):
        assert proof.unknown_rules == {"gone": 1}

    def test_it_survives_json(self, proof):
        assert msgspec.json.decode(msgspec.json.encode(proof), type=guarantees.Certificate) == proof

    def test_times_may_be_missing(self):
        past = [one._replace(at=None) for one in history(100)]
        proof = certificate(past, promise(), calibrate(POLICY, past, promise()))

        assert (proof.path.first_at, proof.test.last_at) == (None, None)
