"""What an evaluation of the on-topic judgement found: scores are off-topic, so what does not belong is the positive."""

import msgspec

from belowline.lab.metrics import Bin, Estimate


class Slice(msgspec.Struct, frozen=True, kw_only=True):
    """The comments of one length, depth or section."""

    name: str
    comments: int
    auroc: Estimate
    held: Estimate
    """Share of them that the policy's threshold holds under their own story: wrongly, but for real digressions."""


class Baseline(msgspec.Struct, frozen=True, kw_only=True):
    """What a simple measure makes of the same pairs."""

    auroc: Estimate
    caught_at_1: Estimate


class LevelResult(msgspec.Struct, frozen=True, kw_only=True):
    """How well what belongs is told from what was drawn at one level; one wrong partner for each comment."""

    level: str
    what: str
    comments: int
    stories: int
    auroc: Estimate
    average_precision: Estimate
    caught_at_1: Estimate
    """Share of the wrong pairs found where at most 1 % of the right ones are held."""
    caught_at_5: Estimate
    held: Estimate
    """Share of the right pairs at or above the policy's threshold."""
    caught: Estimate
    """Share of the wrong pairs at or above it."""
    mean_own: float
    mean_other: float
    ece: float
    """Expected calibration error of the scores on these pairs, of which half are wrong; in [0, 1]."""
    brier: float
    """Mean squared error of the scores, in [0, 1] (Brier 1950)."""
    baselines: dict[str, Baseline]
    by_length: list[Slice]
    by_depth: list[Slice]
    by_section: list[Slice]


class SameEvent(msgspec.Struct, frozen=True, kw_only=True):
    """How often comments would be held under another story on the same event: nobody knows which of them rightly."""

    what: str
    comments: int
    held: Estimate
    own: Estimate
    """The same comments under their own story."""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What the judgement makes of less: the comment alone, with the title, with more."""

    known: str
    comments: int
    auroc: Estimate


class RiskPoint(msgspec.Struct, frozen=True, kw_only=True):
    """What comes of it when the machine decides where it is sure, and people see the rest; shares of all pairs."""

    sure: float
    """The machine accepts up to 1 - sure and holds from here on, in [0.5, 1]."""
    accepted: float
    human: float
    held: float
    risk: float
    """Share of the machine's decisions that are wrong; 0 where it takes none."""


class FileResult(msgspec.Struct, frozen=True, kw_only=True):
    """All that one file shows."""

    file: str
    rows_in_file: int
    comments: int
    stories: int
    levels: list[LevelResult]
    same_event: SameEvent | None
    """Level N4."""
    missing: dict[str, str]
    """Level -> why it is left out."""
    unchecked: dict[str, int]
    """Cause -> questions without a score; their pairs are left out."""
    means: dict[str, float]
    """Mean score of what does not belong at N0 to N3, and of what does: `matched`."""
    in_order: bool
    """Whether these means fall from each to the next."""
    leak: Estimate | None
    """AUROC of a model that sees the comment alone, cross-validated by story: 0.5 unless the pairs give it away."""
    ablation: list[Step]
    risk: list[RiskPoint]
    bins: list[Bin]
    """Reliability of the scores at the first level."""


class TopicReport(msgspec.Struct, frozen=True, kw_only=True):
    """An evaluation of the on-topic judgement."""

    belowline: str
    model: str
    threshold: float
    """From here on the shipped policy holds; in [0, 1]."""
    sample: int | None
    """Comments drawn from each file at most; null: all."""
    seed: int
    resamples: int
    files: list[FileResult]
