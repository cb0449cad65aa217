"""Versions: an old model beside the new one, each under its number; a damaged one harms nobody."""

import json
import logging
import shutil

import numpy as np
import pytest
from safetensors.numpy import load, save

from belowline.compat.perspective.versions import SHIPPED, Version, versions
from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import _digest, shipped_folder

RUDE = "You are a complete idiot and everybody in this town knows it."


@pytest.fixture
def folder(settings, tmp_path):
    """The folder of the older versions; the versions of this process are those of this test."""
    settings.MODELS_DIR = tmp_path / "models"
    settings.MODELS_DIR.mkdir()
    versions.cache_clear()
    yield settings.MODELS_DIR
    versions.cache_clear()


@pytest.fixture
def write(folder):
    """Write another version: the shipped model with another bias."""

    def make(number, bias=-6.0):
        for name in ("abuse", "perspective"):
            shutil.copytree(shipped_folder(name), folder / str(number) / name)
        place = folder / str(number) / "abuse"
        tensors = load((place / "weights.safetensors").read_bytes())
        [name] = [name for name, values in tensors.items() if "bias" in name or "intercept" in name][:1]
        tensors[name] = (tensors[name] + bias).astype(tensors[name].dtype)
        contents = save({key: np.ascontiguousarray(values) for key, values in sorted(tensors.items())})
        (place / "weights.safetensors").write_bytes(contents)
        manifest = json.loads((place / "manifest.json").read_text("utf-8"))
        manifest["files"]["weights.safetensors"] = _digest(contents)
        (place / "manifest.json").write_text(json.dumps(manifest), "utf-8")
        return folder / str(number)

    return make


def test_two_versions_side_by_side(write, score):
    write(2)
    found = score(RUDE, "TOXICITY", "TOXICITY@1", "TOXICITY@2", "INSULT@2")

    assert list(found) == ["TOXICITY", "TOXICITY@1", "TOXICITY@2", "INSULT@2"]
    assert found["TOXICITY"] == found["TOXICITY@1"]
    assert found["TOXICITY@2"] < found["TOXICITY@1"] - 0.05


def test_a_pinned_version_stays_what_it_was(write, score):
    write(2)

    assert score(RUDE, "TOXICITY@2") == score(RUDE, "TOXICITY@2")
    assert score(RUDE, f"TOXICITY@{SHIPPED}")[f"TOXICITY@{SHIPPED}"] == score(RUDE, "TOXICITY")["TOXICITY"]


def test_a_version_that_is_put_there_later_is_found(write, call, request_of):
    assert call(request_of(RUDE, "TOXICITY@7")).status_code == 400
    write(7)

    assert call(request_of(RUDE, "TOXICITY@7")).status_code == 200


@pytest.mark.parametrize("name", ["TOXICITY@9", "TOXICITY@0", "TOXICITY@99999"])
def test_a_version_that_is_not_there(folder, call, request_of, message_of, name):
    assert message_of(call(request_of(RUDE, name))) == f"Unknown requested attribute: {name}"


def test_off_topic_of_an_older_version(write, score):
    shutil.copytree(shipped_folder("topic"), write(2) / "topic")
    context = {"entries": [{"text": "Harbour bridge\nThe harbour bridge stays open, the council says."}]}
    found = score("The council keeps the harbour bridge open for us.", "OFF_TOPIC@2", "TOXICITY@2", context=context)

    assert set(found) == {"OFF_TOPIC@2", "TOXICITY@2"}


def forget_a_file(place):
    (place / "abuse" / "weights.safetensors").unlink()


def cut_a_file(place):
    file = place / "abuse" / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:-10])


def damage_a_manifest(place):
    (place / "perspective" / "manifest.json").write_text("{", "utf-8")


def forget_the_scale(place):
    shutil.rmtree(place / "perspective")


def take_another_scale(place):
    file = place / "perspective" / "manifest.json"
    manifest = json.loads(file.read_text("utf-8"))
    manifest["parameters"]["model"] = "abuse-linear-0"
    file.write_text(json.dumps(manifest), "utf-8")


DAMAGES = [forget_a_file, cut_a_file, damage_a_manifest, forget_the_scale, take_another_scale]


@pytest.mark.parametrize("damage", DAMAGES, ids=[one.__name__ for one in DAMAGES])
def test_a_damaged_version(write, call, request_of, caplog, damage):
    damage(write(2))
    caplog.set_level(logging.ERROR)
    error = call(request_of(RUDE, "TOXICITY@2")).json()["error"]

    assert error["message"] == "Unknown requested attribute: TOXICITY@2"
    assert "version 2 cannot be served" in caplog.text
    assert call(request_of(RUDE, "TOXICITY")).status_code == 200


def test_a_damaged_version_is_read_once(write, call, request_of, caplog):
    cut_a_file(write(2))
    for _ in range(3):
        call(request_of(RUDE, "TOXICITY@2"))

    assert caplog.text.count("version 2 cannot be served") == 1


def test_a_file_is_no_version(folder, call, request_of):
    (folder / "3").write_text("", "utf-8")

    assert call(request_of(RUDE, "TOXICITY@3")).status_code == 400


def test_a_scale_made_for_another_model_is_refused(write):
    place = write(2)
    take_another_scale(place)

    with pytest.raises(ModelError, match="abuse-linear-0"):
        Version.load(2, place)


def call_it_older(place):
    """Give a version the names that models of an earlier release have."""
    for part, change in (("abuse", {"version": "abuse-linear-0"}), ("perspective", {})):
        file = place / part / "manifest.json"
        manifest = json.loads(file.read_text("utf-8")) | change
        if part == "perspective":
            manifest["parameters"]["model"] = "abuse-linear-0"
        file.write_text(json.dumps(manifest), "utf-8")


def test_a_model_of_an_earlier_release_is_served(write, call, request_of):
    call_it_older(write(2))

    assert call(request_of(RUDE, "TOXICITY@2")).status_code == 200


def test_a_version_has_a_topic_model_of_its_own(write, call, request_of):
    place = write(2) / "topic"
    shutil.copytree(shipped_folder("topic"), place)
    (place / "manifest.json").write_text("{", "utf-8")
    context = {"entries": [{"text": "Harbour bridge\nThe harbour bridge stays open, the council says."}]}

    assert call(request_of(RUDE, "OFF_TOPIC@2", context=context)).status_code == 400
