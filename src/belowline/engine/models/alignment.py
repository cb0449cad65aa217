"""Belowline's abuse scores on the scale of the Perspective API, so that thresholds set for that scale may stay.

One increasing, piecewise-linear curve for each score, from (0, 0) to (1, 1). A curve changes the scale and never the
order: a comment that scored higher than another still does.
"""

from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle, Manifest, load_bundle

BUNDLE = "perspective"
VERSION = "perspective-scale-7"


class Knots(msgspec.Struct, frozen=True, kw_only=True):
    """The corners of one curve: what scores `ours[i]` here scored `theirs[i]` there. Both increase from 0 to 1."""

    ours: tuple[float, ...]
    theirs: tuple[float, ...]


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifest of an alignment says beside its labels."""

    model: str
    """The version of the abuse model whose scores it reads."""
    knots: dict[str, Knots]
    """One curve for each label."""


class Curve(msgspec.Struct, frozen=True, eq=False):
    """The corners of one curve as arrays."""

    ours: NDArray[np.float64]
    theirs: NDArray[np.float64]


class Alignment(msgspec.Struct, frozen=True, eq=False):
    """A curve for each abuse score, fitted for one version of the abuse model."""

    version: str
    """Changes whenever the same score may get another value."""
    model: str
    """The version of the abuse model that it was fitted for: with any other, its values mean nothing."""
    curves: dict[str, Curve]

    @classmethod
    def load(cls, folder: Path | None = None, version: str | None = VERSION) -> "Alignment":
        """Load the shipped alignment, or one in a folder; `version` None takes whichever lies there.

        Raises:
            ModelError: it is missing, damaged, of another version, or its knots are no increasing curves.
        """
        return cls.from_bundle(load_bundle(folder or BUNDLE, version=version))

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> "Alignment":
        """Read the curves out of a bundle; raises ModelError when they do not fit its labels, or do not increase."""
        parameters = _parameters(bundle.manifest)
        curves = {label: _curve(label, parameters.knots[label]) for label in bundle.manifest.labels}
        return cls(bundle.manifest.version, parameters.model, curves)

    @property
    def labels(self) -> tuple[str, ...]:
        """The scores that have a curve."""
        return tuple(self.curves)

    def align(self, score_name: str, value: float) -> float:
        """Return a score in [0, 1] on the other scale, in [0, 1]; what lies outside counts as the nearer end.

        Raises:
            KeyError: the score has no curve. It is not handed back unchanged: a threshold would meet the wrong scale.
        """
        curve = self.curves[score_name]
        return float(np.interp(value, curve.ours, curve.theirs))


def _parameters(manifest: Manifest) -> Parameters:
    try:
        parameters = msgspec.convert(manifest.parameters, Parameters)
    except msgspec.ValidationError as error:
        raise ModelError(f"the parameters of `{manifest.name}` are damaged ({error}); {MEND}") from error
    if set(parameters.knots) != set(manifest.labels):
        raise ModelError(f"the curves of `{manifest.name}` are not those of its labels; {MEND}")
    return parameters


def _curve(label: str, knots: Knots) -> Curve:
    if len(knots.ours) != len(knots.theirs):
        raise ModelError(f"the curve of `{label}` has {len(knots.ours)} and {len(knots.theirs)} knots; {MEND}")
    for side in (knots.ours, knots.theirs):
        if not _rises_from_0_to_1(side):
            raise ModelError(f"the knots of `{label}` do not increase from 0 to 1; {MEND}")
    return Curve(np.array(knots.ours), np.array(knots.theirs))


def _rises_from_0_to_1(values: tuple[float, ...]) -> bool:
    ends = values[:1] + values[-1:]
    return ends == (0.0, 1.0) and all(lower < upper for lower, upper in pairwise(values))
