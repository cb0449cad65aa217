"""Measuring: labels that rows do not carry are left out, and the command prints tables or JSON."""

import gzip
import json

import numpy as np
import pytest
from tiny_words import save_words

from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.signals.abuse import AbuseSignal
from belowline.lab.datasets import Row
from belowline.lab.evaluate import evaluate_rows, main, score_rows

TINY = Hasher(10, 10)


@pytest.fixture
def model():
    table = np.zeros((TINY.size, len(ABUSE_SCORES)), dtype=np.int16)
    table[np.unique(TINY.features("nitwit").row)] = 10
    return HashedModel(
        labels=ABUSE_SCORES,
        hasher=TINY,
        table=table,
        scale=np.full(8, 0.1),
        bias=np.full(8, -2.0),
        power=0.4,
        blend=0.6,
    )


def row(text, **labels):
    return Row(id="x", text=text, labels=labels, source="made")


ROWS = [
    row("you nitwit", insult=0.9, toxicity=0.7),
    row("nitwit!", insult=0.5),
    row("a fine budget", insult=0.2, toxicity=0.0),
    row("the council", threat=0.0),
]


def test_scores_come_in_the_order_of_the_rows(model):
    scores = score_rows(AbuseSignal(model), ROWS)
    assert scores.keys() == set(ABUSE_SCORES)
    insults = scores["insult"]
    assert insults.shape == (4,)
    assert min(insults[:2]) > max(insults[2:])


def test_only_labels_with_both_answers_are_measured(model):
    results = evaluate_rows("made", ROWS, score_rows(AbuseSignal(model), ROWS), resamples=5)
    assert [(result.label, result.rows) for result in results] == [("toxicity", 2), ("insult", 3)]


def test_half_of_the_raters_are_enough(model):
    results = evaluate_rows("made", ROWS, score_rows(AbuseSignal(model), ROWS), resamples=5)
    assert results[1].positive == pytest.approx(2 / 3)
    assert results[1].auroc.value == 1.0
    assert results[1].average_precision.value == pytest.approx(1.0)


def test_no_rows_no_results(model):
    assert evaluate_rows("made", [], {"insult": np.zeros(0)}) == []


class TestCommand:
    @pytest.fixture
    def arguments(self, tmp_path, model):
        save_words(model, tmp_path / "model")
        lines = [json.dumps({"id": found.id, "text": found.text, "labels": found.labels}) for found in ROWS]
        (tmp_path / "made.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
        return ["abuse", str(tmp_path / "made.jsonl.gz"), "--model", str(tmp_path / "model"), "--resamples", "5"]

    def test_json(self, arguments, capsys):
        main([*arguments, "--json"])
        results = json.loads(capsys.readouterr().out)
        assert [result["label"] for result in results] == ["toxicity", "insult"]
        assert results[0]["file"] == "made"
        assert set(results[0]["auroc"]) == {"value", "low", "high"}
        assert results[0]["thresholds"][0].keys() == {
            "threshold",
            "flagged",
            "precision",
            "recall",
            "false_alarms",
        }

    def test_tables(self, arguments, capsys, monkeypatch):
        monkeypatch.setenv("COLUMNS", "160")
        main(arguments)
        out = capsys.readouterr().out
        assert "AUROC" in out
        assert "insult" in out
        assert "false alarms" in out

    def test_an_unknown_signal_is_refused(self, capsys):
        with pytest.raises(SystemExit):
            main(["weather", "x.jsonl.gz"])
        assert "invalid choice" in capsys.readouterr().err
