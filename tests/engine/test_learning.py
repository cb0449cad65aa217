"""Learning: older decisions teach and newer ones test; what is no better, or breaks a promise, is not accepted."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.cutoffs import Past
from belowline.engine.guarantees import Promise
from belowline.engine.learning import (
    BASE_SCORES,
    LEAST_DECISIONS,
    MOST_DECISIONS,
    SCORE,
    Learner,
    Lesson,
    auc,
    base_scores,
    gain_interval,
    learn,
    split,
    with_head,
)
from belowline.engine.models.hashed import sigmoid
from belowline.engine.models.head import Head
from belowline.engine.policy import Policy, Rule

WIDTH, POOLED = 8, 4
BEGUN = datetime(2026, 3, 1, tzinfo=UTC)
PROMISE = Promise(bad_published=0.1, good_refused=0.0, confidence=0.95)


def rule(score, hold=0.5, **more):
    words = dict.fromkeys(("title", "for_readers", "for_moderators", "explanation"), "w")
    return Rule(score=score, hold=hold, **words, **more)


def policy(**rules):
    return Policy(name="Test", sentence="s", rules=rules or {"rude": rule("insult")}, digest="0" * 64)


def lessons(count=900, *, seed=0, taste=3.0, shown=0.5, base=-1.0):
    """Decisions that follow the first trait, of which the score `insult` shows a part, with noise."""
    draw = np.random.default_rng(seed)
    traits = draw.normal(size=(count, WIDTH)).astype(np.float32)
    refused = draw.random(count) < sigmoid(taste * traits[:, 0].astype(float) + base)
    insult = np.round(sigmoid(shown * traits[:, 0] + draw.normal(size=count)), 4)
    return [
        Lesson(
            Past(scores={"insult": float(insult[at])}, is_good=not refused[at], at=BEGUN + timedelta(hours=at)),
            traits[at],
        )
        for at in range(count)
    ]


def learner(**changes):
    return Learner(**{"policy": policy(), "base": "abuse-1", "pooled": POOLED} | changes)


class TestAccepting:
    def test_a_newsroom_with_a_taste_of_its_own(self):
        report, head = learn(learner(), lessons())
        assert report.status == "accepted"
        assert (report.decisions, report.learned_on, report.tested_on) == (900, 630, 270)
        assert (report.base, report.head) == ("abuse-1", head.version)
        assert report.gain.rival == "insult"
        assert report.gain.gain == pytest.approx(report.gain.head_auc - report.gain.rival_auc)
        assert 0 < report.gain.low < report.gain.gain < report.gain.high
        assert report.gain.head_auc > report.gain.all_scores_auc
        assert report.tested_from == BEGUN + timedelta(hours=630)
        assert report.tested_to == BEGUN + timedelta(hours=899)

    def test_what_the_score_says_already_is_no_gain(self):
        known = [
            lesson._replace(past=lesson.past._replace(scores={"insult": float(sigmoid(lesson.traits[0]))}))
            for lesson in lessons()
        ]
        report, head = learn(learner(), known)
        assert report.status == "no_gain"
        assert head is not None
        assert report.gain.low <= 0

    def test_decisions_by_the_dice_are_no_gain(self):
        taken = [learn(learner(), lessons(seed=seed, taste=0.0))[0].status for seed in range(8)]
        assert taken.count("accepted") <= 1

    def test_the_head_that_acts_is_what_it_must_beat(self):
        right = Head("abuse-1", 3 * np.eye(WIDTH)[0], -1.0)
        report, _ = learn(learner(present=right), lessons())
        assert (report.gain.rival, report.status) == (right.version, "no_gain")

    def test_a_worse_head_is_replaced(self):
        other = Head("abuse-1", np.eye(WIDTH)[1], 0.0)
        report, _ = learn(learner(present=other), lessons())
        assert (report.gain.rival, report.status) == (other.version, "accepted")

    def test_the_same_again_is_the_same(self):
        one, other = (learn(learner(), lessons()) for _ in range(2))
        assert one[0] == other[0]
        assert one[1].to_bytes() == other[1].to_bytes()

    def test_the_newer_decisions_do_not_teach(self):
        given = lessons()
        _, newer = split(given)
        turned = [lesson._replace(past=lesson.past._replace(is_good=not lesson.past.is_good)) for lesson in newer]
        _, head = learn(learner(), given)
        report, other = learn(learner(), [*given[: -len(newer)], *turned])
        assert other.to_bytes() == head.to_bytes()
        assert report.status == "no_gain"

    def test_a_taste_that_turned_round_is_not_accepted(self):
        report, _ = learn(learner(), [*lessons(630), *lessons(270, taste=-3.0, base=1.0)])
        assert (report.status, report.gain.head_auc < 0.5) == ("no_gain", True)


class TestTooFew:
    CASES = {
        "none": ([], LEAST_DECISIONS, "refused"),
        "one short": (lessons(LEAST_DECISIONS - 1), 1, ""),
        "hardly any refused": (lessons(600, base=-12.0), 0, "refused"),
        "hardly any published": (lessons(600, base=12.0), 0, "published"),
        "none refused lately": ([*lessons(500), *lessons(250, base=-40.0)], 0, "refused"),
    }

    @pytest.mark.parametrize(("given", "more", "of_one"), CASES.values(), ids=CASES)
    def test_it_says_what_is_missing_and_learns_nothing(self, given, more, of_one):
        report, head = learn(learner(), given)
        assert (report.status, report.more_decisions, report.more_of_one) == ("too_few", more, of_one)
        assert head is report.gain is report.replay is None
        assert report.head == ""

    def test_five_hundred_are_enough(self):
        assert learn(learner(), lessons(LEAST_DECISIONS))[0].status == "accepted"


class TestPromise:
    HOUSE = policy(house=rule(SCORE, hold=0.3))

    def test_a_policy_that_does_not_look_decides_as_before(self):
        report, _ = learn(learner(promise=PROMISE), lessons())
        assert not report.replay.looks_at_head
        assert report.replay.before == report.replay.after
        assert report.status == "accepted"

    def test_a_background_rule_does_not_look(self):
        watching = policy(rude=rule("insult"), house=rule(SCORE, background=True))
        report, _ = learn(learner(policy=watching, promise=PROMISE), lessons())
        assert not report.replay.looks_at_head

    def test_what_proves_the_promise_again_is_accepted(self):
        report, _ = learn(learner(policy=self.HOUSE, promise=PROMISE), lessons(2_000, taste=6.0, base=-4.0))
        replay = report.replay
        assert (report.status, replay.is_kept, replay.promise) == ("accepted", True, PROMISE)
        assert replay.before.published == 0
        assert replay.after.bad_published.bound <= PROMISE.bad_published

    @pytest.mark.parametrize("hold", [1.0, 0.8], ids=["publishes nearly all", "publishes much"])
    def test_what_would_break_it_is_not(self, hold):
        lax = policy(house=rule(SCORE, hold=hold))
        report, head = learn(learner(policy=lax, promise=PROMISE), lessons(2_000))
        assert (report.status, report.replay.is_kept) == ("bound_broken", False)
        assert head is not None
        assert report.replay.after.bad_published.bound > PROMISE.bad_published

    def test_too_few_published_ones_prove_nothing(self):
        strict = Promise(bad_published=0.0001, good_refused=0.0, confidence=0.95)
        report, _ = learn(learner(policy=self.HOUSE, promise=strict), lessons(2_000, taste=6.0, base=-4.0))
        assert report.status == "bound_broken"

    def test_where_nothing_was_promised_nothing_breaks(self):
        lax = policy(house=rule(SCORE, hold=1.0))
        report, _ = learn(learner(policy=lax), lessons())
        assert (report.status, report.replay.promise) == ("accepted", None)

    def test_the_score_takes_the_place_of_an_earlier_one(self):
        head = Head("abuse-1", np.zeros(WIDTH), 0.0)
        lesson = lessons(1)[0]
        lesson = lesson._replace(past=lesson.past._replace(scores={SCORE: 0.9, "insult": 0.1}))
        assert with_head(lesson, head).scores == {SCORE: 0.5, "insult": 0.1}
        assert with_head(lesson, None).scores == {SCORE: None, "insult": 0.1}


class TestParts:
    @given(st.integers(0, 300))
    def test_older_and_newer_are_all_in_their_order(self, count):
        older, newer = split(range(count))
        assert [*older, *newer] == list(range(count))
        assert len(newer) == int(count * 0.3)

    def test_only_the_newest_teach(self, monkeypatch):
        monkeypatch.setattr("belowline.engine.learning.MOST_DECISIONS", 600)
        report, _ = learn(learner(), lessons(900))
        assert MOST_DECISIONS > 600
        assert (report.decisions, report.tested_to) == (600, BEGUN + timedelta(hours=899))

    def test_unchecked_scores_count_as_zero(self):
        lesson = Lesson(Past(scores={"insult": None, "spam": 0.5}, is_good=True), np.zeros(WIDTH, np.float32))
        assert sorted(base_scores([lesson])[0]) == [0.0] * (len(BASE_SCORES) - 1) + [0.5]


class TestAuc:
    CASES = {
        "all above": ([0.1, 0.2, 0.9], [0, 0, 1], 1.0),
        "all below": ([0.9, 0.8, 0.1], [0, 0, 1], 0.0),
        "all alike": ([0.5, 0.5, 0.5], [0, 1, 1], 0.5),
        "one tie": ([0.1, 0.5, 0.5, 0.9], [0, 0, 1, 1], 0.875),
    }

    @pytest.mark.parametrize(("values", "positive", "expected"), CASES.values(), ids=CASES)
    def test_known_values(self, values, positive, expected):
        assert auc(np.array(values), np.array(positive, dtype=bool)) == pytest.approx(expected)

    @given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=2, max_size=40))
    def test_it_counts_pairs(self, pairs):
        values, positive = np.array([one for one, _ in pairs], float), np.array([one for _, one in pairs])
        if positive.all() or not positive.any():
            return
        high, low = values[positive][:, None], values[~positive][None, :]
        assert auc(values, positive) == pytest.approx(((high > low) + (high == low) / 2).mean())


class TestInterval:
    @pytest.mark.slow
    def test_it_holds_the_truth_nearly_always(self):
        """A rival that is as good: in 95 of 100 histories 0 lies within, give or take."""
        draw, held = np.random.default_rng(4), 0
        for seed in range(60):
            positive = draw.random(200) < 0.4
            one, other = (positive + draw.normal(size=200) for _ in range(2))
            low, high = gain_interval(one, other, positive, seed=seed)
            held += low <= 0 <= high
        assert held >= 52

    def test_what_is_the_same_gains_nothing(self):
        positive = np.arange(50) % 2 == 0
        values = np.random.default_rng(0).normal(size=50)
        assert gain_interval(values, values, positive) == (0.0, 0.0)
