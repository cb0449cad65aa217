"""A newsroom's head: the order of its scores, the way into a file and back, and files that are refused."""

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save

from belowline.engine.errors import ModelError
from belowline.engine.models.head import FORMAT, Head, read_head

numbers = st.floats(-50, 50)


def head(weights=(0.5, -1.0, 2.0), bias=0.25, base="abuse-1"):
    return Head(base, np.array(weights, dtype=np.float64), bias)


class TestScores:
    @given(st.lists(st.lists(numbers, min_size=3, max_size=3), min_size=1, max_size=9))
    def test_a_higher_sum_is_no_lower_score(self, traits):
        found = head()
        log_odds, scores = found.log_odds(np.array(traits)), found.scores(np.array(traits))
        assert ((scores >= 0) & (scores <= 1)).all()
        order = np.argsort(log_odds)
        assert (np.diff(scores[order]) >= 0).all()

    def test_one_text_and_many_have_the_same_scores(self):
        rows = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
        assert [float(head().scores(row)) for row in rows] == pytest.approx(head().scores(rows).tolist(), abs=1e-15)

    def test_known_values(self):
        assert head().log_odds(np.zeros(3)) == pytest.approx(0.25)
        assert head().scores(np.array([-0.5, 0.0, 0.0])) == pytest.approx(0.5)


class TestFile:
    @given(st.lists(numbers, min_size=1, max_size=40), numbers, st.text(max_size=20))
    def test_there_and_back(self, weights, bias, base):
        made = head(weights, bias, base)
        again = read_head(made.to_bytes())
        assert (again.base, again.bias) == (base, bias)
        np.testing.assert_array_equal(again.weights, made.weights)
        assert again.version == made.version
        assert again.to_bytes() == made.to_bytes()

    def test_the_version_names_the_weights(self):
        assert head().version.startswith("newsroom-")
        assert head().version == head().version
        others = {head(bias=0.26).version, head(base="abuse-2").version, head((0.5, -1.0, 2.1)).version}
        assert head().version not in others
        assert len(others) == 3

    @pytest.mark.parametrize("cut", [0, 1, 7, 8, 9, 40, -1], ids=lambda cut: f"cut at {cut}")
    def test_what_is_cut_is_refused(self, cut):
        with pytest.raises(ModelError, match="belowline learn"):
            read_head(head().to_bytes()[:cut])

    @given(st.binary(max_size=200))
    def test_noise_is_refused(self, noise):
        with pytest.raises(ModelError):
            read_head(noise)

    WRONG = {
        "no metadata": ({"weights": np.ones(3), "bias": np.ones(1)}, None),
        "another format": ({"weights": np.ones(3), "bias": np.ones(1)}, {"belowline-head-9": "a"}),
        "no bias": ({"weights": np.ones(3)}, {FORMAT: "a"}),
        "two biases": ({"weights": np.ones(3), "bias": np.ones(2)}, {FORMAT: "a"}),
        "a table": ({"weights": np.ones((3, 2)), "bias": np.ones(1)}, {FORMAT: "a"}),
        "not a number": ({"weights": np.array([1.0, np.nan]), "bias": np.ones(1)}, {FORMAT: "a"}),
        "infinite bias": ({"weights": np.ones(3), "bias": np.array([np.inf])}, {FORMAT: "a"}),
    }

    @pytest.mark.parametrize(("tensors", "metadata"), WRONG.values(), ids=WRONG)
    def test_what_is_no_head_is_refused(self, tensors, metadata):
        with pytest.raises(ModelError, match="belowline learn"):
            read_head(save(tensors, metadata=metadata))

    def test_a_header_that_is_no_object(self):
        raw = json.dumps([1]).encode()
        with pytest.raises(ModelError):
            read_head(struct.pack("<Q", len(raw)) + raw)


class TestFit:
    def test_the_model_that_it_was_learned_on(self):
        head().check_fits("abuse-1", 3)

    @pytest.mark.parametrize(("base", "width"), [("abuse-2", 3), ("abuse-1", 4)], ids=["version", "width"])
    def test_another_model_is_refused(self, base, width):
        with pytest.raises(ModelError, match=r"was learned on `abuse-1`.*belowline learn"):
            head().check_fits(base, width)
