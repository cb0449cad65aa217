"""What the encoder says about rows that it learned from: the first stage learns from it to say the same.

A cheap stage that guesses what a costly one would say; after Viola and Jones 2001 (CVPR), whose early stages are
trained on what the later ones decide.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.models.cascade import KINDS, MOST_WINDOWS
from belowline.engine.models.encoder import Encoder
from belowline.engine.text.normalise import normalise
from belowline.lab.datasets import LABELS, Row
from belowline.lab.recipe import ASKED_WEIGHTS, MOST_ASKED, ORDINARY

_encoder: Encoder


class Asked(NamedTuple):
    """Windows that the encoder read, and what it said."""

    ids: list[NDArray[np.int64]]
    """The word pieces of each window, with the marks at both ends."""
    logits: NDArray[np.float32]
    """Shape (windows, labels)."""
    source: NDArray[np.str_]
    """Where the row of each window is from."""


def ask(rows: Sequence[Row], graph: bytes, tokenizer: bytes) -> Asked:
    """Let the encoder read rows, in as many processes as there are cores.

    It reads all rows of ordinary sources, and of every other at most MOST_ASKED, evenly spread; of each row at most
    MOST_WINDOWS windows.
    """
    places = choose(rows)
    with ProcessPoolExecutor(os.cpu_count(), initializer=_load, initargs=(graph, tokenizer)) as pool:
        found = list(pool.map(_read, (rows[place].text for place in places), chunksize=200))
    source = [rows[place].source for place, (ids, _) in zip(places, found, strict=True) for _ in ids]
    logits = np.concatenate([logits for _, logits in found])
    return Asked([one for ids, _ in found for one in ids], logits, np.array(source))


def choose(rows: Sequence[Row]) -> list[int]:
    """Return the places of the rows to be read, in order."""
    places = sorted(
        (place for place, row in enumerate(rows) if row.source in ASKED_WEIGHTS), key=lambda at: rows[at].source
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


def _read(text: str) -> tuple[list[NDArray[np.int64]], NDArray[np.float32]]:
    windows = _encoder.windows(normalise(text).text)[:MOST_WINDOWS]
    logits = np.array([found.logits for found in _encoder.read(windows)], dtype=np.float32)
    return [window.ids for window in windows], logits
