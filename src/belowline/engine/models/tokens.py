"""What every transformer here needs: a graph in ONNX Runtime on one core, and texts cut into windows of tokens."""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.overflow import EXACT, products_overflow

GRAPH, TOKENIZER = "encoder.onnx", "tokenizer.json"
WINDOW, STEP = 126, 92
"""Tokens of a window, and how far the next one begins behind it; the two marks at its ends are not counted."""
LAST_WHOLE = 140
"""A text of at most so many tokens is one window: a few tokens more cost less than a second window."""
SHORT_WORDS = frozenset((
    "a", "i", "am", "an", "as", "at", "be", "by", "do", "go", "he", "hi", "if", "in",
    "is", "it", "me", "my", "no", "of", "oh", "ok", "on", "or", "so", "to", "up", "us", "we",
))  # fmt: skip
"""The words of fewer than three letters that count as known: a vocabulary of word pieces holds every pair."""


class Window(NamedTuple):
    """A passage of a text as token numbers."""

    ids: NDArray[np.int64]
    """With the marks at both ends, shape (tokens + 2,)."""
    starts: NDArray[np.int64]
    """Code point at which each token starts, shape (tokens,)."""
    ends: NDArray[np.int64]
    """Code point behind each token."""

    @property
    def passage(self) -> slice:
        """Where the window stands in the text, in code points."""
        return slice(int(self.starts[0]), int(self.ends[-1])) if len(self.starts) else slice(0, 0)


class Tokens:
    """A loaded tokenizer; serves any number of threads."""

    def __init__(self, tokenizer: bytes) -> None:
        """Load it; raises ModelError when it cannot be read or lacks the marks of a text's ends."""
        try:
            self._tokenizer = Tokenizer.from_buffer(tokenizer)
        except Exception as error:  # the library raises errors derived from Exception alone
            raise ModelError(f"the tokenizer cannot be read ({error}); {MEND}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        first, last = (self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]"))
        if first is None or last is None:
            raise ModelError(f"the tokenizer of the encoder lacks [CLS] or [SEP]; {MEND}")
        self._first, self._last = first, last

    @cached_property
    def known_words(self) -> frozenset[str]:
        """The lower-case words that the tokenizer does not cut: what a disguised word may be."""
        vocabulary = self._tokenizer.get_vocab()
        whole = (word for word in vocabulary if len(word) > 2 and word.isascii() and word.isalpha())  # noqa: PLR2004
        return SHORT_WORDS.union(whole)

    def windows(self, text: str) -> list[Window]:
        """Cut a text into overlapping windows; at least one, which is empty where the text has no token."""
        coded = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(coded.ids, dtype=np.int64)
        offsets = np.array(coded.offsets, dtype=np.int64).reshape(-1, 2)
        if len(ids) <= LAST_WHOLE:
            return [self._window(ids, offsets)]
        firsts = range(0, len(ids) - WINDOW + STEP, STEP)
        return [self._window(ids[at : at + WINDOW], offsets[at : at + WINDOW]) for at in firsts]

    def pieces(self, text: str) -> list[str]:
        """Return a text cut into passages of at most WINDOW tokens, without overlap; none where it has no token."""
        coded = self._tokenizer.encode(text, add_special_tokens=False).offsets
        ends = [coded[min(at + WINDOW, len(coded)) - 1][1] for at in range(0, len(coded), WINDOW)]
        starts = [coded[at][0] for at in range(0, len(coded), WINDOW)]
        return [text[start:end] for start, end in zip(starts, ends, strict=True)]

    def _window(self, ids: NDArray[np.int64], offsets: NDArray[np.int64]) -> Window:
        framed = np.full(len(ids) + 2, self._first, dtype=np.int64)
        framed[1:-1], framed[-1] = ids, self._last
        return Window(framed, offsets[:, 0], offsets[:, 1])


def open_graph(graph: bytes) -> onnxruntime.InferenceSession:
    """Return a graph ready to run on one core.

    Raises:
        ModelError: it cannot be read.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Texts differ in length, so that a plan of memory per length would only cost; a tenth faster without it.
    options.enable_mem_pattern = False
    if products_overflow():
        options.add_session_config_entry(EXACT, "1")
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises errors derived from Exception alone
        raise ModelError(f"the graph of the model cannot be read ({error}); {MEND}") from error


def graph_and_tokenizer(bundle: Bundle) -> tuple[bytes, bytes]:
    """Return both files of a verified bundle.

    Raises:
        ModelError: one is missing.
    """
    return bundle.file(GRAPH), bundle.file(TOKENIZER)
