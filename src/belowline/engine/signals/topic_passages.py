"""A story in passages, and their vectors: computed once for a text, and kept in a few kilobytes."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as write_tensors

from belowline.engine.models.sentences import SentenceEncoder, to_bytes, to_unit, type_of_floats
from belowline.engine.submission import Story

MOST_PASSAGES = 48
"""Passages of a story that are kept apart: with 384 bytes each, 100,000 stories need less than 2 GB."""
MOST_PIECES = 192
"""Pieces of the text that are read: the first and the last of a longer one, some 15,000 words in all."""
FEWEST_WORDS = 5
"""A shorter paragraph, such as a subheading, goes with the next one."""
VECTORS = "passages"


def passages_of(story: Story, cut: Callable[[str], list[str]]) -> tuple[str, ...]:
    """Return a story's title, standfirst and paragraphs, at most MOST_PASSAGES in all; at least one.

    `cut` parts a paragraph that is too long for the encoder. Raises nothing.
    """
    head = [part for part in (story.title, story.standfirst) if part.strip()] or [""]
    pieces = [piece for paragraph in _paragraphs(story.body) for piece in cut(paragraph)]
    if len(pieces) > MOST_PIECES:
        pieces = pieces[: MOST_PIECES // 2] + pieces[-MOST_PIECES // 2 :]
    groups = np.array_split(np.array(pieces, dtype=object), min(len(pieces), MOST_PASSAGES - len(head)) or 1)
    return (*head, *("\n".join(group) for group in groups if len(group)))


def _paragraphs(body: str) -> list[str]:
    found: list[str] = []
    carried = ""
    for line in filter(str.strip, body.splitlines()):
        text = f"{carried} {line}".strip()
        is_short = len(text.split()) < FEWEST_WORDS
        carried = text if is_short else ""
        if not is_short:
            found.append(text)
    return [*found, carried] if carried else found


def encode_passages(passages: Sequence[str], encoder: SentenceEncoder) -> type_of_floats:
    """Return a vector of length 1 for each passage; one of several pieces gets their mean. Raises nothing.

    The vectors are those that come back from `pack_passages`, so that a score does not depend on what was kept.
    """
    pieces = [(place, piece) for place, passage in enumerate(passages) for piece in passage.split("\n")]
    vectors = encoder.read_passages([piece for _, piece in pieces])
    total = np.zeros((len(passages), encoder.width), dtype=np.float32)
    np.add.at(total, [place for place, _ in pieces], vectors)
    return _exact(to_bytes(total))


def pack_passages(vectors: type_of_floats) -> bytes:
    """Return the vectors in a byte each, as a safetensors file. Raises nothing."""
    return write_tensors({VECTORS: to_bytes(vectors)})


def unpack_passages(packed: bytes, shape: tuple[int, int]) -> type_of_floats | None:
    """Return the vectors, or None where nothing was packed, or not for a story of this shape. Raises nothing."""
    if not packed:
        return None
    try:
        vectors = read_tensors(packed)[VECTORS]
    except (SafetensorError, KeyError):
        return None
    return _exact(vectors) if vectors.shape == shape and vectors.dtype == np.int8 else None


def _exact(whole: NDArray[np.int8]) -> type_of_floats:
    return to_unit(whole.astype(np.float32))
