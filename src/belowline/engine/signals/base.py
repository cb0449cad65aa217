"""What a signal is, and the submission as the signals read it."""

from functools import cached_property
from typing import Protocol

from belowline.engine.decision import Score
from belowline.engine.policy import Settings
from belowline.engine.submission import Submission
from belowline.engine.text.language import detect_language
from belowline.engine.text.normalise import Normalised, normalise


class Prepared:
    """A submission read once for all signals; each reading is made when first asked for."""

    def __init__(self, submission: Submission, settings: Settings) -> None:
        self.submission = submission
        self.settings = settings

    @cached_property
    def normalised(self) -> Normalised:
        """The text as people read it, with offsets into the original."""
        return normalise(self.submission.text)

    @cached_property
    def language(self) -> str:
        """ISO 639-1 code: as stated, else detected; the site's main language where nobody could tell."""
        return self.submission.language or detect_language(self.submission.text, self.settings.languages)


class Signal(Protocol):
    """One measured fact about a submission, or several that come from one model."""

    name: str
    scores: tuple[str, ...]
    """The names of the scores that it gives; every one of them, always."""
    version: str
    """Changes whenever the same text may get another score."""

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return a score for each name in `scores`; what it cannot compute is *unchecked*. May raise."""
        ...
