"""The areas of an encoder alone are those that counting pairs gives, of the rows that were asked for."""

import gzip
import json
from itertools import product

import pytest
from safetensors.numpy import save_file
from tiny_data import tiny_rows
from tiny_encoder import HEADS, tiny_tokenizer, tiny_weights

from belowline.engine.models.cascade import KINDS
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.tokens import GRAPH, TOKENIZER
from belowline.lab import train_abuse
from belowline.lab.datasets import LABELS
from belowline.lab.encoder_quality import main
from belowline.lab.quality import WANTED
from belowline.lab.train_abuse import encoder_files

ROWS = [*tiny_rows("jigsaw_wikipedia", 30), {"id": "long", "text": "the word is a bridge . " * 60, "labels": {}}]


@pytest.fixture
def folders(tmp_path, monkeypatch):
    """Lay out the test files and a tiny encoder; the long row insults."""
    monkeypatch.setattr(train_abuse, "HEADS", HEADS)
    rows = [row | {"labels": row["labels"] or dict.fromkeys(LABELS[:6], 1.0)} for row in ROWS]
    (tmp_path / "test/abuse").mkdir(parents=True)
    for name, _ in WANTED:
        lines = "\n".join(json.dumps(row) for row in [*rows, {"id": "bare", "text": "the bridge", "labels": {}}])
        (tmp_path / f"test/abuse/{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    save_file(tiny_weights(), tmp_path / "encoder.safetensors")
    tiny_tokenizer().save(str(tmp_path / "tokenizer.json"))
    return ["--data", str(tmp_path), "--encoder", str(tmp_path)], tmp_path, rows


def counted(folder, rows, label):
    files = encoder_files(folder)
    encoder = Encoder(files[GRAPH], files[TOKENIZER], labels=len(LABELS), kinds=len(KINDS))
    scores = {True: [], False: []}
    for row in rows:
        read = encoder.read(encoder.windows(row["text"])[:4])
        scores[row["labels"][label] == 1].append(max(one.logits[LABELS.index(label)] for one in read))
    pairs = [(bad > good) + (bad == good) / 2 for bad, good in product(scores[True], scores[False])]
    return sum(pairs) / len(pairs)


def test_every_file_with_the_area_that_pairs_give(folders, capsys):
    arguments, folder, rows = folders

    main(arguments)

    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{name}, {label}, 31 rows: {counted(folder, rows, label):.3f}" for name, label in WANTED]


def test_fewer_rows_are_spread_over_the_file(folders, capsys):
    arguments, folder, rows = folders

    main([*arguments, "--most", "6"])

    chosen = [rows[place] for place in (0, 6, 12, 18, 24, 30)]
    lines = capsys.readouterr().out.splitlines()
    assert lines == [f"{name}, {label}, 6 rows: {counted(folder, chosen, label):.3f}" for name, label in WANTED]


def test_a_file_that_is_missing(folders):
    arguments, folder, _ = folders
    (folder / "encoder.safetensors").unlink()

    with pytest.raises(OSError, match=r"encoder\.safetensors"):
        main(arguments)
