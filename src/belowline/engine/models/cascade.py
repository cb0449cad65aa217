"""The abuse model: a quick first stage, and for what that is not sure of the encoder and a model of words and letters.

The first stage settles a text alone when it guesses every logit of the encoder to lie below a cut-off (a cascade as of
Viola and Jones 2001, CVPR). Otherwise the encoder reads it, and each label's log odds are a weighted sum of its logits
and of what words and letters say. A curve fitted to rows kept apart turns log odds into the share of raters who would
agree (binned isotonic regression; Zadrozny and Elkan 2002, KDD).
"""

from itertools import pairwise
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle
from belowline.engine.models.encoder import Encoded, Encoder
from belowline.engine.models.first_stage import FirstStage
from belowline.engine.models.hashed import HashedModel, sigmoid
from belowline.engine.models.tokens import Window
from belowline.engine.text.persons import COUNTS, person_counts

ABUSIVE = 6
"""The labels of abuse: all but the last two."""
KINDS = ("any", "insult", "profanity", "threat", "identity_attack")
"""What a token can be marked as; `any` is all types together."""
MOST_WINDOWS = 4
"""So many windows of a long text are read by the encoder: those that the first stage doubts most."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """How one label is put together. All log odds are natural logarithms."""

    encoder: dict[str, float]
    """Weight of each of the encoder's logits, by its label; those that are absent weigh nothing."""
    words: float
    """Weight of the log odds of words and letters."""
    shift: float
    settled_slope: float
    """Where the first stage settles a text, its logit times this ..."""
    settled_shift: float
    """... and this stand for the sum of both."""
    before: tuple[float, ...]
    """The corners of the calibration curve: rising log odds ..."""
    after: tuple[float, ...]
    """... and those of the share of raters at each, rising too; the ends hold for all beyond."""


class Parameters(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifest says beside what the model of words and letters needs."""

    parts: dict[str, Part]
    """One for each label."""
    mark_from: float
    """A token counts as marked from this likelihood on, in (0, 1)."""
    settled_below: float
    """The first stage settles a text when all its logits of abusive labels lie below this."""


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
    """All parts of the model and how they are put together; serves any number of threads."""

    def __init__(self, first: FirstStage, encoder: Encoder, words: HashedModel, parameters: Parameters) -> None:
        """Put them together; raises ModelError when labels and parts differ, or a curve does not rise."""
        self.first = first
        self.encoder = encoder
        self.words = words
        self.mark_from = parameters.mark_from
        self.labels = words.labels
        if set(self.labels) != set(parameters.parts):
            raise ModelError(f"the labels {self.labels} do not fit the parts of the cascade; {MEND}")
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
        self._settled_below = parameters.settled_below
        self.always_encodes = False
        """Set it to let the encoder read every text, as when the cost of settling is measured."""

    @classmethod
    def from_bundle(cls, bundle: Bundle, words: HashedModel) -> "Cascade":
        """Read both networks and the parameters out of a verified bundle.

        Raises:
            ModelError: something is missing or damaged, or does not fit together.
        """
        try:
            parameters = msgspec.convert(bundle.manifest.parameters, Parameters)
        except msgspec.ValidationError as error:
            raise ModelError(f"the parameters of `{bundle.manifest.name}` are damaged ({error}); {MEND}") from error
        labels = len(words.labels)
        encoder = Encoder.from_bundle(bundle, labels=labels, kinds=len(KINDS))
        return cls(FirstStage.from_bundle(bundle, labels=labels), encoder, words, parameters)

    def settles(self, first: NDArray[np.float64]) -> bool:
        """Say whether the first stage's logits of a text's windows, shape (windows, labels), leave nothing to do."""
        return bool(first[:, :ABUSIVE].max() < self._settled_below) and not self.always_encodes

    def judge(self, text: str) -> Judged:
        """Judge a normalised text."""
        windows = self.encoder.windows(text)
        first = self.first.read(windows)
        if not self.settles(first):
            return self._encode(text, most_doubtful(windows, first))
        log_odds = first.max(axis=0) * self._settled[0] + self._settled[1]
        return Judged(self.calibrated(log_odds), [], [], np.zeros(len(self.labels), dtype=np.int64), log_odds)

    def encode(self, text: str) -> Judged:
        """Judge a normalised text by the encoder and by words and letters, whatever the first stage says."""
        windows = self.encoder.windows(text)
        if len(windows) > MOST_WINDOWS:
            windows = most_doubtful(windows, self.first.read(windows))
        return self._encode(text, windows)

    def _encode(self, text: str, windows: list[Window]) -> Judged:
        """Judge a text by some of its windows; each label takes the strongest."""
        passages = [text] if len(windows) == 1 else [text[window.passage] for window in windows]
        encoded = self.encoder.read(windows)
        by_words = np.array([self.words.read(passage) for passage in passages])
        log_odds = self.joined(np.array([found.logits for found in encoded]), by_words)
        highest = log_odds.max(axis=0)
        return Judged(self.calibrated(highest), windows, encoded, log_odds.argmax(axis=0), highest)

    def first_stage(self, text: str) -> NDArray[np.float64]:
        """Return the first stage's logits of a normalised text, shape (windows, labels)."""
        return self.first.read(self.encoder.windows(text))

    def joined(self, encoder: NDArray[np.float64], words: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the weighted sum of what both say, all of shape (windows, labels)."""
        total: NDArray[np.float64] = encoder @ self._of_encoder + words * self._of_words + self._shifts
        return total

    def traits(self, text: str, judged: Judged) -> NDArray[np.float32]:
        """Return what a newsroom's head reads of a text, shape (traits_width,): the same text, the same values.

        First the encoder's pooled vector, the mean over the windows; then each label's log odds, those by words and
        letters, and whom the text is about. A text that the first stage settled is read by the encoder for this.
        """
        read = self.encode(text) if judged.settled else judged
        pooled = np.mean([found.pooled for found in read.encoded], axis=0)
        return np.concatenate((pooled, read.log_odds, self.words.read(text), person_counts(text))).astype(np.float32)

    @property
    def traits_width(self) -> int:
        """How many numbers `traits` gives."""
        return self.encoder.pooled_width + 2 * len(self.labels) + COUNTS

    def calibrated(self, log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the share of raters for each label's log odds, shape (labels,)."""
        return sigmoid(np.array([np.interp(x, *curve) for x, curve in zip(log_odds, self._curves, strict=True)]))


def most_doubtful(windows: list[Window], first: NDArray[np.float64]) -> list[Window]:
    """Return the MOST_WINDOWS windows with the highest abusive logits, (windows, labels), in their order."""
    doubted = np.sort(np.argsort(-first[:, :ABUSIVE].max(axis=1), kind="stable")[:MOST_WINDOWS])
    return [windows[at] for at in doubted]


def _check(label: str, part: Part) -> None:
    if len(part.before) != len(part.after) or len(part.after) < 2:  # noqa: PLR2004 - two ends
        raise ModelError(f"the curve of `{label}` has {len(part.before)} and {len(part.after)} corners; {MEND}")
    for side in (part.before, part.after):
        if not all(low < high for low, high in pairwise(side)):
            raise ModelError(f"the curve of `{label}` does not rise; {MEND}")
