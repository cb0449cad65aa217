"""What a comment shares with an article, in numbers."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.signals.topic_features import FEATURES, Passage, Rarity, Reading, bm25, features
from belowline.engine.text.words import terms

RARITY = Rarity(1_000, {"bridg": 10, "peopl": 400, "ferri": 5, "crack": 20, "steel": 8})
WORDS = st.lists(
    st.sampled_from(["bridge", "people", "ferry", "cracks", "steel", "biscuit", "immigration"]), max_size=12
)


def numbers(comment, *readings):
    return dict(zip(FEATURES, features(Counter(terms(comment)), readings, RARITY), strict=True))


def weigh(comment):
    return {term: RARITY.idf(term) for term in terms(comment)}


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("peopl", math.log(2.5)),
        ("bridg", math.log(100)),
        ("unknown", math.log(250)),
    ],
)
def test_idf(term, expected):
    assert RARITY.idf(term) == pytest.approx(expected)


def test_a_reading_holds_what_was_read():
    reading = Reading(("Bridge shut", ""), ("The ferry sails.", "  ", "Cracks in steel."))
    assert [passage.text for passage in reading.passages] == ["Bridge shut", "The ferry sails.", "Cracks in steel."]
    assert reading.head == ("bridg", "shut")
    assert reading.counts["ferri"] == 1
    assert reading.size == 6


def test_an_empty_reading():
    reading = Reading(("",), ())
    assert reading.passages == []
    assert reading.size == 0
    assert not reading.counts


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param("The ferry sails", "The people sail", id="a rare term counts more"),
        pytest.param("A ferry, a ferry", "A ferry, a boat", id="twice counts more than once"),
        pytest.param("A ferry", "A ferry " + "and another long sentence about gardens " * 20, id="short counts more"),
        pytest.param("A ferry", "A garden", id="shared counts more than nothing"),
    ],
)
def test_bm25_order(better, worse):
    one, other = Reading((), (better,)).passages[0], Reading((), (worse,)).passages[0]
    assert bm25(weigh("ferry people"), one) > bm25(weigh("ferry people"), other)


def test_bm25_of_nothing_is_zero():
    assert bm25(weigh("biscuit"), Reading((), ("The ferry sails",)).passages[0]) == 0.0
    assert bm25({}, Reading((), ("The ferry sails",)).passages[0]) == 0.0


def test_terms_are_added_in_the_order_of_the_comment():
    """In that of a set, which differs from process to process, the last digits of a sum would be chance."""
    names = [f"term{number}" for number in range(60)]
    weights = {name: (1.0, 1e16, -1e16)[number % 3] for number, name in enumerate(names)}
    passage = Passage("", Counter(reversed(names)), 40)
    norm = 1 / bm25({"term0": 1.0}, passage)

    in_order = 0.0
    for name in names:
        in_order += weights[name] / norm

    assert bm25(weights, passage) == pytest.approx(in_order, rel=1e-9)
    assert in_order != pytest.approx(20 / norm, rel=1e-3)


def test_bm25_saturates():
    gains = []
    for count in (1, 2, 10, 11):
        passage = Reading((), ("ferry " * count,)).passages[0]
        gains.append(bm25(weigh("ferry"), passage))
    assert gains[1] - gains[0] > gains[3] - gains[2] > 0


@pytest.mark.parametrize(
    ("comment", "name", "expected"),
    [
        pytest.param("bridge ferry", "coverage", 1.0, id="everything shared"),
        pytest.param("biscuit", "coverage", 0.0, id="nothing shared"),
        pytest.param("biscuit", "bm25", 0.0, id="no bm25"),
        pytest.param("biscuit", "rarest_shared", 0.0, id="no rarest"),
        pytest.param("bridge", "rarest_shared", math.log(100), id="rarest"),
        pytest.param("bridge", "title_coverage", 1.0, id="the whole title"),
        pytest.param("ferry", "title_coverage", 0.0, id="none of the title"),
        pytest.param("bridge biscuit ferry", "shared_terms", math.log1p(2), id="shared terms"),
        pytest.param("bridge bridge biscuit", "comment_terms", math.log1p(2), id="different terms"),
        pytest.param("", "coverage", 0.0, id="empty comment"),
    ],
)
def test_single_features(comment, name, expected):
    assert numbers(comment, Reading(("Bridge",), ("The ferry sails",)))[name] == pytest.approx(expected)


def test_related_words_count_as_near():
    found = numbers("immigrants", Reading(("Immigration",), ()))
    assert found["coverage"] == 0.0
    assert found["near_coverage"] == 1.0


def test_several_readings_add_up():
    story, parent = Reading(("Bridge",), ()), Reading((), ("biscuit tin",))
    alone, together = numbers("biscuit", story), numbers("biscuit", story, parent)
    assert alone["coverage"] == 0.0
    assert together["coverage"] == 1.0
    assert together["story_terms"] > alone["story_terms"]


def test_names_are_unique():
    assert len(set(FEATURES)) == len(FEATURES)


@given(WORDS, WORDS, WORDS)
def test_all_features_are_finite_and_not_negative(comment, title, body):
    found = features(Counter(terms(" ".join(comment))), [Reading((" ".join(title),), (" ".join(body),))], RARITY)
    assert len(found) == len(FEATURES)
    assert all(math.isfinite(value) and value >= 0.0 for value in found)


@given(WORDS, WORDS)
def test_shares_stay_shares(comment, body):
    found = numbers(" ".join(comment), Reading((), (" ".join(body),)))
    assert 0.0 <= found["coverage"] <= found["near_coverage"] <= 1.0 + 1e-9
    assert 0.0 <= found["title_coverage"] <= 1.0


@given(WORDS, WORDS, WORDS)
def test_more_to_read_never_shares_less(comment, body, more):
    text = " ".join(comment)
    small, large = Reading((), (" ".join(body),)), Reading((), (" ".join(body), " ".join(more)))
    assert numbers(text, small)["coverage"] <= numbers(text, large)["coverage"] + 1e-9
    assert numbers(text, small)["bm25"] <= numbers(text, large)["bm25"] + 1e-9
