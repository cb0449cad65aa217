"""Texts to matrices, as scoring reads them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.models.hashed import HashedModel, Hasher, passages
from belowline.lab.matrix import LONGEST_TEXT, cut_passages, presence, read_text, scaled

TINY = Hasher(10, 10)
NICE = "the council will vote on the new library budget after a public hearing next week".split()  # noqa: SIM905
TEXTS = st.lists(st.lists(st.sampled_from(NICE), max_size=12).map(" ".join), max_size=6)


class TestMatrix:
    def test_presence_counts_once(self):
        found = presence(["budget budget", ""], TINY)
        assert found.shape == (2, TINY.size)
        assert set(found.data.tolist()) == {1.0}
        assert found[1].nnz == 0

    def test_training_reads_what_scoring_reads(self):
        text = "The Council’s BUDGET"
        row = presence([text], TINY)
        assert set(row.indices.tolist()) == set(TINY.features(read_text(text)).row.tolist())

    def test_no_texts(self):
        assert presence([], TINY).shape == (0, TINY.size)

    def test_long_texts_are_cut(self):
        assert len(read_text("a" * (LONGEST_TEXT + 50))) == LONGEST_TEXT

    @pytest.mark.parametrize("power", [0.0, 0.4, 1.0])
    def test_scaled_rows_times_weights_are_the_log_odds(self, power):
        draw = np.random.default_rng(3)
        texts = [" ".join(draw.choice(NICE, count)) for count in (1, 5, 20)]
        weights = draw.integers(-9, 9, TINY.size)
        tiny = HashedModel(
            labels=("x",),
            hasher=TINY,
            table=weights.astype(np.int16)[:, None],
            scale=np.ones(1),
            bias=np.zeros(1),
            power=power,
            blend=0.5,
        )
        expected = [tiny.log_odds(TINY.features(read_text(text)))[0] for text in texts]
        found = scaled(presence(texts, TINY), TINY, power) @ weights
        np.testing.assert_allclose(found, expected, rtol=1e-5)

    def test_short_texts_are_not_cut_into_passages(self):
        assert cut_passages("a short letter") == []

    def test_passages_are_pieces_of_the_text(self):
        words = [f"w{number}" for number in range(60)]
        pieces = cut_passages(" ".join(words))
        assert len(pieces) == len(passages(60)[0][::2])
        assert all(piece in " ".join(words) for piece in pieces)
        assert {word for piece in pieces for word in piece.split()} == set(words)

    @given(TEXTS)
    def test_every_row_has_the_features_of_its_text(self, texts):
        found = presence(texts, TINY)
        assert found.shape == (len(texts), TINY.size)
        for text, row in zip(texts, found, strict=True):
            assert set(row.indices.tolist()) == set(TINY.features(text).row.tolist())

    @given(TEXTS)
    def test_with_power_one_each_block_averages(self, texts):
        levelled = scaled(presence(texts, TINY), TINY, 1.0)
        border = 1 << TINY.character_bits
        for block in (levelled[:, :border], levelled[:, border:]):
            for total in np.asarray(block.sum(axis=1)).ravel():
                assert total == pytest.approx(0.0) or total == pytest.approx(1.0, rel=1e-5)

    @given(TEXTS)
    def test_with_power_nought_nothing_changes(self, texts):
        found = presence(texts, TINY)
        assert (scaled(found, TINY, 0.0) != found).nnz == 0

    @pytest.mark.parametrize(
        ("text", "read"),
        [
            ("PLAIN", "plain"),
            ("don’t", "don’t"),
            ("ｗｉｄｅ", "wide"),
            ("zero\u200bwidth", "zerowidth"),
            ("two  blanks", "two blanks"),
            ("Straße", "strasse"),
            ("", ""),
        ],
    )
    def test_texts_are_read_as_people_read_them(self, text, read):
        assert read_text(text) == read
