"""The versions of the scores: numbered, several side by side, old ones kept.

A version is an abuse model, the map of its scores to Perspective's old scale, and the topic model. The newest is the
shipped one. Older ones lie in BELOWLINE_MODELS_DIR, one folder each: `1/abuse/` and `1/perspective/`, copied there
before an upgrade; they are loaded when somebody first asks for `TOXICITY@1`.
"""

import logging
import threading
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from belowline.engine.decision import Score
from belowline.engine.errors import ModelError
from belowline.engine.judge import WARM_UP, Engine
from belowline.engine.models.alignment import Alignment
from belowline.engine.policy import load_policy
from belowline.engine.shared import shared_engine
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Signal
from belowline.engine.submission import Submission

logger = logging.getLogger(__name__)
SHIPPED = 1
"""The number of the version in this release; raised whenever the same text may get another score."""


class Version:
    """One numbered set of models."""

    def __init__(self, number: int, abuse: Signal, topic: Signal, alignment: Alignment) -> None:
        """Put the models together; raises ModelError when the map was made for another abuse model."""
        if alignment.model != abuse.version:
            raise ModelError(f"the map to Perspective's scale is one of {alignment.model}, not of {abuse.version}")
        self.number = number
        self.topic = topic
        self.model = abuse.version
        self.alignment = alignment
        policy = load_policy()
        self._abuse = Engine((abuse,), policy)
        self._topic = Engine((topic,), policy)

    @classmethod
    def shipped(cls) -> "Version":
        """Return the version of this release; its signals are those of the engine of this process.

        Raises:
            ModelError: a model is missing or damaged, or the map was made for another model.
        """
        signals = {signal.name: signal for signal in shared_engine().signals}
        return cls(SHIPPED, signals["abuse"], signals["topic"], Alignment.load())

    @classmethod
    def load(cls, number: int, folder: Path) -> "Version":
        """Load the abuse model and the map in a folder; the topic model is the shipped one.

        Raises:
            ModelError: a model is missing or damaged, or the map was made for another model.
        """
        alignment = Alignment.load(folder / "perspective", version=None)
        return cls(number, AbuseSignal.load(folder / "abuse", version=None), versions().newest.topic, alignment)

    def score(self, submission: Submission, names: set[str]) -> dict[str, Score]:
        """Return the scores with these names, and others that come with them."""
        found: dict[str, Score] = {}
        for engine in (self._abuse, self._topic):
            if any(names & set(signal.scores) for signal in engine.signals):
                found |= engine.score(submission)[0]
        return found

    def warm_up(self) -> None:
        """Load what is loaded at first use."""
        self.score(WARM_UP, {"toxicity", "off_topic"})


class Versions:
    """All versions that this process can serve."""

    def __init__(self, folder: Path) -> None:
        self.newest = Version.shipped()
        self._folder = folder
        self._loaded = {SHIPPED: self.newest}
        self._lock = threading.Lock()

    def find(self, number: int | None) -> Version | None:
        """Return a version, the newest for None; None when there is no such version, or it is damaged."""
        if number is None:
            return self.newest
        with self._lock:
            if number not in self._loaded and (self._folder / str(number)).is_dir():
                try:
                    self._loaded[number] = Version.load(number, self._folder / str(number))
                except ModelError as error:
                    logger.error("version %d cannot be served: %s", number, error)  # noqa: TRY400
            return self._loaded.get(number)


@lru_cache(maxsize=1)
def versions() -> Versions:
    """Return the versions of this process, the newest one loaded.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    return Versions(settings.MODELS_DIR)
