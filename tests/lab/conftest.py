"""A signal whose scores stand in the text, and files that are written for one test."""

import csv
import gzip
import json

import numpy as np
import pytest

from belowline.engine.decision import Score
from belowline.engine.policy import ABUSE_SCORES


class ReadOut:
    """Gives the scores that a text begins with: `0.2/0.7 words` has toxicity .2 and identity_attack .7."""

    scores, version = ABUSE_SCORES, "read-out-1"

    def __init__(self):
        self.asked = []

    def measure(self, prepared):
        text = prepared.submission.text
        self.asked.append(text)
        if text.startswith("unread"):
            return {"toxicity": Score.unchecked("error")}
        toxicity, _, attack = text.split()[0].partition("/")
        values = {"toxicity": float(toxicity), "identity_attack": float(attack or 0)}
        return {name: Score(value=values.get(name, 0.0)) for name in self.scores}


@pytest.fixture
def signal():
    return ReadOut()


@pytest.fixture
def write(tmp_path):
    """Write rows as JSON lines or CSV, by the name; a name that ends in .gz is packed."""

    def call(name, rows, columns=("functionality", "test_case", "label_gold", "target_ident")):
        path = tmp_path / name
        if ".csv" in name:
            with path.open("w", newline="", encoding="utf-8") as target:
                csv.writer(target).writerows([columns, *rows])
        else:
            path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
        if name.endswith(".gz"):
            path.write_bytes(gzip.compress(path.read_bytes()))
        return path

    return call


def template_row(text, toxicity, identity, template="t1"):
    extra = {"template": template} | ({"identity": identity} if identity else {})
    return {"text": text, "labels": {"toxicity": toxicity}, "extra": extra}


@pytest.fixture
def template_rows():
    """Ten sentences: four name the Frisians, two the Sorbs (by another template), four nobody."""
    return [
        template_row("0.8 frisian", 1, "frisian"),
        template_row("0.4 frisian", 1.0, "frisian"),
        template_row("0.7 frisian", 0, "frisian"),
        template_row("0.2 frisian", 0, "frisian"),
        template_row("0.9 nobody", 1, None),
        template_row("0.95 nobody", 1, None),
        template_row("0.5 nobody", 0, None),
        template_row("0.45 nobody", 0, None),
        template_row("0.99 sorb", 1, "sorb", "t2"),
        template_row("0.01 sorb", 0, "sorb", "t2"),
    ]


@pytest.fixture
def suite_rows():
    """Seven cases of three functionalities; one is right by identity_attack alone, three are wrong."""
    return [
        ("derog_h", "0.9/0.1 a", "hateful", "women"),
        ("derog_h", "0.2/0.7 b", "hateful", "Sorbs"),
        ("derog_h", "0.2/0.3 c", "hateful", "Sorbs"),
        ("neutral_nh", "0.1/0.1 d", "non-hateful", "women"),
        ("neutral_nh", "0.1/0.5 e", "non-hateful", "women"),
        ("neutral_nh", "0.49/0.2 f", "non-hateful", "Sorbs"),
        ("object_nh", "0.8/0.2 g", "non-hateful", ""),
    ]


@pytest.fixture
def tiny_sizes(monkeypatch):
    """Make encoders of PyTorch as small as the tiny base."""
    from tiny_base import LAYERS, SIZES

    from belowline.lab import minilm, train_encoder

    for name, size in SIZES.items():
        monkeypatch.setattr(minilm, name, size)
    monkeypatch.setattr(train_encoder, "LAYERS", LAYERS)


@pytest.fixture
def net(tiny_sizes, tmp_path):
    """Return an encoder of PyTorch with the tiny base's weights, and heads drawn at random."""
    import torch
    from tiny_base import SIZES, lay_out_base

    from belowline.lab.encoder_rows import SPAN_TYPES
    from belowline.lab.minilm import load_base

    torch.manual_seed(0)
    extra = np.zeros((0, SIZES["WIDTH"]), dtype=np.float32)
    return load_base(lay_out_base(tmp_path / "base"), extra, labels=len(ABUSE_SCORES), marks=len(SPAN_TYPES))
