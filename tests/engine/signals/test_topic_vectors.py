"""How near a comment comes to a story by what its words mean."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save as write_tensors

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import FORMAT, Bundle, Manifest
from belowline.engine.signals import topic_vectors
from belowline.engine.signals.topic_vectors import (
    BANK,
    TABLE,
    VECTOR_FEATURES,
    WORDS,
    Vectors,
    to_share,
    to_unit,
    vector_features,
)

NAMES = ["army", "soldier", "tank", "cake", "icing"]
TABLE_OF = np.array([[100, 10, 0], [90, 30, 0], [80, 0, 10], [0, 5, 100], [0, 20, 90]], dtype=np.int8)
BANK_OF = np.array([[1, 1, 1], [0, 1, 0]], dtype=np.int8)
VECTORS = Vectors(NAMES, TABLE_OF, BANK_OF)
TERMS = st.lists(st.sampled_from([*NAMES, "unknown"]), max_size=8)


def even(term):
    return 2.0


def senses(title="", *passages):
    counted = [Counter(text.split()) for text in (title, *passages) if text]
    return VECTORS.senses(tuple(dict.fromkeys(title.split())), counted, even)


def numbers(comment, *stories):
    sense = VECTORS.sense(Counter(comment.split()), even)
    return dict(zip(VECTOR_FEATURES, vector_features(sense, stories, VECTORS), strict=True))


def bundle(**changes):
    contents = {
        WORDS: "\n".join(NAMES).encode(),
        TABLE: write_tensors({"vectors": TABLE_OF}),
        BANK: write_tensors({"bank": BANK_OF}),
    }
    contents |= {
        name: changes[key] for key, name in (("words", WORDS), ("table", TABLE), ("bank", BANK)) if key in changes
    }
    manifest = Manifest(format=FORMAT, name="topic", version="1", labels=("off_topic",), files={})
    return Bundle(manifest, {name: data for name, data in contents.items() if data is not None})


def test_vectors_are_read_from_a_bundle():
    found = Vectors.read(bundle())
    assert dict(found.places) == {name: place for place, name in enumerate(NAMES)}
    assert np.allclose(found.table, VECTORS.table)
    assert found.table.dtype == np.float32


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"words": None}, id="no words"),
        pytest.param({"table": None}, id="no table"),
        pytest.param({"bank": None}, id="no bank"),
        pytest.param({"words": b"one two"}, id="too few words"),
        pytest.param({"words": b"\xff\xfe"}, id="words in no known form"),
        pytest.param({"table": b"nonsense"}, id="damaged table"),
        pytest.param({"table": write_tensors({"other": TABLE_OF})}, id="another table"),
        pytest.param({"bank": write_tensors({"bank": BANK_OF[:, :2].copy()})}, id="other dimensions"),
    ],
)
def test_damaged_vectors_are_refused(changes):
    with pytest.raises(ModelError):
        Vectors.read(bundle(**changes))


def test_rows_have_length_one():
    assert np.allclose(np.linalg.norm(VECTORS.table, axis=1), 1)
    assert np.allclose(np.linalg.norm(VECTORS.bank, axis=1), 1)


def test_nothing_stays_nothing():
    assert to_unit(np.zeros(3, dtype=np.float32)).tolist() == [0, 0, 0]
    assert to_share(np.zeros(2, dtype=np.float32)).tolist() == [0, 0]
    assert to_share(np.array([1, 3], dtype=np.float32)).tolist() == [0.25, 0.75]


def test_a_sense_leaves_out_unknown_words():
    sense = VECTORS.sense(Counter(["army", "army", "unknown", "cake"]), even)
    assert sense.places.tolist() == [0, 3]
    assert sense.weights.tolist() == [4, 2]
    assert np.linalg.norm(sense.mean) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize(("count", "expected"), [(1, 2), (3, 6), (50, 6)])
def test_repeats_count_up_to_three_times(count, expected):
    assert VECTORS.sense(Counter({"army": count}), even).weights.tolist() == [expected]


def test_rarity_counts_up_to_a_limit():
    assert VECTORS.sense(Counter(["army"]), dict.fromkeys(NAMES, 40.0).__getitem__).weights.tolist() == [
        topic_vectors.MOST_WEIGHT
    ]


def test_only_so_many_terms_are_compared(monkeypatch):
    monkeypatch.setattr(topic_vectors, "MOST_TERMS", 2)
    assert VECTORS.sense(Counter(NAMES), even).places.tolist() == [0, 1]


def test_a_story_has_a_row_for_each_passage():
    found = senses("army", "soldier tank", "cake")
    assert found.passages.shape == (3, 3)
    assert found.head.places.tolist() == [0]
    assert sorted(found.whole.places.tolist()) == [0, 1, 2, 3]


def test_a_story_without_words():
    found = senses()
    assert found.passages.shape == (0, 3)
    assert numbers("army", found)["passage_cosine"] == 0.0


@pytest.mark.parametrize(
    "name",
    ["passage_cosine", "two_passages_cosine", "head_cosine", "whole_cosine", "soft_coverage", "soft_head", "head_told"],
)
def test_near_words_are_nearer(name):
    story = senses("army", "army tank")
    assert numbers("soldier", story)[name] > numbers("icing", story)[name]


@pytest.mark.parametrize(
    ("comment", "name", "expected"),
    [
        pytest.param("army", "passage_cosine", 1.0, id="the same"),
        pytest.param("army", "soft_coverage", 1.0, id="covered"),
        pytest.param("soldier icing", "near_words", 0.5, id="half is near"),
        pytest.param("army", "head_told", 1.0, id="the whole title"),
        pytest.param("unknown", "soft_coverage", 0.0, id="unknown words"),
        pytest.param("", "usual", 0.0, id="no words"),
    ],
)
def test_single_numbers(comment, name, expected):
    assert numbers(comment, senses("army", "army"))[name] == pytest.approx(expected, abs=1e-5)


def test_the_comment_above_counts_like_a_passage():
    story, above = senses("army", "tank"), senses("", "cake icing")
    alone, together = numbers("cake", story), numbers("cake", story, above)
    for name in ("passage_cosine", "whole_cosine", "soft_coverage", "near_words"):
        assert together[name] > alone[name]
    assert together["head_cosine"] == pytest.approx(max(alone["head_cosine"], 0.0))


def test_the_bank_tells_how_usual_a_comment_is():
    found = numbers("soldier", senses("army"))
    assert -1 <= found["usual"] <= found["most_usual"] + 1e-6 <= 1 + 1e-5
    bare = Vectors(NAMES, TABLE_OF, BANK_OF[:0])
    sense = bare.sense(Counter(["army"]), even)
    assert vector_features(sense, [bare.senses((), [Counter(["tank"])], even)], bare)[-2:] == [0.0, 0.0]


def test_names_are_unique():
    assert len(set(VECTOR_FEATURES)) == len(VECTOR_FEATURES)


@given(TERMS, TERMS, TERMS)
def test_all_numbers_are_finite_and_in_range(comment, title, body):
    found = numbers(" ".join(comment), senses(" ".join(title), " ".join(body)))
    assert all(math.isfinite(value) and -1.00001 <= value <= 1.00001 for value in found.values())


@given(TERMS, TERMS, TERMS)
def test_a_further_passage_never_takes_the_nearest_away(comment, body, more):
    text, one, two = " ".join(comment), " ".join(body) or "army", " ".join(more) or "cake"
    few, many = numbers(text, senses("", one)), numbers(text, senses("", one, two))
    assert few["passage_cosine"] <= many["passage_cosine"] + 1e-5
    assert few["soft_coverage"] <= many["soft_coverage"] + 1e-5


@given(TERMS, TERMS)
def test_the_order_of_words_does_not_count(comment, body):
    story = senses("", " ".join(body) or "army")
    forward, backward = numbers(" ".join(comment), story), numbers(" ".join(reversed(comment)), story)
    assert list(forward.values()) == pytest.approx(list(backward.values()), abs=1e-4)
