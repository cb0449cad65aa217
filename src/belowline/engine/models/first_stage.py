"""The first stage of the abuse model: a small network over word pieces that settles what nobody would doubt.

Gated convolutions over each piece and its neighbours (Dauphin et al. 2017, arXiv 1612.08083), then the mean and the
maximum over pieces. It learned what the encoder says, and reads the same windows at about a tenth of the cost.
"""

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.tokens import Window, open_graph

FIRST_GRAPH = "first.onnx"


class FirstStage:
    """A loaded graph; serves any number of threads."""

    def __init__(self, graph: bytes, *, labels: int) -> None:
        """Load the graph; raises ModelError when it cannot be read or does not give a logit for each label."""
        self._session = open_graph(graph)
        shapes = [output.shape[-1] for output in self._session.get_outputs()]
        if shapes != [labels]:
            raise ModelError(f"the first stage gives {shapes} values, and [{labels}] are needed; {MEND}")

    @classmethod
    def from_bundle(cls, bundle: Bundle, *, labels: int) -> "FirstStage":
        """Read the graph out of a verified bundle.

        Raises:
            ModelError: it is missing, or damaged, or does not fit the labels.
        """
        return cls(bundle.file(FIRST_GRAPH), labels=labels)

    def read(self, windows: list[Window]) -> NDArray[np.float64]:
        """Return the logits of the encoder's windows as this stage guesses them, shape (windows, labels)."""
        logits = [self._session.run(None, {"ids": window.ids[None]})[0] for window in windows]
        return np.concatenate(logits).astype(np.float64)
