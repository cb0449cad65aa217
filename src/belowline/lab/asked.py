"""What the encoder says about rows that it learned from: the first stage learns from it which comments need it.

Distilling a costly model into the question whether it is worth asking; after Viola and Jones 2001 (CVPR), whose early
stages are trained on what the later ones decide.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from belowline.engine.models.cascade import ABUSIVE, KINDS, MOST_WINDOWS
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.hashed import sigmoid
from belowline.engine.text.normalise import normalise
from belowline.lab.datasets import LABELS, Row
from belowline.lab.recipe import DOUBT_WEIGHTS, MOST_ASKED, ORDINARY

_encoder: Encoder


def likely_abuse(rows: Sequence[Row], graph: bytes, tokenizer: bytes) -> NDArray[np.float64]:
    """Return how likely the encoder finds any abusive label in each row, in [0, 1]; nan for rows that it did not read.

    It reads all rows of ordinary sources, and of every other at most MOST_ASKED, evenly spread, in as many processes as
    there are cores.
    """
    said = np.full(len(rows), np.nan)
    places = choose(rows)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_load, initargs=(graph, tokenizer)) as pool:
        said[places] = list(pool.map(_read, (rows[place].text for place in places), chunksize=200))
    return said


def choose(rows: Sequence[Row]) -> list[int]:
    """Return the places of the rows to be read, in order."""
    places = sorted(
        (place for place, row in enumerate(rows) if row.source in DOUBT_WEIGHTS), key=lambda at: rows[at].source
    )
    chosen: list[int] = []
    for source, found in groupby(places, key=lambda at: rows[at].source):
        here = list(found)
        step = 1 if source in ORDINARY else -(-len(here) // MOST_ASKED)
        chosen += here[::step]
    return sorted(chosen)


def _load(graph: bytes, tokenizer: bytes) -> None:
    global _encoder  # noqa: PLW0603 - one for each process
    _encoder = Encoder(graph, tokenizer, labels=len(LABELS), kinds=len(KINDS))


def _read(text: str) -> float:
    windows = _encoder.windows(normalise(text).text)[:MOST_WINDOWS]
    return float(max(sigmoid(found.logits[:ABUSIVE]).max() for found in _encoder.read(windows)))
