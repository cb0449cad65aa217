"""What a signal is, and the submission as the signals read it."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar, overload, runtime_checkable

from belowline.engine.decision import Score
from belowline.engine.policy import Settings
from belowline.engine.submission import Story, Submission
from belowline.engine.text.language import detect_language
from belowline.engine.text.normalise import Normalised, normalise

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - reads like the property that it is
    """A property that is computed when first asked for.

    functools.cached_property holds one lock for all instances up to Python 3.11: one hanging text would stop all.
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute = compute
        self.name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "once[T]": ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> "once[T] | T":
        """Compute, and put the value where the next look-up finds it first."""
        if instance is None:
            return self
        value = vars(instance)[self.name] = self.compute(instance)
        return value


class Prepared:
    """A submission read once for all signals; each reading is made when first asked for."""

    def __init__(self, submission: Submission, settings: Settings) -> None:
        self.submission = submission
        self.settings = settings
        self.notes: dict[object, Any] = {}
        """What a signal has read, by the signal, for those that come after it."""

    @once
    def normalised(self) -> Normalised:
        """The text as people read it, with offsets into the original."""
        return normalise(self.submission.text)

    @once
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


@runtime_checkable
class ReadsStories(Protocol):
    """A signal that reads a story once and compares many comments with it."""

    version: str

    def prepare(self, story: Story) -> bytes:
        """Return what `Story.reading` may hold for this very text and this version. Raises nothing."""
        ...
