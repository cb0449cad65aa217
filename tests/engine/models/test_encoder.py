"""The encoder: windows that cover every token, values that do not depend on company, and clear errors."""

import numpy as np
import onnx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import load_bundle, write_bundle
from belowline.engine.models.cascade import KINDS
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.tokens import GRAPH, LAST_WHOLE, TOKENIZER, WINDOW
from belowline.engine.policy import ABUSE_SCORES


@pytest.fixture(scope="module")
def encoder(encoder_files):
    return Encoder(*encoder_files, labels=len(ABUSE_SCORES), kinds=len(KINDS))


class TestWindows:
    @pytest.mark.parametrize("count", [0, 1, WINDOW, LAST_WHOLE])
    def test_what_fits_is_one_window(self, encoder, count):
        (window,) = encoder.windows("word " * count)
        assert len(window.ids) == count + 2

    @pytest.mark.parametrize("count", [LAST_WHOLE + 1, 300, 777])
    def test_long_texts_are_covered_by_overlapping_windows(self, encoder, count):
        text = "word " * count
        windows = encoder.windows(text)
        covered = np.zeros(count, dtype=int)
        for window in windows:
            assert len(window.ids) <= WINDOW + 2
            covered[window.starts // 5] += 1
        assert covered.min() == 1
        assert covered.max() == 2

    def test_passages_are_offsets_into_the_text(self, encoder):
        text = "The bridge 🐷 is unhappy."
        (window,) = encoder.windows(text)
        pieces = [text[start:end] for start, end in zip(window.starts, window.ends, strict=True)]
        assert pieces == ["The", "bridge", "🐷", "is", "un", "happy", "."]
        assert text[window.passage] == text

    @given(st.text(max_size=80))
    def test_any_text(self, encoder, text):
        for window in encoder.windows(text):
            assert all(0 <= start <= end <= len(text) for start, end in zip(window.starts, window.ends, strict=True))


class TestValues:
    def test_shapes_and_ranges(self, encoder):
        windows = encoder.windows("you idiot")
        (found,) = encoder.read(windows)
        assert found.logits.shape == (len(ABUSE_SCORES),)
        assert found.marks.shape == (2, len(KINDS))
        assert ((found.marks >= 0) & (found.marks <= 1)).all()
        assert found.pooled.shape == (encoder.pooled_width,) == (2 * 16,)

    def test_an_empty_text_has_values_too(self, encoder):
        (found,) = encoder.read(encoder.windows(""))
        assert np.isfinite(found.logits).all()
        assert found.marks.shape == (0, len(KINDS))

    def test_company_changes_nothing(self, encoder):
        texts = ["you idiot", "the bridge is unhappy . " * 9, "word"]
        together = encoder.read([encoder.windows(text)[0] for text in texts])
        for text, found in zip(texts, together, strict=True):
            (alone,) = encoder.read(encoder.windows(text))
            for one, other in zip(found, alone, strict=True):
                np.testing.assert_array_equal(one, other)

    def test_the_same_again_is_the_same(self, encoder):
        windows = encoder.windows("you idiot")
        np.testing.assert_array_equal(encoder.read(windows)[0].logits, encoder.read(windows)[0].logits)


class TestDamage:
    def bundle(self, folder, files, labels=ABUSE_SCORES):
        write_bundle(folder, name="abuse", version="v", labels=labels, parameters={}, tensors={}, others=files)
        return load_bundle(folder)

    def test_a_bundle_gives_the_same_encoder(self, encoder, encoder_files, tmp_path):
        bundle = self.bundle(tmp_path, dict(zip((GRAPH, TOKENIZER), encoder_files, strict=True)))
        again = Encoder.from_bundle(bundle, labels=len(ABUSE_SCORES), kinds=len(KINDS))
        windows = encoder.windows("you idiot")
        np.testing.assert_array_equal(again.read(windows)[0].logits, encoder.read(windows)[0].logits)

    @pytest.mark.parametrize("missing", [GRAPH, TOKENIZER])
    def test_a_missing_file(self, encoder_files, tmp_path, missing):
        files = dict(zip((GRAPH, TOKENIZER), encoder_files, strict=True))
        del files[missing]
        with pytest.raises(ModelError, match=f"no file {missing}; reinstall"):
            Encoder.from_bundle(self.bundle(tmp_path, files), labels=len(ABUSE_SCORES), kinds=len(KINDS))

    @pytest.mark.parametrize("broken", [0, 1], ids=["graph", "tokenizer"])
    def test_a_broken_file(self, encoder_files, broken):
        files = list(encoder_files)
        files[broken] = files[broken][:100]
        with pytest.raises(ModelError, match="cannot be read"):
            Encoder(*files, labels=len(ABUSE_SCORES), kinds=len(KINDS))

    def test_other_labels_are_refused(self, encoder_files):
        with pytest.raises(ModelError, match=r"gives \[8, 5, 32\] values, and \[3, 5\] and more are needed"):
            Encoder(*encoder_files, labels=3, kinds=len(KINDS))

    def test_a_graph_without_the_vector_is_refused(self, encoder_files):
        model = onnx.load_from_string(encoder_files[0])
        del model.graph.output[2]
        with pytest.raises(ModelError, match=r"gives \[8, 5\] values"):
            Encoder(model.SerializeToString(), encoder_files[1], labels=len(ABUSE_SCORES), kinds=len(KINDS))

    def test_a_foreign_tokenizer_is_refused(self, encoder_files):
        foreign = encoder_files[1].replace(b"[CLS]", b"[XXX]")
        with pytest.raises(ModelError, match=r"lacks \[CLS\] or \[SEP\]"):
            Encoder(encoder_files[0], foreign, labels=len(ABUSE_SCORES), kinds=len(KINDS))
