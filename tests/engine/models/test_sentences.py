"""Sentence vectors: length 1, one for each sentence, the same in any company; and clear errors."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_encoder import HEADS, WIDTH, tiny_files, tiny_tokenizer, tiny_weights

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import FORMAT, Bundle, Manifest
from belowline.engine.models.sentences import MOST_WINDOWS, SentenceEncoder, to_bytes, to_unit
from belowline.engine.models.tokens import GRAPH, TOKENIZER, WINDOW
from belowline.lab.export_encoder import build_states_graph

FILES = (build_states_graph(tiny_weights(), heads=HEADS), tiny_tokenizer().to_str().encode())
ENCODER = SentenceEncoder(*FILES)
TEXT = st.text(st.sampled_from("you idiot the bridge is word .\n🐷"), max_size=60)


def is_unit(rows):
    return np.allclose(np.linalg.norm(rows, axis=-1), 1, atol=1e-5)


class TestRead:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            pytest.param("The bridge is unhappy.", 1, id="one sentence"),
            pytest.param("The bridge is unhappy. You is the idiot.", 2, id="two"),
            pytest.param("The bridge is unhappy. You.", 1, id="a short one has none of its own"),
            pytest.param("You.", 1, id="a short text stands for itself"),
            pytest.param("", 1, id="empty"),
        ],
    )
    def test_a_vector_for_each_sentence(self, text, parts):
        sense = ENCODER.read(text)
        assert sense.whole.shape == (WIDTH,)
        assert sense.parts.shape == (parts, WIDTH)
        assert is_unit(sense.whole)
        assert is_unit(sense.parts)

    @given(TEXT)
    def test_any_text(self, text):
        sense = ENCODER.read(text)
        assert is_unit(sense.parts)
        assert np.array_equal(sense.whole, ENCODER.read(text).whole)

    def test_a_sentence_knows_its_neighbours(self):
        alone = ENCODER.read("You is the idiot.").parts[0]
        beside = ENCODER.read("The bridge is unhappy. You is the idiot.").parts[1]
        assert not np.allclose(alone, beside, atol=1e-3)

    def test_a_sentence_longer_than_a_window_is_part_of_the_whole_alone(self):
        text = "word " * (2 * WINDOW) + ". The bridge is unhappy."
        assert len(ENCODER.read(text).parts) == 1

    def test_what_comes_late_in_a_very_long_text_is_not_read(self):
        text = "word " * (MOST_WINDOWS * WINDOW)
        assert np.array_equal(ENCODER.read(text).whole, ENCODER.read(text + "idiot " * WINDOW).whole)


class TestPassages:
    def test_in_their_order_and_the_same_in_any_company(self):
        texts = ["The bridge is unhappy.", "you", "", "word " * 40]
        together = ENCODER.read_passages(texts)
        assert together.shape == (4, WIDTH)
        for text, row in zip(texts, together, strict=True):
            assert np.allclose(row, ENCODER.read_passages([text])[0], atol=0.05)

    def test_none(self):
        assert ENCODER.read_passages([]).shape == (0, WIDTH)

    @pytest.mark.parametrize(("count", "pieces"), [(0, 0), (1, 1), (WINDOW, 1), (WINDOW + 1, 2), (3 * WINDOW, 3)])
    def test_long_paragraphs_are_cut(self, count, pieces):
        text = ("word " * count).strip()
        cut = ENCODER.cut(text)
        assert len(cut) == pieces
        assert " ".join(cut) == text


@pytest.mark.parametrize(
    "files",
    [
        pytest.param((b"nothing", FILES[1]), id="no graph"),
        pytest.param((FILES[0], b"nothing"), id="no tokenizer"),
        pytest.param(tiny_files(), id="the graph of the abuse encoder"),
    ],
)
def test_what_cannot_be_read_is_refused(files):
    with pytest.raises(ModelError, match="reinstall belowline"):
        SentenceEncoder(*files)


@pytest.mark.parametrize("missing", [GRAPH, TOKENIZER])
def test_a_bundle_without_a_file_is_refused(missing):
    contents = {GRAPH: FILES[0], TOKENIZER: FILES[1]}
    del contents[missing]
    manifest = Manifest(format=FORMAT, name="topic", version="1", labels=("off_topic",), files={})
    with pytest.raises(ModelError, match=missing):
        SentenceEncoder.from_bundle(Bundle(manifest, contents))


@given(st.lists(st.floats(-5, 5, width=32), min_size=3, max_size=3))
def test_bytes_keep_the_direction(row):
    given_row = np.array([row], dtype=np.float32)
    back = to_unit(to_bytes(given_row).astype(np.float32))
    assert to_bytes(given_row).dtype == np.int8
    if np.abs(given_row).max() > 1e-3:
        assert float((back @ to_unit(given_row).T)[0, 0]) > 0.999


def test_zeros_stay_zeros():
    assert not to_unit(np.zeros((2, 3), dtype=np.float32)).any()
    assert not to_bytes(np.zeros((2, 3), dtype=np.float32)).any()
