"""Abuse: eight scores out of a cascade of networks and a linear model, and the passages behind them."""

from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from belowline.engine.decision import Score, Span
from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, load_bundle
from belowline.engine.models.cascade import KINDS, Cascade
from belowline.engine.models.hashed import Features, HashedModel, fold, sigmoid
from belowline.engine.models.tokens import GRAPH, Window
from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.signals.base import Prepared
from belowline.engine.text.normalise import Normalised, is_disguised, skeleton

BUNDLE = "abuse"
VERSION = "abuse-cascade-6"
LANGUAGE = "en"
EXPLAINED_FROM = 0.15
"""Scores below this have no spans: nobody acts on them."""
MOST_SPANS = 5
MARKED_AS = {label: label if label in KINDS else KINDS[0] for label in ABUSE_SCORES[:6]}
"""The kind of mark that explains a label; the others are explained by words."""
SPAN_WORDS_SHARE = 0.5
"""No label marks more than this share of a text's words (one word is always allowed)."""
WEAKEST_WORD = 0.25
"""A word is marked when it adds at least this share of what the strongest word adds."""


class AbuseSignal:
    """Eight calibrated shares of raters in [0, 1] for English comments; the model card says what they mean."""

    name = "abuse"
    scores: tuple[str, ...] = ABUSE_SCORES

    def __init__(self, model: HashedModel, version: str = VERSION, cascade: Cascade | None = None) -> None:
        """Use a loaded model of words and letters, and the cascade that it is part of; without one it judges alone.

        Raises:
            ModelError: it lacks one of the eight labels.
        """
        self.version = version
        for label in ABUSE_SCORES:
            if label not in model.labels:
                raise ModelError(f"the model lacks the label `{label}`; {MEND}")
        self.model = model
        self.cascade = cascade
        self._known = cascade.encoder.known_words if cascade is not None else frozenset()
        self._columns = {label: model.labels.index(label) for label in ABUSE_SCORES}

    @classmethod
    def load(cls, folder: Path | None = None, version: str | None = VERSION) -> "AbuseSignal":
        """Load the shipped model, or one in a folder; `version` None takes whichever lies there.

        A bundle without an encoder, as earlier releases had it, is read too.

        Raises:
            ModelError: the model is missing, damaged or of another version.
        """
        bundle = load_bundle(folder or BUNDLE, version=version)
        model = HashedModel.from_bundle(bundle)
        cascade = Cascade.from_bundle(bundle, model) if GRAPH in bundle.contents else None
        return cls(model, bundle.manifest.version, cascade)

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return all eight scores, with spans from EXPLAINED_FROM on; all unchecked where it is not English."""
        if prepared.language != LANGUAGE:
            return dict.fromkeys(ABUSE_SCORES, Score.unchecked("language_unsupported"))
        readings = self._readings(prepared)
        return {label: self._score(label, readings) for label in ABUSE_SCORES}

    @property
    def traits_width(self) -> int:
        """How many numbers a newsroom's head reads of a text; 0: it can read none, for want of an encoder."""
        return self.cascade.traits_width if self.cascade is not None else 0

    @property
    def pooled_width(self) -> int:
        """How many of these are the encoder's vector: the first ones."""
        return self.cascade.encoder.pooled_width if self.cascade is not None else 0

    def traits(self, prepared: Prepared) -> NDArray[np.float32] | None:
        """Return what a newsroom's head reads of a text, shape (traits_width,); None: it is not English.

        Raises:
            ModelError: the model has no encoder.
        """
        if not self.traits_width:
            raise ModelError(f"the abuse model has no encoder, which a newsroom's head needs; {MEND}")
        return self._readings(prepared)[-1].traits if prepared.language == LANGUAGE else None

    def _readings(self, prepared: Prepared) -> list["Reading"]:
        """Return the readings of a text, which is read once, whoever asks."""
        found: list[Reading] | None = prepared.notes.get(self)
        if found is None:
            found = prepared.notes[self] = self._read(prepared)
        return found

    def _read(self, prepared: Prepared) -> list["Reading"]:
        """Read a text as written, or, where it is disguised, without its disguises.

        The encoder knows no disguised words and takes them for abuse, so it gets the undisguised form alone; words
        and letters alone read both.
        """
        forms = [prepared.normalised]
        if is_disguised(prepared.normalised.text):
            forms.append(skeleton(prepared.submission.text, self._known))
        if self.cascade is not None:
            return [DeepReading(self.cascade, forms[-1])]
        return [Reading(self.model, form) for form in forms]

    def _score(self, label: str, readings: list["Reading"]) -> Score:
        column = self._columns[label]
        strongest = max(readings, key=lambda reading: reading.values[column])
        value = float(strongest.values[column])
        return Score(value=value, spans=strongest.spans(label, column) if value >= EXPLAINED_FROM else ())


class Reading:
    """One form of a text (as written, or without its disguises) and its scores by words and letters alone."""

    def __init__(self, model: HashedModel, form: Normalised) -> None:
        self._model = model
        self._form = form

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The scores, in [0, 1], in the order of the model's labels."""
        return sigmoid(self._model.log_odds(self._features))

    @cached_property
    def _folded(self) -> tuple[str, NDArray[np.int64] | None]:
        return fold(self._form.text)

    @cached_property
    def _features(self) -> Features:
        return self._model.hasher.features(self._folded[0])

    @property
    def traits(self) -> NDArray[np.float32]:
        """What a newsroom's head reads; words and letters alone have nothing for it."""
        return np.zeros(0, dtype=np.float32)

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        return self._model.word_log_odds(self._features)

    def spans(self, label: str, column: int) -> tuple[Span, ...]:
        """Return the passages of the original text that carry most of a score."""
        value = float(self.values[column])
        return tuple(
            Span(*self._original(first, last), strength * value, label)
            for first, last, strength in strongest_passages(self._shares[:, column])
        )

    def _original(self, first: int, last: int) -> tuple[int, int]:
        """Return where the words from `first` to `last` stand in the original text: end exclusive."""
        start, end = int(self._features.starts[first]), int(self._features.ends[last])
        origin = self._folded[1]
        if origin is not None:
            start, end = int(origin[start]), int(origin[end - 1]) + 1
        return self._form.original_span(start, end)


class DeepReading(Reading):
    """One form of a text and its scores by the cascade."""

    def __init__(self, cascade: Cascade, form: Normalised) -> None:
        super().__init__(cascade.words, form)
        self._cascade = cascade
        self._judged = cascade.judge(form.text)

    @cached_property
    def values(self) -> NDArray[np.float64]:
        """The calibrated shares of raters, in [0, 1], in the order of the model's labels."""
        return self._judged.values

    @cached_property
    def traits(self) -> NDArray[np.float32]:
        """What a newsroom's head reads of the text, as `Cascade.traits` has it."""
        return self._cascade.traits(self._form.text, self._judged)

    def spans(self, label: str, column: int) -> tuple[Span, ...]:
        """Return the passages that raters would mark; where there are none, the words that weigh most."""
        if self._judged.settled or label not in MARKED_AS:
            return super().spans(label, column)
        at = int(self._judged.strongest[column])
        window, marks = self._judged.windows[at], self._judged.encoded[at].marks
        found = marked_passages(
            window, marks[:, KINDS.index(MARKED_AS[label])], self._form.text, self._cascade.mark_from
        )
        if not found and MARKED_AS[label] != KINDS[0]:
            found = marked_passages(window, marks[:, 0], self._form.text, self._cascade.mark_from)
        if not found:
            return super().spans(label, column)
        value = float(self.values[column])
        return tuple(
            Span(*self._form.original_span(start, end), strength * value, label) for start, end, strength in found
        )


def marked_passages(
    window: Window, marks: NDArray[np.float64], text: str, mark_from: float
) -> list[tuple[int, int, float]]:
    """Return the passages of a window that are marked, in order: start, end (exclusive), strength in (0, 1].

    A word is marked when one of its tokens is, from `mark_from` on; marked words with only blanks between them are
    one passage. The strongest MOST_SPANS are kept, measured against the strongest.
    """
    runs: list[list[float]] = []
    for start, end, likely in zip(window.starts.tolist(), window.ends.tolist(), marks.tolist(), strict=True):
        if runs and start == runs[-1][1] and text[start - 1 : start + 1].isalnum():
            runs[-1] = [runs[-1][0], end, max(runs[-1][2], likely)]
        else:
            runs.append([start, end, likely])
    joined: list[list[float]] = []
    for start, end, likely in runs:
        if likely < mark_from:
            continue
        if joined and not text[int(joined[-1][1]) : int(start)].strip():
            joined[-1] = [joined[-1][0], end, max(joined[-1][2], likely)]
        else:
            joined.append([start, end, likely])
    kept = sorted(sorted(joined, key=lambda run: -run[2])[:MOST_SPANS])
    top = max((run[2] for run in kept), default=1.0)
    return [(int(start), int(end), likely / top) for start, end, likely in kept]


def strongest_passages(shares: NDArray[np.float64]) -> list[tuple[int, int, float]]:
    """Return the passages that carry most of a score, in order: first word, last word, strength in (0, 1].

    `shares` holds what each word adds to the log odds. The strongest words are taken, at most half of all;
    neighbours are merged; the strongest of the passages are kept and measured against the strongest.
    """
    most = max(1, int(len(shares) * SPAN_WORDS_SHARE))
    order = np.argsort(-shares, kind="stable")[:most]
    if not len(order) or shares[order[0]] <= 0:
        return []
    chosen = np.sort(order[shares[order] >= WEAKEST_WORD * shares[order[0]]])
    breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
    runs = [(int(run[0]), int(run[-1]), float(shares[run].sum())) for run in np.split(chosen, breaks)]
    runs = sorted(sorted(runs, key=lambda run: -run[2])[:MOST_SPANS])
    top = max(run[2] for run in runs)
    return [(first, last, total / top) for first, last, total in runs]
