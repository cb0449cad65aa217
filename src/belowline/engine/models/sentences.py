"""Sentence vectors: texts as directions, near where they are about the same thing.

all-MiniLM-L6-v2 (Wang et al. 2020, arXiv 2002.10957; trained on pairs of sentences as by Reimers and Gurevych 2019,
arXiv 1908.10084) in eight bits. One pass gives a vector for the text and one for each of its sentences: the mean over
the states of their tokens, which have seen the whole window (late chunking; Günther et al. 2024, arXiv 2409.04701).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.tokens import Tokens, Window, graph_and_tokenizer, open_graph
from belowline.engine.text.sentences import sentence_spans

MOST_WINDOWS = 6
"""So many windows of a text are read, from its beginning: some 500 words."""
FEWEST_TOKENS = 3
"""A shorter sentence has no vector of its own."""

type_of_floats = NDArray[np.float32]


class Sense(NamedTuple):
    """What a text means, as vectors of length 1."""

    whole: type_of_floats
    """Shape (width,)."""
    parts: type_of_floats
    """Its sentences, shape (sentences, width); the whole text where no sentence is long enough."""


class SentenceEncoder:
    """A loaded graph and its tokenizer; serves any number of threads."""

    def __init__(self, graph: bytes, tokenizer: bytes) -> None:
        """Load the graph; raises ModelError when graph or tokenizer cannot be read, or it gives no states."""
        self._session = open_graph(graph)
        self._tokens = Tokens(tokenizer)
        outputs = self._session.get_outputs()
        if [output.name for output in outputs] != ["states"]:
            raise ModelError(f"the sentence encoder gives no states of tokens; {MEND}")
        self.width: int = outputs[0].shape[-1]

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> "SentenceEncoder":
        """Read graph and tokenizer out of a verified bundle.

        Raises:
            ModelError: a file is missing or damaged.
        """
        return cls(*graph_and_tokenizer(bundle))

    def read(self, text: str) -> Sense:
        """Return the vectors of one text. Raises nothing."""
        windows = self._tokens.windows(text)[:MOST_WINDOWS]
        states = [self._states(window) for window in windows]
        whole = to_unit(np.sum([one.sum(axis=0) for one in states], axis=0))
        parts = _sentences(text, windows, states)
        return Sense(whole, np.array(parts, dtype=np.float32) if parts else whole[None])

    def read_passages(self, texts: Sequence[str]) -> type_of_floats:
        """Return a vector for the first window of each text, shape (texts, width). Raises nothing."""
        found = np.zeros((len(texts), self.width), dtype=np.float32)
        for place, text in enumerate(texts):
            found[place] = self._states(self._tokens.windows(text)[0]).mean(axis=0)
        return to_unit(found)

    def cut(self, text: str) -> list[str]:
        """Return a text in pieces that fit a window each, without overlap. Raises nothing."""
        return self._tokens.pieces(text)

    def _states(self, window: Window) -> type_of_floats:
        """Return the last states of a window's tokens, marks at its ends included, shape (tokens + 2, width)."""
        ((states,),) = self._session.run(None, {"ids": window.ids[None]})
        found: type_of_floats = states
        return found


def _sentences(text: str, windows: Sequence[Window], states: Sequence[type_of_floats]) -> list[type_of_floats]:
    """Return the vectors of the sentences that stand whole in a window, in their order."""
    found: dict[int, type_of_floats] = {}
    for number, (start, end) in enumerate(sentence_spans(text)):
        for window, state in zip(windows, states, strict=True):
            inside = np.flatnonzero((window.starts >= start) & (window.ends <= end))
            is_whole = window.passage.start <= start and end <= window.passage.stop
            if is_whole and len(inside) >= FEWEST_TOKENS and number not in found:
                found[number] = to_unit(state[inside + 1].mean(axis=0))
    return list(found.values())


def to_unit(rows: type_of_floats) -> type_of_floats:
    """Return the rows, or one row, scaled to length 1; zeros stay zeros. Raises nothing."""
    sizes = np.linalg.norm(rows, axis=-1, keepdims=True)
    return (rows / np.where(sizes > 0, sizes, 1)).astype(np.float32, copy=False)


def to_bytes(rows: type_of_floats) -> NDArray[np.int8]:
    """Return the rows in whole numbers up to 127; the length of a row is lost, only its direction is used."""
    largest = np.abs(rows).max(axis=-1, keepdims=True)
    whole: NDArray[np.int8] = np.rint(rows / np.where(largest > 0, largest, 1) * 127).astype(np.int8)
    return whole
