"""The order "best": civil and substantial first, the uncivil never above, late comments not lost."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.actions.recommend_comment import recommend_comment
from belowline.comments.actions.unpick_comment import unpick_comment
from belowline.comments.actions.withdraw_recommendation import withdraw_recommendation
from belowline.comments.ranking import CIVIL, UNCIVIL_FROM, best_rank, constructiveness, substance

LONG = (
    "The council promised in March that both lanes would reopen before the summer. I run the bakery at the north end, "
    "and since then every delivery takes forty minutes more. Why was no temporary crossing planned, as in the last "
    "closure? The engineers' report of 2019 recommended exactly that, with costs that the toll fund could bear."
)
CLEAN = {"toxicity": 0.02, "insult": 0.01, "shouting": 0.0, "incoherence": 0.05, "off_topic": 0.1}


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((LONG, CLEAN), ("Nice.", CLEAN)),
        ((LONG, CLEAN), (LONG, CLEAN | {"off_topic": 0.8})),
        ((LONG, CLEAN), (LONG, CLEAN | {"insult": 0.4})),
        ((LONG, CLEAN), (LONG, CLEAN | {"shouting": 0.4})),
        ((LONG, CLEAN), (LONG, {})),
        (("Nice.", CLEAN), (LONG, CLEAN | {"insult": UNCIVIL_FROM})),
        (("Nice.", {}), (LONG, CLEAN | {"incoherence": 0.9})),
        ((LONG, {}), (LONG, {"toxicity": 0.6})),
        (("The bridge is closed.", CLEAN), ("bridge " * 200, CLEAN | {"off_topic": 0.5})),
    ],
)
def test_what_is_more_constructive(better, worse):
    assert constructiveness(*better) > constructiveness(*worse)


UNIT = st.floats(0, 1)
SCORES = st.dictionaries(st.sampled_from([*CLEAN, "severe_toxicity", "links", "unknown"]), st.none() | UNIT)


@given(st.text(max_size=400), SCORES)
def test_it_is_a_share_and_parts_civil_from_uncivil(text, scores):
    value = constructiveness(text, scores)

    assert 0 <= value <= 1
    rude = [scores.get(name) or 0 for name in ("toxicity", "severe_toxicity", "insult", "shouting", "incoherence")]
    assert (value < CIVIL) == (max(rude) >= UNCIVIL_FROM)


def test_a_word_counts_once():
    assert substance("bridge " * 300) < substance("The bridge at the harbour should open again soon.")
    assert substance("") == 0
    assert substance(LONG) == pytest.approx(1.0, abs=0.2)
    assert substance(LONG + " " + LONG) == pytest.approx(substance(LONG), abs=0.05)


@given(UNIT, st.integers(0, 10**9), st.booleans(), st.floats(-1e6, 1e6))
def test_readers_editors_and_time_only_add(worth, count, is_picked, hours):
    rank = best_rank(worth, count, is_picked=is_picked, hours_late=hours)

    assert math.isfinite(rank)
    assert 0 <= rank <= 2
    assert rank >= worth
    assert best_rank(worth, count + 1, is_picked=is_picked, hours_late=hours) >= rank
    assert best_rank(worth, count, is_picked=is_picked, hours_late=hours + 1) >= rank


@given(st.floats(0, CIVIL, exclude_max=True), st.integers(0, 10**6), st.floats(0, 1e4), st.floats(CIVIL, 1))
def test_no_number_of_recommendations_lifts_the_uncivil(uncivil, count, hours, civil):
    assert best_rank(uncivil, count, is_picked=False, hours_late=hours) < best_rank(
        civil, 0, is_picked=False, hours_late=0
    )


def test_a_late_comment_is_not_lost():
    """Two days late and liked by few, beside one of the first hour that has gathered more."""
    early = best_rank(0.6, 6, is_picked=False, hours_late=0.2)
    late = best_rank(0.7, 2, is_picked=False, hours_late=48)

    assert late > early


# --- kept up to date


def rank_of(comment):
    comment.refresh_from_db()
    return comment.best_rank


def test_it_is_set_when_the_comment_is_decided(post):
    long, short = post(LONG).comment, post("Nice.").comment

    assert long.constructiveness > short.constructiveness >= CIVIL
    assert rank_of(long) > rank_of(short) > 0


def test_shouting_stands_below(post):
    loud = post("THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW").comment

    assert loud.constructiveness < CIVIL


def test_recommending_and_picking_lift_it(published, other_reader, moderator):
    ranks = [rank_of(published)]
    recommend_comment(comment=published, by=other_reader)
    ranks.append(rank_of(published))
    pick_comment(comment=published, by=moderator)
    ranks.append(rank_of(published))
    assert ranks == sorted(set(ranks))

    unpick_comment(comment=published, by=moderator)
    withdraw_recommendation(comment=published, by=other_reader)
    assert rank_of(published) == ranks[0]


def test_reranking_is_two_queries(published, django_assert_num_queries):
    with django_assert_num_queries(2):
        published.rerank()
