"""A newsroom's head: a logistic model of what its moderators refuse, on top of the frozen abuse model.

It reads the *traits* of a text (`Cascade.traits`) and gives one number, the score `newsroom_refusal`. Its file is a
safetensors file with one row of weights, so a damaged or foreign one can be refused but cannot run code.
"""

import hashlib
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as write_tensors

from belowline.engine.errors import ModelError
from belowline.engine.models.hashed import sigmoid

FORMAT = "belowline-head-1"
"""The shape of the file, and the one key of its metadata, whose value is `base`: with several, their order would change
from one file to the next. It is raised whenever older code could misread a newer file."""
MEND = "learn another one with `belowline learn`"
DIGITS = 12
"""Hexadecimal digits of the weights' SHA-256 that name a head."""


class Head(NamedTuple):
    """A learned head, ready to score; the score never falls where the log odds rise."""

    base: str
    """The version of the abuse model whose traits it reads."""
    weights: NDArray[np.float64]
    """Log odds per unit of each trait, shape (traits,)."""
    bias: float
    """Log odds of a text whose traits are all 0."""

    @property
    def version(self) -> str:
        """Changes whenever the same text may get another score."""
        return f"newsroom-{hashlib.sha256(self.to_bytes()).hexdigest()[:DIGITS]}"

    def log_odds(self, traits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return the log odds of a refusal for traits of shape (..., traits)."""
        return np.asarray(traits.astype(np.float64) @ self.weights + self.bias)

    def scores(self, traits: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return how likely the moderators would refuse, in [0, 1], for traits of shape (..., traits)."""
        return sigmoid(self.log_odds(traits))

    def to_bytes(self) -> bytes:
        """Return the head as a safetensors file; the same head gives the same bytes."""
        tensors = {"weights": self.weights, "bias": np.array([self.bias])}
        return bytes(write_tensors(tensors, metadata={FORMAT: self.base}))

    def check_fits(self, base: str, width: int) -> None:
        """Refuse an abuse model of another version, or with another number of traits.

        Raises:
            ModelError: it does not fit.
        """
        if self.base != base or len(self.weights) != width:
            raise ModelError(f"the newsroom's head was learned on `{self.base}`, and the model is `{base}`; {MEND}")


def read_head(content: bytes) -> Head:
    """Read the file of a head.

    Raises:
        ModelError: it is damaged, is no head, or was written by another release.
    """
    try:
        tensors = read_tensors(content)
        size = int.from_bytes(content[:8], "little")
        base = msgspec.json.decode(content[8 : 8 + size])["__metadata__"][FORMAT]
        weights, (bias,) = tensors["weights"].astype(np.float64), tensors["bias"].tolist()
    except (SafetensorError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ModelError(f"this is no head of a newsroom, or it is damaged ({error!r}); {MEND}") from error
    if weights.ndim != 1 or not np.isfinite(weights).all() or not np.isfinite(bias):
        raise ModelError(f"the weights of this head are no row of finite numbers; {MEND}")
    return Head(base, weights, float(bias))
