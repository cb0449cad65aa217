"""What comes out of judging: scores with their spans, reasons, and the decision. All frozen."""

import enum

import msgspec


class Outcome(enum.StrEnum):
    """What shall happen to a comment."""

    PUBLISH = "publish"
    HOLD = "hold"
    REJECT = "reject"


class Span(msgspec.Struct, frozen=True):
    """A passage of the original text: code point offsets, end exclusive."""

    start: int
    end: int
    score: float
    """In [0, 1]: how much this passage speaks for the label."""
    label: str


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """One measured number in [0, 1], or *unchecked* (value None) with its cause."""

    value: float | None
    cause: str = ""
    """Why it is unchecked: a stable word such as `timeout`, `error`, `no_story`, `language_unsupported`."""
    spans: tuple[Span, ...] = ()
    evidence: str = ""
    """What the score was measured against, for people: the nearest paragraph, the banned term, the language found."""
    kind: str | msgspec.UnsetType = msgspec.UNSET
    """With `off_topic` alone: what kind of comment this is, such as `personal_story` or `substantive`."""

    @classmethod
    def unchecked(cls, cause: str) -> "Score":
        """Return a score that could not be computed, with a stable cause word."""
        return cls(value=None, cause=cause)


class Unchecked(msgspec.Struct, frozen=True):
    """A score that could not be computed, and why."""

    signal: str
    cause: str


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """One rule of the policy that was met, the excerpt, and the sentence shown to the author."""

    rule: str
    outcome: Outcome
    signal: str
    score: float | None
    """None: the rule asks for a score that could not be computed."""
    threshold: float
    start: int | None = None
    end: int | None = None
    explanation: str = ""
    desk: str = "moderators"
    """Who reads it: the rule's `desk`; the moderators where nothing was measured."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided and why; `scores` holds every score, also those that met no rule."""

    outcome: Outcome
    reasons: tuple[Reason, ...]
    scores: dict[str, Score]
    unchecked: tuple[Unchecked, ...]
    language: str
    policy: str
    """Version of the policy that decided."""
    model: str
    """Versions of the models that scored."""
    noted: tuple[Reason, ...] = ()
    """Background rules that were met: counted, not acted upon."""

    @property
    def spans(self) -> tuple[Span, ...]:
        """All spans of all scores, by their place in the text."""
        found = (span for score in self.scores.values() for span in score.spans)
        return tuple(sorted(found, key=lambda span: (span.start, span.end, span.label)))
