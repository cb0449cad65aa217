"""The versions of the scores: numbered, several side by side, old ones kept.

A version is an abuse model, the map of its scores to Perspective's old scale, and the topic model. The newest is the
shipped one. Older ones lie in BELOWLINE_MODELS_DIR, one folder each: `1/abuse/`, `1/perspective/` and, for OFF_TOPIC,
`1/topic/`, copied there before an upgrade; they are loaded when somebody first asks for `TOXICITY@1`.
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
from belowline.engine.signals.topic import TopicSignal
from belowline.engine.submission import Submission

logger = logging.getLogger(__name__)
SHIPPED = 1
"""The number of the version in this release; raised whenever the same text may get another score."""


class Version:
    """One numbered set of models."""

    def __init__(self, number: int, abuse: Signal, topic: Signal | None, alignment: Alignment) -> None:
        """Put the models together; raises ModelError when the map was made for another abuse model."""
        if alignment.model != abuse.version:
            raise ModelError(f"the map to Perspective's scale is one of {alignment.model}, not of {abuse.version}")
        self.number = number
        self.alignment = alignment
        policy = load_policy()
        self._engines = [Engine((signal,), policy) for signal in (abuse, topic) if signal is not None]

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
        """Load the models in a folder; without a topic model of its own, a version has no OFF_TOPIC.

        Raises:
            ModelError: a model is missing or damaged, or the map was made for another model.
        """
        topic = TopicSignal.load(folder / "topic", version=None) if (folder / "topic").is_dir() else None
        alignment = Alignment.load(folder / "perspective", version=None)
        return cls(number, AbuseSignal.load(folder / "abuse", version=None), topic, alignment)

    def has(self, score: str) -> bool:
        """Say whether the version gives a score."""
        return any(score in signal.scores for engine in self._engines for signal in engine.signals)

    def score(self, submission: Submission, names: set[str]) -> dict[str, Score]:
        """Return the scores with these names, and others that come with them."""
        found: dict[str, Score] = {}
        for engine in self._engines:
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
        self._loaded: dict[int, Version | None] = {SHIPPED: self.newest}
        self._lock = threading.Lock()

    def find(self, number: int | None) -> Version | None:
        """Return a version, the newest for None; None when there is no such version, or it is damaged."""
        if number is None:
            return self.newest
        with self._lock:
            if number not in self._loaded and (self._folder / str(number)).is_dir():
                self._loaded[number] = self._load(number)
            return self._loaded.get(number)

    def _load(self, number: int) -> Version | None:
        try:
            return Version.load(number, self._folder / str(number))
        except ModelError as error:
            logger.error("version %d cannot be served until it is mended and the server restarted: %s", number, error)  # noqa: TRY400
            return None


@lru_cache(maxsize=1)
def versions() -> Versions:
    """Return the versions of this process, the newest one loaded.

    Raises:
        ModelError: a shipped model is missing or damaged.
    """
    return Versions(settings.MODELS_DIR)
