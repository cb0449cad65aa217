"""The encoder: a small transformer that reads a text in windows, run by ONNX Runtime on one core.

MiniLM (Wang et al. 2020, arXiv 2002.10957) in eight bits. It gives a logit for each label and window, and for each
token how likely raters would mark it as the abusive passage.
"""

from functools import cached_property
from typing import NamedTuple

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Tokenizer

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle

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
AT_ONCE = 8
"""Windows that are computed together."""
OUTPUTS = ["logits", "marks", "pooled"]
"""What the graph gives."""


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


class Encoded(NamedTuple):
    """What the encoder says about a window."""

    logits: NDArray[np.float64]
    """Shape (labels,)."""
    marks: NDArray[np.float64]
    """How likely each token is to be marked, in [0, 1], shape (tokens, kinds)."""
    pooled: NDArray[np.float32]
    """What the logits are made of: the mean and the maximum over tokens, shape (2 x width,)."""


class Encoder:
    """A loaded graph and its tokenizer; serves any number of threads."""

    def __init__(self, graph: bytes, tokenizer: bytes, *, labels: int, kinds: int) -> None:
        """Load the graph; raises ModelError when graph or tokenizer cannot be read or do not fit together."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        # Texts differ in length, so that a plan of memory per length would only cost; a tenth faster without it.
        options.enable_mem_pattern = False
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
            self._tokenizer = Tokenizer.from_buffer(tokenizer)
            marks = [self._tokenizer.token_to_id(mark) for mark in ("[CLS]", "[SEP]")]
        except Exception as error:  # both libraries raise errors of their own, derived from Exception alone
            raise ModelError(f"the encoder cannot be read ({error}); {MEND}") from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        shapes = [output.shape[-1] for output in self._session.get_outputs()]
        if shapes[:2] != [labels, kinds] or len(shapes) != len(OUTPUTS):
            raise ModelError(f"the encoder gives {shapes} values, and {[labels, kinds]} and more are needed; {MEND}")
        self.pooled_width: int = shapes[2]
        first, last = marks
        if first is None or last is None:
            raise ModelError(f"the tokenizer of the encoder lacks [CLS] or [SEP]; {MEND}")
        self._first, self._last = first, last

    @cached_property
    def known_words(self) -> frozenset[str]:
        """The lower-case words that the tokenizer does not cut: what a disguised word may be."""
        vocabulary = self._tokenizer.get_vocab()
        whole = (word for word in vocabulary if len(word) > 2 and word.isascii() and word.isalpha())  # noqa: PLR2004
        return SHORT_WORDS.union(whole)

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, labels: int, kinds: int) -> "Encoder":
        """Read graph and tokenizer out of a verified bundle.

        Raises:
            ModelError: a file is missing, or damaged, or does not fit the labels.
        """
        for name in (GRAPH, TOKENIZER):
            if name not in bundle.contents:
                raise ModelError(f"the model `{bundle.manifest.name}` has no file {name}; {MEND}")
        graph, tokenizer = bundle.contents[GRAPH], bundle.contents[TOKENIZER]
        return cls(graph, tokenizer, labels=labels, kinds=kinds)

    def windows(self, text: str) -> list[Window]:
        """Cut a text into overlapping windows; at least one, which is empty where the text has no token."""
        coded = self._tokenizer.encode(text, add_special_tokens=False)
        ids = np.array(coded.ids, dtype=np.int64)
        offsets = np.array(coded.offsets, dtype=np.int64).reshape(-1, 2)
        if len(ids) <= LAST_WHOLE:
            return [self._window(ids, offsets)]
        firsts = range(0, len(ids) - WINDOW + STEP, STEP)
        return [self._window(ids[at : at + WINDOW], offsets[at : at + WINDOW]) for at in firsts]

    def _window(self, ids: NDArray[np.int64], offsets: NDArray[np.int64]) -> Window:
        framed = np.full(len(ids) + 2, self._first, dtype=np.int64)
        framed[1:-1], framed[-1] = ids, self._last
        return Window(framed, offsets[:, 0], offsets[:, 1])

    def read(self, windows: list[Window]) -> list[Encoded]:
        """Compute windows, in their order; the same window gives the same values in any company but for rounding."""
        return [
            found for at in range(0, len(windows), AT_ONCE) for found in self._read_batch(windows[at : at + AT_ONCE])
        ]

    def _read_batch(self, windows: list[Window]) -> list[Encoded]:
        length = max(len(window.ids) for window in windows)
        ids = np.zeros((len(windows), length), dtype=np.int64)
        mask = np.zeros((len(windows), length), dtype=np.int32)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
        logits, marks, pooled = self._session.run(OUTPUTS, {"ids": ids, "mask": mask})
        odds = 1.0 / (1.0 + np.exp(-marks.astype(np.float64)))
        return [
            Encoded(logits[row].astype(np.float64), odds[row, 1 : len(window.ids) - 1], pooled[row])
            for row, window in enumerate(windows)
        ]
