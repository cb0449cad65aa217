"""The encoder: a small transformer that reads a text in windows, run by ONNX Runtime on one core.

MiniLM (Wang et al. 2020, arXiv 2002.10957) in eight bits. It gives a logit for each label and window, and for each
token how likely raters would mark it as the abusive passage.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.tokens import Tokens, Window, graph_and_tokenizer, open_graph

OUTPUTS = ["logits", "marks", "pooled"]
"""What the graph gives."""


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
        self._session = open_graph(graph)
        self._tokens = Tokens(tokenizer)
        shapes = [output.shape[-1] for output in self._session.get_outputs()]
        if shapes[:2] != [labels, kinds] or len(shapes) != len(OUTPUTS):
            raise ModelError(f"the encoder gives {shapes} values, and {[labels, kinds]} and more are needed; {MEND}")
        self.pooled_width: int = shapes[2]

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, labels: int, kinds: int) -> "Encoder":
        """Read graph and tokenizer out of a verified bundle.

        Raises:
            ModelError: a file is missing, or damaged, or does not fit the labels.
        """
        return cls(*graph_and_tokenizer(bundle), labels=labels, kinds=kinds)

    @property
    def known_words(self) -> frozenset[str]:
        """The lower-case words that the tokenizer does not cut: what a disguised word may be."""
        return self._tokens.known_words

    def windows(self, text: str) -> list[Window]:
        """Cut a text into overlapping windows; at least one, which is empty where the text has no token."""
        return self._tokens.windows(text)

    def read(self, windows: list[Window]) -> list[Encoded]:
        """Compute windows, in their order; each by itself, as several together take no less time on one core."""
        return [self._read(window) for window in windows]

    def _read(self, window: Window) -> Encoded:
        (logits,), (marks,), (pooled,) = self._session.run(OUTPUTS, {"ids": window.ids[None]})
        odds = 1.0 / (1.0 + np.exp(-marks[1:-1].astype(np.float64)))
        return Encoded(logits.astype(np.float64), odds, pooled)
