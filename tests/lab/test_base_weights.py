"""A published model is read under our own names; another kind is refused."""

import numpy as np
import pytest
from huggingface_hub import constants
from safetensors.numpy import save_file
from tiny_base import LAYERS, WIDTH, base_weights, lay_out_base

from belowline.lab import base_weights as module
from belowline.lab.base_weights import PUBLIC_ID, TUNED, base_folder, read_base


def test_every_weight_has_our_name(tmp_path):
    given, found = base_weights(), read_base(lay_out_base(tmp_path), width=WIDTH, layers=LAYERS)

    assert sum(name.endswith(".qkv.weight") for name in found) == LAYERS
    np.testing.assert_array_equal(found["words.weight"], given["embeddings.word_embeddings.weight"])
    key = given["encoder.layer.1.attention.self.key.weight"]
    np.testing.assert_array_equal(found["layers.1.qkv.weight"][WIDTH : 2 * WIDTH], key)
    places = given["embeddings.position_embeddings.weight"] + given["embeddings.token_type_embeddings.weight"][0]
    np.testing.assert_array_equal(found["places.weight"], places)


@pytest.mark.parametrize(("width", "layers"), [(WIDTH + 1, LAYERS), (WIDTH, LAYERS + 1)])
def test_a_model_of_another_shape_is_refused(tmp_path, width, layers):
    with pytest.raises(ValueError, match="all-MiniLM-L6-v2 is needed"):
        read_base(lay_out_base(tmp_path), width=width, layers=layers)


def test_a_missing_file(tmp_path):
    with pytest.raises(OSError, match=r"model\.safetensors|No such file"):
        read_base(tmp_path)


def test_what_was_taught_here_is_read_as_it_is(tmp_path):
    save_file({"words.weight": np.ones((2, 3), np.float32)}, tmp_path / TUNED)

    assert read_base(tmp_path).keys() == {"words.weight"}


class TestFolder:
    def test_one_that_is_there(self, tmp_path, monkeypatch):
        monkeypatch.setattr(module.huggingface_hub, "snapshot_download", None)
        assert base_folder(str(tmp_path)) == tmp_path

    def test_a_public_id_is_fetched_without_what_is_not_read(self, tmp_path, monkeypatch):
        asked = []

        def fetch(name, *, allow_patterns):
            asked.append((name, sorted(allow_patterns)))
            return str(lay_out_base(tmp_path))

        monkeypatch.setattr(module.huggingface_hub, "snapshot_download", fetch)
        assert read_base(base_folder(PUBLIC_ID), width=WIDTH, layers=LAYERS)
        assert asked == [(PUBLIC_ID, ["model.safetensors", "tokenizer.json"])]

    @pytest.mark.parametrize("name", ["somebody/no-such-model", "/no/such folder"])
    def test_a_name_of_nothing_says_what_to_give(self, name, monkeypatch, tmp_path):
        monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
        with pytest.raises(FileNotFoundError, match=f"`{name}` is no folder.*{PUBLIC_ID}"):
            base_folder(name)
