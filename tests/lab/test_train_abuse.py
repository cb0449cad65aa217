"""Putting the abuse model together: a bundle that loads, names its sources, and has the same bytes again."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from tiny_base import SIZES, lay_out_base
from tiny_data import lay_out
from tiny_encoder import HEADS, tiny_first, tiny_tokenizer, tiny_weights

from belowline.engine.models import bundle as bundles
from belowline.engine.models.bundle import load_bundle
from belowline.engine.models.hashed import Hasher
from belowline.engine.policy import Settings as PolicySettings
from belowline.engine.signals.abuse import VERSION, AbuseSignal
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission
from belowline.lab import train_abuse
from belowline.lab.heads import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def arguments(tmp_path, monkeypatch):
    """Lay out a data folder and an encoder, and make training quick."""
    lay_out(tmp_path / "data", count=60)
    folder = tmp_path / "encoder"
    folder.mkdir()
    save_file(tiny_weights(), folder / "encoder.safetensors")
    tiny_tokenizer().save(str(folder / "tokenizer.json"))
    (folder / "training.json").write_text(json.dumps({"seed": 0}))
    monkeypatch.setattr(train_abuse, "Hasher", lambda: Hasher(10, 10))
    monkeypatch.setattr(train_abuse, "Settings", lambda: Settings(iterations=20))
    monkeypatch.setattr(train_abuse, "HEADS", HEADS)
    monkeypatch.setattr(train_abuse, "first_graph", lambda *_, **__: tiny_first())  # the real one needs PyTorch
    monkeypatch.setattr("belowline.lab.encoder_rows.material_rows", lambda **_: [])
    return ["--data", str(tmp_path / "data"), "--encoder", str(folder)]


@pytest.mark.parametrize("only", [[], ["--only", "green"]], ids=["all", "green"])
def test_it_writes_a_bundle_that_judges_and_names_its_sources(arguments, tmp_path, only, capsys):
    train_abuse.main([*arguments, "--out", str(tmp_path / "out"), *only])
    assert f"abuse {VERSION}" in capsys.readouterr().out
    notes = load_bundle(tmp_path / "out").manifest.parameters["notes"]
    assert ("jigsaw_wikipedia" in notes["sources"]) is not bool(only)
    assert notes["encoder"] == {"seed": 0}
    signal = AbuseSignal.load(tmp_path / "out")
    assert signal.cascade is not None
    found = {
        text: signal.measure(Prepared(Submission(text=text, language="en"), PolicySettings()))["insult"].value
        for text in ("you are an idiot", "the bridge is unhappy .")
    }
    assert found["you are an idiot"] > found["the bridge is unhappy ."]


def test_same_input_same_bytes(arguments, tmp_path, capsys):
    for name in ("one", "two"):
        train_abuse.main([*arguments, "--out", str(tmp_path / name)])
    for file in (bundles.MANIFEST, bundles.WEIGHTS, "encoder.onnx", "first.onnx"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_what_is_fitted_does_not_depend_on_the_shipped_model(arguments, tmp_path, capsys):
    train_abuse.main([*arguments, "--out", str(tmp_path / "out")])
    table = load_bundle(tmp_path / "out").tensors()["table"]
    assert table.shape == (2 << 10, 8)
    assert np.abs(table).max() > 0


def test_with_a_base_it_trains_the_encoder_first(arguments, request, tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch")
    from belowline.lab import train_encoder

    request.getfixturevalue("tiny_sizes")
    for name in ("TEACHER", "STUDENT"):
        monkeypatch.setattr(train_encoder, name, getattr(train_encoder, name)._replace(rows=64))
    monkeypatch.setattr(train_abuse, "HEADS", SIZES["HEADS"])
    made = tmp_path / "made"
    given = ["--data", arguments[1], "--base", str(lay_out_base(tmp_path / "base")), "--encoder", str(made)]
    train_abuse.main([*given, "--out", str(tmp_path / "out"), "--only", "green", "--seed", "3"])
    notes = load_bundle(tmp_path / "out").manifest.parameters["notes"]
    assert notes["encoder"] == json.loads((made / "training.json").read_text("utf-8"))
    assert (notes["encoder"]["only"], notes["encoder"]["seed"]) == ("green", 3)
    assert "jigsaw_wikipedia" not in notes["sources"]
