"""Reliability on a handful of rows, against figures worked out by hand."""

import pytest

from belowline.lab.audit_files import FileError
from belowline.lab.reliability import measure_files


def row(text, **labels):
    return {"id": text, "text": text, "labels": labels}


ROWS = [
    row("0.05 a", toxicity=0.0),
    row("0.15 b", toxicity=1.0),
    row("0.95 c", toxicity=1.0, identity_attack=0.5),
    row("0.85 d", toxicity=0.5),
    row("0.5 e", humour=1.0),
]


def test_only_labels_that_the_file_and_the_model_have(signal, write):
    (found,) = measure_files(signal, [write("made.jsonl.gz", ROWS)]).files
    assert (found.file, found.rows) == ("made.jsonl.gz", 5)
    assert [(one.label, one.rows) for one in found.labels] == [("toxicity", 4), ("identity_attack", 1)]


def test_the_error_by_hand(signal, write):
    report = measure_files(signal, [write("made.jsonl", ROWS)], bins=2)
    toxicity, attack = report.files[0].labels
    assert (report.model, report.bins) == ("read-out-1", 2)
    assert toxicity.ece == pytest.approx((2 * 0.4 + 2 * 0.15) / 4)
    assert (toxicity.target, toxicity.score) == (0.625, pytest.approx(0.5))
    assert [one.rows for one in toxicity.bins] == [2, 2]
    assert attack.ece == pytest.approx(0.5)


def test_each_distinct_text_is_scored_once(signal, write):
    measure_files(signal, [write("one.jsonl", ROWS * 2), write("two.jsonl", ROWS)])
    assert len(signal.asked) == len(ROWS)


def test_a_damaged_file_is_refused(signal, write):
    with pytest.raises(FileError, match="line 1"):
        measure_files(signal, [write("made.jsonl", [{"text": "words"}])])
