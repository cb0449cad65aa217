"""Texts to a sparse matrix, through the very hashing that scores, so that both share one code path."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from belowline.engine.models.hashed import Hasher, fold, passages, split_words
from belowline.engine.text.normalise import normalise

LONGEST_TEXT = 2_000
"""Code points of a text that are learned from; what follows rarely decides."""

Matrix: TypeAlias = Any
"""scipy.sparse.csr_matrix, which publishes no types."""
Vector: TypeAlias = NDArray[np.float64]


def read_text(text: str) -> str:
    """Return the form that the model reads: normalised, case-folded, at most LONGEST_TEXT code points."""
    return fold(normalise(text[:LONGEST_TEXT]).text)[0]


def cut_passages(text: str) -> list[str]:
    """Return every other of the overlapping passages in which scoring also reads a long text."""
    read = read_text(text)
    starts, ends = split_words(np.array([ord(letter) for letter in read], dtype=np.int64))
    firsts, behinds = passages(len(starts))
    return [read[starts[first] : ends[behind - 1]] for first, behind in zip(firsts[::2], behinds[::2], strict=True)]


def presence(texts: Sequence[str], hasher: Hasher) -> Matrix:
    """Return which features each text has, shape (texts, hasher.size): 1 where it has one, else 0."""
    rows = [np.unique(hasher.features(read_text(text)).row).astype(np.int32) for text in texts]
    ends = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int32)
    ones = np.ones(len(indices), dtype=np.float32)
    return sparse.csr_matrix((ones, indices, ends), shape=(len(rows), hasher.size))


def scaled(found: Matrix, hasher: Hasher, power: float) -> Matrix:
    """Divide each row's part of each block by its number of features to `power`, as scoring does."""
    border = 1 << hasher.character_bits
    words = found.indices >= border
    row_of = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    values = np.ones(len(found.indices), dtype=np.float32)
    for block in (words, ~words):
        counts = np.bincount(row_of[block], minlength=found.shape[0])
        values[block] = (np.maximum(counts, 1) ** -power)[row_of[block]]
    return sparse.csr_matrix((values, found.indices, found.indptr), shape=found.shape)
