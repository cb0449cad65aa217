"""Reading the scores that a decision kept."""

from collections.abc import Mapping
from typing import Any


def values_of(scores: Mapping[str, Mapping[str, Any]]) -> dict[str, float | None]:
    """Return each score by name, in [0, 1]; None: unchecked."""
    return {name: score["value"] for name, score in scores.items()}


def causes_of(scores: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """Return by name why a score is unchecked; of old decisions that kept no cause, an empty word."""
    return {name: score.get("cause", "") for name, score in scores.items() if score["value"] is None}
