"""The abuse model: a quick first stage over words and letters, and the encoder for what that is not sure of.

The first stage settles a text alone when nothing in it resembles abuse or what abuse is usually about: its `doubt` and
its log odds of every label lie below two cut-offs (a cascade as of Viola and Jones 2001, CVPR). Otherwise the encoder
reads it, and each label's log odds are a weighted sum of its logits and of what the first stage says. A curve fitted to
rows kept apart turns log odds into the share of raters who would agree (binned isotonic regression; Zadrozny and Elkan
2002, KDD).
"""

from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.encoder import Encoded, Encoder
from belowline.engine.models.hashed import HashedModel, fold, sigmoid
from belowline.engine.models.tokens import Window
from belowline.engine.text.persons import COUNTS, person_counts

DOUBT = "doubt"
"""The last column of the first stage: whether a text is worth the encoder's time."""
ABUSIVE = 6
"""Labels that may ask for the encoder: all but the last two, which words tell as well."""
KINDS = ("any", "insult", "profanity", "threat", "identity_attack")
"""What a token can be marked as; `any` is all types together."""
MOST_WINDOWS = 4
"""So many windows of a long text are read by the encoder: those that the first stage doubts most."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """How one label is put together. All log odds are natural logarithms."""

    encoder: dict[str, float]
    """Weight of each of the encoder's logits, by its label; those that are absent weigh nothing."""
    words: float
    """Weight of the first stage's log odds."""
    shift: float
    settled_slope: float
    """Where the first stage settles a text, its log odds times this ..."""
    settled_shift: float
    """... and this stand for the sum of both."""
    before: tuple[float, ...]
    """The corners of the calibration curve: rising log odds ..."""
    after: tuple[float, ...]
    """... and those of the share of raters at each, rising too; the ends hold for all beyond."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifest says beside what the first stage needs."""

    parts: dict[str, Part]
    """One for each label."""
    mark_from: float
    """A token counts as marked from this likelihood on, in (0, 1)."""
    doubt_below: float
    """The first stage settles a text whose doubt, in log odds, lies below this ..."""
    labels_below: float
    """... and so do its log odds of every abusive label."""


class Judged(NamedTuple):
    """What the model says about a text."""

    values: NDArray[np.float64]
    """Share of raters who would give each label, in [0, 1], shape (labels,)."""
    windows: list[Window]
    """The windows that the encoder read; none where the first stage settled the text."""
    encoded: list[Encoded]
    strongest: NDArray[np.int64]
    """Which of the windows each label's value comes from, shape (labels,)."""
    log_odds: NDArray[np.float64]
    """What the calibration curves turned into the values, shape (labels,)."""

    @property
    def settled(self) -> bool:
        """Whether the first stage settled the text."""
        return not self.windows


class Cascade:
    """The two stages and how they are put together; serves any number of threads."""

    def __init__(self, words: HashedModel, encoder: Encoder, parameters: Parameters) -> None:
        """Put them together; raises ModelError when labels and parts differ, or a curve does not rise."""
        self.words = words
        self.encoder = encoder
        self.mark_from = parameters.mark_from
        self.labels = words.labels[:-1]
        if words.labels[-1] != DOUBT or set(self.labels) != set(parameters.parts):
            raise ModelError(f"the first stage's labels {words.labels} do not fit the parts of the cascade; {MEND}")
        parts = [parameters.parts[label] for label in self.labels]
        for label, part in zip(self.labels, parts, strict=True):
            _check(label, part)
            if not part.encoder.keys() <= parameters.parts.keys():
                raise ModelError(f"`{label}` weighs logits that the encoder does not give: {set(part.encoder)}; {MEND}")
        self._curves = [(np.array(part.before), np.array(part.after)) for part in parts]
        self._of_encoder = np.array([[part.encoder.get(label, 0.0) for label in self.labels] for part in parts]).T
        self._of_words = np.array([part.words for part in parts])
        self._shifts = np.array([part.shift for part in parts])
        self._settled = np.array([[part.settled_slope, part.settled_shift] for part in parts]).T
        self._cut_offs = parameters.labels_below, parameters.doubt_below
        self.always_encodes = False
        """Set it to let the encoder read every text, as when the cost of settling is measured."""

    @classmethod
    def from_bundle(cls, bundle: Bundle, words: HashedModel) -> "Cascade":
        """Read encoder and parameters out of a verified bundle.

        Raises:
            ModelError: something is missing or damaged, or does not fit together.
        """
        try:
            parameters = msgspec.convert(bundle.manifest.parameters, Parameters)
        except msgspec.ValidationError as error:
            raise ModelError(f"the parameters of `{bundle.manifest.name}` are damaged ({error}); {MEND}") from error
        encoder = Encoder.from_bundle(bundle, labels=len(words.labels) - 1, kinds=len(KINDS))
        return cls(words, encoder, parameters)

    def settles(self, words: NDArray[np.float64]) -> bool:
        """Say whether first-stage log odds, shape (labels + 1,), leave nothing to the encoder."""
        labels_below, doubt_below = self._cut_offs
        is_sure = bool(words[-1] < doubt_below and (words[:ABUSIVE] < labels_below).all())
        return is_sure and not self.always_encodes

    def judge(self, text: str, words: NDArray[np.float64]) -> Judged:
        """Judge a normalised text; `words` are its log odds by the first stage, shape (labels + 1,)."""
        if self.settles(words):
            none = np.zeros(len(self.labels), dtype=np.int64)
            log_odds = words[:-1] * self._settled[0] + self._settled[1]
            return Judged(self.calibrated(log_odds), [], [], none, log_odds)
        return self.encode(text, words)

    def encode(self, text: str, words: NDArray[np.float64]) -> Judged:
        """Judge a text by both stages, whatever the first says; each label takes its strongest window."""
        windows = self.encoder.windows(text)
        if len(windows) == 1:
            by_words = words[None]
        else:
            windows, by_words = self.most_doubtful(text, windows)
        encoded = self.encoder.read(windows)
        log_odds = self.joined(np.array([found.logits for found in encoded]), by_words[:, :-1])
        highest = log_odds.max(axis=0)
        return Judged(self.calibrated(highest), windows, encoded, log_odds.argmax(axis=0), highest)

    def most_doubtful(self, text: str, windows: list[Window]) -> tuple[list[Window], NDArray[np.float64]]:
        """Return the MOST_WINDOWS windows that the first stage doubts most, in order, and its log odds of them."""
        by_words = np.array([self.first_stage(text[window.passage]) for window in windows])
        doubt = np.maximum(by_words[:, :ABUSIVE].max(axis=1) - self._cut_offs[0], by_words[:, -1] - self._cut_offs[1])
        chosen = np.sort(np.argsort(-doubt, kind="stable")[:MOST_WINDOWS])
        return [windows[at] for at in chosen], by_words[chosen]

    def first_stage(self, text: str) -> NDArray[np.float64]:
        """Return the first stage's log odds of a normalised text: every label's, and the doubt, shape (labels + 1,)."""
        return self.words.log_odds(self.words.hasher.features(fold(text)[0]))

    def joined(self, encoder: NDArray[np.float64], words: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted sum of both stages' values, all of shape (windows, labels)."""
        total: NDArray[np.float64] = encoder @ self._of_encoder + words * self._of_words + self._shifts
        return total

    def traits(self, text: str, words: NDArray[np.float64], judged: Judged) -> NDArray[np.float32]:
        """Return what a newsroom's head reads of a text, shape (traits_width,): the same text, the same values.

        First the encoder's pooled vector, the mean over the windows; then each label's log odds, those of the first
        stage, and whom the text is about. A text that the first stage settled is read by the encoder for this.
        """
        read = self.encode(text, words) if judged.settled else judged
        pooled = np.mean([found.pooled for found in read.encoded], axis=0)
        return np.concatenate((pooled, read.log_odds, words, person_counts(text))).astype(np.float32)

    @property
    def traits_width(self) -> int:
        """How many numbers `traits` gives."""
        return self.encoder.pooled_width + 2 * len(self.labels) + 1 + COUNTS

    def calibrated(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of raters for each label's log odds, shape (labels,)."""
        return sigmoid(np.array([np.interp(x, *curve) for x, curve in zip(log_odds, self._curves, strict=True)]))


def _check(label: str, part: Part) -> None:
    if len(part.before) != len(part.after) or len(part.after) < 2:  # noqa: PLR2004 - two ends
        raise ModelError(f"the curve of `{label}` has {len(part.before)} and {len(part.after)} corners; {MEND}")
    for side in (part.before, part.after):
        if not all(low < high for low, high in pairwise(side)):
            raise ModelError(f"the curve of `{label}` does not rise; {MEND}")
