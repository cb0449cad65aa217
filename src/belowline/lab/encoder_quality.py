"""How well an encoder alone does: `python -m belowline.lab.encoder_quality --data DIR --encoder DIR [--most ROWS]`.

Prints the area under the ROC curve on the test files, without first stage and curves. So encoders of trials are
compared, such as one that learned from the green sets alone, before a bundle is made of any of them.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from belowline.engine.models.cascade import KINDS, MOST_WINDOWS
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.tokens import GRAPH, TOKENIZER
from belowline.engine.text.normalise import normalise
from belowline.lab.datasets import LABELS, Row, read_rows
from belowline.lab.metrics import auroc
from belowline.lab.quality import WANTED
from belowline.lab.suites import MAJORITY
from belowline.lab.train_abuse import encoder_files


def area(encoder: Encoder, rows: Sequence[Row], label: str) -> float:
    """Return the area under the ROC curve of a label's logit, in [0, 1]: the highest of the first MOST_WINDOWS windows.

    Raises:
        ValueError: the rows do not have both answers. KeyError: one lacks the label.
    """
    at = LABELS.index(label)
    logits = [
        max(found.logits[at] for found in encoder.read(encoder.windows(normalise(row.text).text)[:MOST_WINDOWS]))
        for row in rows
    ]
    return float(auroc(np.array([row.labels[label] >= MAJORITY for row in rows]), np.array(logits)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.encoder_quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with test/")
    parser.add_argument("--encoder", type=Path, required=True, help="what belowline.lab.train_encoder wrote")
    parser.add_argument("--most", type=int, help="at most so many rows of each file, evenly spread over it")
    given = parser.parse_args(arguments)
    files = encoder_files(given.encoder)
    encoder = Encoder(files[GRAPH], files[TOKENIZER], labels=len(LABELS), kinds=len(KINDS))
    for name, label in WANTED:
        rows = [row for row in read_rows(given.data / f"test/abuse/{name}.jsonl.gz") if label in row.labels]
        if given.most and len(rows) > given.most:
            rows = [rows[place] for place in np.linspace(0, len(rows) - 1, given.most).astype(int).tolist()]
        print(f"{name}, {label}, {len(rows)} rows: {area(encoder, rows, label):.3f}", flush=True)


if __name__ == "__main__":
    main()
