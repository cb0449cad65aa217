"""A bundle says what it is, and nothing damaged or foreign is loaded."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import (
    FORMAT,
    MANIFEST,
    WEIGHTS,
    load_bundle,
    read_manifest,
    shipped_folder,
    write_bundle,
)
from belowline.engine.models.first_stage import FIRST_GRAPH
from belowline.engine.models.tokens import GRAPH, TOKENIZER

TENSORS = {"table": np.arange(12, dtype=np.int16).reshape(4, 3), "bias": np.array([0.5, -1.0, 2.0])}


@pytest.fixture
def folder(tmp_path):
    write(tmp_path / "model")
    return tmp_path / "model"


def write(folder, **changes):
    values = {
        "name": "tiny",
        "version": "tiny-1",
        "labels": ("a", "b", "c"),
        "parameters": {"power": 0.5},
        "tensors": TENSORS,
    }
    return write_bundle(folder, **(values | changes))


def change_manifest(folder, **changes):
    path = folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


class TestReading:
    def test_what_was_written_is_read(self, folder):
        bundle = load_bundle(folder)
        assert bundle.manifest.name == "tiny"
        assert bundle.manifest.version == "tiny-1"
        assert bundle.manifest.labels == ("a", "b", "c")
        assert bundle.manifest.parameters == {"power": 0.5}
        assert bundle.manifest.format == FORMAT
        tensors = bundle.tensors()
        assert tensors.keys() == TENSORS.keys()
        for name, array in TENSORS.items():
            assert tensors[name].dtype == array.dtype
            np.testing.assert_array_equal(tensors[name], array)

    def test_the_asked_version_is_read(self, folder):
        assert load_bundle(folder, version="tiny-1").manifest.version == "tiny-1"

    def test_another_version_is_refused_with_the_mend(self, folder):
        with pytest.raises(ModelError, match=r"has version tiny-1, but tiny-2 is needed; reinstall belowline"):
            load_bundle(folder, version="tiny-2")

    def test_same_input_gives_same_bytes(self, tmp_path):
        write(tmp_path / "one")
        write(tmp_path / "two", tensors=dict(reversed(TENSORS.items())))
        for name in (MANIFEST, WEIGHTS):
            assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()

    def test_a_folder_with_parents_is_made(self, tmp_path):
        write(tmp_path / "a" / "b" / "c")
        assert load_bundle(tmp_path / "a" / "b" / "c").manifest.name == "tiny"

    def test_arrays_in_other_memory_order_are_written_as_they_look(self, tmp_path):
        slanted = np.asfortranarray(TENSORS["table"])
        write(tmp_path, tensors={"table": slanted})
        np.testing.assert_array_equal(load_bundle(tmp_path).tensors()["table"], TENSORS["table"])

    @given(
        arrays.arrays(
            dtype=st.sampled_from([np.int8, np.int16, np.float32, np.float64]),
            shape=arrays.array_shapes(max_dims=2, max_side=6),
        )
    )
    def test_every_array_survives(self, tmp_path_factory, array):
        folder = tmp_path_factory.mktemp("model")
        write(folder, tensors={"x": array})
        np.testing.assert_array_equal(load_bundle(folder).tensors()["x"], array)


class TestDamage:
    @pytest.mark.parametrize("place", [0, 8, 40, -1], ids=["length", "header", "middle", "end"])
    def test_a_flipped_byte_is_found(self, folder, place):
        contents = bytearray((folder / WEIGHTS).read_bytes())
        contents[place] ^= 0xFF
        (folder / WEIGHTS).write_bytes(contents)
        with pytest.raises(ModelError, match=r"weights.safetensors in .* is damaged .*; reinstall belowline"):
            load_bundle(folder)

    def test_a_cut_file_is_found(self, folder):
        contents = (folder / WEIGHTS).read_bytes()
        (folder / WEIGHTS).write_bytes(contents[:-3])
        with pytest.raises(ModelError, match="is damaged"):
            load_bundle(folder)

    def test_a_missing_weights_file(self, folder):
        (folder / WEIGHTS).unlink()
        with pytest.raises(ModelError, match=r"weights.safetensors is missing from the model"):
            load_bundle(folder)

    def test_a_missing_manifest(self, folder):
        (folder / MANIFEST).unlink()
        with pytest.raises(ModelError, match=r"there is no model in .* \(manifest.json is missing\)"):
            load_bundle(folder)

    def test_a_missing_folder(self, tmp_path):
        with pytest.raises(ModelError, match="there is no model in"):
            load_bundle(tmp_path / "nowhere")

    @pytest.mark.parametrize(
        "text",
        ["", "{", "[]", '{"format": 1}', '{"format": "one", "name": 3}', "\xff"],
        ids=["empty", "open", "list", "lacking", "types", "letters"],
    )
    def test_a_damaged_manifest(self, folder, text):
        (folder / MANIFEST).write_text(text, "latin-1")
        with pytest.raises(ModelError, match=r"manifest.json in .* is damaged"):
            load_bundle(folder)

    def test_a_newer_format_names_both(self, folder):
        change_manifest(folder, format=FORMAT + 1)
        with pytest.raises(ModelError, match=rf"has format {FORMAT + 1}, and this release reads {FORMAT}"):
            load_bundle(folder)

    @pytest.mark.parametrize("name", ["../secret", "a/b", "..", ".", "", "a\\b", "/etc/hosts"])
    def test_files_outside_the_folder_are_refused(self, folder, name):
        change_manifest(folder, files={name: "0" * 64})
        with pytest.raises(ModelError, match="names a file outside its folder"):
            load_bundle(folder)

    def test_a_file_that_the_manifest_does_not_list(self, folder):
        with pytest.raises(ModelError, match=r"the model `tiny` has no file other.safetensors"):
            load_bundle(folder).tensors("other.safetensors")

    def test_weights_that_are_no_safetensors_file(self, folder):
        (folder / WEIGHTS).write_bytes(b"not a tensor")
        manifest = json.loads((folder / MANIFEST).read_text())
        import hashlib

        manifest["files"][WEIGHTS] = hashlib.sha256(b"not a tensor").hexdigest()
        (folder / MANIFEST).write_text(json.dumps(manifest))
        bundle = load_bundle(folder)
        with pytest.raises(ModelError, match=r"weights.safetensors of the model `tiny` cannot be read"):
            bundle.tensors()

    def test_every_message_carries_the_stable_code(self, tmp_path):
        with pytest.raises(ModelError) as caught:
            load_bundle(tmp_path)
        assert caught.value.code == "model_unusable"


class TestShipped:
    def test_an_unknown_name_says_where_it_looked(self):
        with pytest.raises(ModelError, match="no_such_model"):
            load_bundle("no_such_model")

    def test_the_abuse_model_is_shipped_and_sound(self):
        bundle = load_bundle("abuse")
        assert bundle.manifest.name == "abuse"
        assert bundle.manifest.files.keys() == {WEIGHTS, FIRST_GRAPH, GRAPH, TOKENIZER}

    def test_the_abuse_model_has_a_card(self):
        card = shipped_folder("abuse").joinpath("README.md").read_text("utf-8")
        manifest = read_manifest(shipped_folder("abuse"))
        assert manifest.version in card
        for source in manifest.parameters["notes"]["sources"]:
            assert source in card

    def test_the_first_stage_is_small(self):
        assert len(load_bundle("abuse").contents[FIRST_GRAPH]) <= 5e6

    def test_all_weights_together_are_small(self):
        folder = Path(str(shipped_folder("abuse"))).parent
        assert sum(path.stat().st_size for path in folder.rglob("*")) <= 60e6
