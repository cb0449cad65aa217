"""How near a comment comes to a story by what both mean, against what is usual."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save as write_tensors

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import FORMAT, Bundle, Manifest
from belowline.engine.models.sentences import Sense, to_unit
from belowline.engine.signals.topic_vectors import BANK, VECTOR_FEATURES, Bank, nearest, tell, vector_features

SEA, ROAD, CAKE = np.eye(3, dtype=np.float32)
PARTS = {
    "for_comments": np.array([[0, 20, 100], [10, 0, 100], [90, 10, 90]], dtype=np.int8),
    "for_stories": np.array([[10, 0, 100], [0, 10, 100], [60, 0, 60], [0, 0, 9]], dtype=np.int8),
    "passages": np.array([[0, 100, 20], [0, 100, 60], [20, 0, 100], [30, 0, 100], [100, 5, 0]], dtype=np.int8),
    "firsts": np.array([0, 2, 4], dtype=np.int32),
}
BANKED = Bank.of(PARTS)


def sense(*rows):
    parts = to_unit(np.array(rows, dtype=np.float32))
    return Sense(to_unit(parts.mean(axis=0)), parts)


def told(*rows, head=1):
    return tell(to_unit(np.array(rows, dtype=np.float32)), head, BANKED)


def numbers(comment, story, bank=BANKED):
    return dict(zip(VECTOR_FEATURES, vector_features(comment, story, bank), strict=True))


def bundle(parts):
    manifest = Manifest(format=FORMAT, name="topic", version="1", labels=("off_topic",), files={})
    return Bundle(manifest, {BANK: write_tensors(parts)} if parts else {})


class TestBank:
    def test_it_is_read_from_a_bundle(self):
        bank = Bank.read(bundle(PARTS))
        assert np.allclose(np.linalg.norm(bank.passages, axis=1), 1)
        assert bank.firsts.tolist() == [0, 2, 4]

    @pytest.mark.parametrize(
        "parts",
        [
            pytest.param({}, id="no file"),
            pytest.param({name: PARTS[name] for name in list(PARTS)[:3]}, id="a part is missing"),
            pytest.param(PARTS | {"for_stories": PARTS["for_stories"][:0]}, id="a part is empty"),
        ],
    )
    def test_a_damaged_one_is_refused(self, parts):
        with pytest.raises(ModelError, match="reinstall belowline"):
            Bank.read(bundle(parts))

    @pytest.mark.parametrize(
        ("dropped", "kept", "firsts"),
        [
            ((0,), [2, 3, 4], [0, 2]),
            ((1,), [0, 1, 4], [0, 2]),
            ((2,), [0, 1, 2, 3], [0, 2]),
            ((0, 2), [2, 3], [0]),
            ((2, 2), [0, 1, 2, 3], [0, 2]),
        ],
    )
    def test_without_some_stories(self, dropped, kept, firsts):
        found = BANKED.without(*dropped)
        assert np.array_equal(found.passages, BANKED.passages[kept])
        assert found.firsts.tolist() == firsts


class TestFeatures:
    def test_the_nearest_passage_counts(self):
        found = numbers(sense(ROAD), told(SEA, SEA + ROAD, ROAD))
        assert found["best"] == pytest.approx(1)
        assert found["title"] == pytest.approx(0)
        assert found["best_three"] == pytest.approx((1 + 0 + 0.5**0.5) / 3, abs=1e-6)

    def test_the_standfirst_is_part_of_the_head(self):
        assert numbers(sense(ROAD), told(SEA, ROAD, CAKE, head=2))["head"] == pytest.approx(1)

    def test_one_sentence_of_several_may_belong(self):
        found = numbers(sense(ROAD, CAKE), told(ROAD))
        assert found["sentence_best"] == pytest.approx(1)
        assert found["sentence_mean"] == pytest.approx(0.5)
        assert found["sentences"] == pytest.approx(np.log(2))

    def test_a_comment_that_is_near_to_everything_must_come_nearer(self):
        usual, special = numbers(sense(CAKE), told(CAKE)), numbers(sense(SEA), told(SEA))
        assert usual["best"] == pytest.approx(special["best"])
        assert usual["usual"] > special["usual"]
        assert usual["above_comment"] < special["above_comment"]

    def test_a_story_that_everything_is_near_to_is_told_apart(self):
        assert numbers(sense(ROAD), told(ROAD))["rank_in_story"] == pytest.approx(np.log(1 / 5))
        assert numbers(sense(SEA), told(CAKE))["rank_in_story"] == pytest.approx(np.log(5 / 5))

    def test_nearer_than_to_any_other_story(self):
        assert numbers(sense(ROAD), told(ROAD))["rank_among_stories"] == pytest.approx(np.log(1 / 4))
        assert numbers(sense(ROAD), told(CAKE))["rank_among_stories"] > np.log(1 / 4)

    def test_a_story_of_the_bank_is_no_other_story(self):
        story = told(BANKED.passages[0], BANKED.passages[1])
        with_it, without = (numbers(sense(ROAD), story, bank) for bank in (BANKED, BANKED.without(0)))
        assert without["above_stories"] > with_it["above_stories"]

    @given(st.lists(st.tuples(*[st.floats(-1, 1, width=32)] * 3).filter(any), min_size=1, max_size=4))
    def test_every_number_is_finite_and_in_range(self, rows):
        found = numbers(sense(*rows), told(SEA, ROAD))
        assert all(np.isfinite(value) for value in found.values())
        assert all(-1.001 <= found[name] <= 1.001 for name in ("best", "title", "centre", "usual", "sentence_mean"))
        assert all(found[name] <= 0 for name in ("rank_in_story", "rank_in_title", "rank_among_stories"))


@pytest.mark.parametrize(
    ("comment", "candidates", "expected"),
    [
        pytest.param(sense(ROAD), (0, 1, 2), 1, id="of all"),
        pytest.param(sense(ROAD), (0, 2), 2, id="of some"),
        pytest.param(sense(CAKE, SEA, CAKE), (0, 1), 0, id="one sentence is enough"),
    ],
)
def test_nearest(comment, candidates, expected):
    passages = to_unit(np.array([SEA, ROAD, ROAD + CAKE], dtype=np.float32))
    assert nearest(comment, passages, candidates) == expected
