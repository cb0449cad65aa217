"""Auditing a model: does it treat identities alike, and what does it do with cases made to test one thing each?"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np

from belowline import __version__
from belowline.lab.audit_files import FileError, SuiteCase, TemplateRow, read_audit_file, sample
from belowline.lab.distinct import Scorer, Watch, column, score_texts
from belowline.lab.metrics import (
    Estimate,
    Numbers,
    Truth,
    auroc,
    bnsp_auc,
    bpsn_auc,
    generalised_mean,
    subgroup_auc,
    weighted_auroc,
    wilson,
)

POWER = -5
HATE_SCORES = ("toxicity", "identity_attack")
"""A case of a suite counts as hateful when the highest of these reaches the threshold."""
MEASURES = ("subgroup_auc", "bpsn_auc", "bnsp_auc")


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """How many of the cases it is, with the 95 % interval of the share (Wilson 1927)."""

    cases: int
    hits: int
    share: Estimate
    """In [0, 1]."""


class Aucs(msgspec.Struct, frozen=True, kw_only=True):
    """The three AUCs of Borkan et al. 2019 in [0, 1]; null where one of the answers does not occur."""

    subgroup_auc: float | None
    bpsn_auc: float | None
    bnsp_auc: float | None


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """How one identity is treated."""

    identity: str
    rows: int
    toxic: int
    aucs: Aucs
    false_positives: Share | None
    """Of the harmless sentences that name it: those that reach the threshold."""
    false_negatives: Share | None
    """Of the toxic sentences that name it: those that do not."""

    @property
    def lowest(self) -> float:
        """The lowest of its AUCs that there are; 1 where there is none."""
        return min((value for name in MEASURES if (value := getattr(self.aucs, name)) is not None), default=1.0)


class Worst(msgspec.Struct, frozen=True):
    """The lowest figure of all, and whose it is."""

    identity: str
    measure: str
    value: float


class TemplateAudit(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="identity_templates"):
    """What a file of identity templates shows; the score is toxicity."""

    file: str
    rows_in_file: int
    rows: int
    """Audited; fewer than in the file where a sample was drawn."""
    texts: int
    """Distinct ones, each scored once."""
    auroc: float
    auroc_by_template: float
    """Every template counts the same, however many of the rows it has."""
    templates: dict[str, int]
    """Rows of each."""
    means: Aucs
    """Generalised means over the identities, of power -5."""
    worst: Worst | None
    false_positives: Share | None
    false_negatives: Share | None
    fped: float
    """Sum over identities of |rate - overall rate| of false positives (Dixon et al. 2018): 0 is equal treatment."""
    fned: float
    """The same of false negatives."""
    identities: list[Identity]


class Functionality(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases of one kind are judged rightly."""

    functionality: str
    expected: str
    """hateful, non-hateful or both."""
    right: Share


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """How many cases about one group are judged rightly."""

    target: str
    right: Share
    false_positives: Share | None
    """Of its cases that are not hateful: those judged hateful."""


class SuiteAudit(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="functional_suite"):
    """What a functional suite shows."""

    file: str
    rows_in_file: int
    rows: int
    texts: int
    scores: tuple[str, ...]
    right: Share
    hateful: Share | None
    """Of the hateful cases: those judged so."""
    non_hateful: Share | None
    """Of the cases that are not hateful: those judged so."""
    functionalities: list[Functionality]
    targets: list[Target]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that an audit found."""

    belowline: str
    model: str
    """Its name with its version."""
    threshold: float
    """In [0, 1]; a score that reaches it counts."""
    sample: int | None
    """Rows drawn from each file at most; null: all."""
    seed: int
    files: list[TemplateAudit | SuiteAudit]


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever runs an audit may choose."""

    threshold: float = 0.5
    names: tuple[str, ...] = HATE_SCORES
    sample: int | None = None
    seed: int = 0


class Drawn(NamedTuple):
    """A file and the rows of it that are audited."""

    path: Path
    rows_in_file: int
    rows: Sequence[TemplateRow | SuiteCase]


def audit(signal: Scorer, paths: Sequence[Path], choices: Choices, watch: Watch = iter) -> Report:
    """Read all files, score each distinct text once, and return what they show.

    Raises:
        FileError: a file cannot be used. UnscoredError: the model leaves a text out.
    """
    files = [_drawn(path, choices) for path in paths]
    scores = score_texts(signal, [row.text for file in files for row in file.rows], watch)
    found: list[TemplateAudit | SuiteAudit] = []
    for file in files:
        texts = [row.text for row in file.rows]
        templates = [row for row in file.rows if isinstance(row, TemplateRow)]
        cases = [row for row in file.rows if isinstance(row, SuiteCase)]
        if templates:
            found.append(audit_templates(file, templates, column(scores, texts, "toxicity"), choices.threshold))
        else:
            found.append(audit_suite(file, cases, column(scores, texts, *choices.names), choices))
    return Report(
        belowline=__version__,
        model=signal.version,
        threshold=choices.threshold,
        sample=choices.sample,
        seed=choices.seed,
        files=found,
    )


def _drawn(path: Path, choices: Choices) -> Drawn:
    rows = read_audit_file(path)
    if choices.sample is None:
        return Drawn(path, len(rows), rows)
    drawn = sample(rows, choices.sample, choices.seed)
    if isinstance(drawn[0], TemplateRow) and len({row.stratum[1] for row in drawn}) == 1:
        raise FileError(f"{path}: a sample of {choices.sample} has one answer only; draw more rows with --sample")
    return Drawn(path, len(rows), drawn)


def audit_templates(file: Drawn, rows: Sequence[TemplateRow], scores: Numbers, threshold: float) -> TemplateAudit:
    """Return what the scores of a file of identity templates, one for each row, show."""
    truth = np.array([row.is_toxic for row in rows])
    names = np.array([row.identity for row in rows])
    templates = _counts(row.template for row in rows)
    weights = np.array([1 / templates[row.template] for row in rows])
    over = scores >= threshold
    identities = [_identity(name, truth, scores, over, names == name) for name in sorted(set(names.tolist())) if name]
    false_positives, false_negatives = _share(over[~truth]), _share(~over[truth])
    return TemplateAudit(
        file=file.path.name,
        rows_in_file=file.rows_in_file,
        rows=len(rows),
        texts=len({row.text for row in rows}),
        auroc=auroc(truth, scores),
        auroc_by_template=weighted_auroc(truth, scores, weights),
        templates=templates,
        means=Aucs(**{name: _mean(identities, name) for name in MEASURES}),
        worst=_worst(identities),
        false_positives=false_positives,
        false_negatives=false_negatives,
        fped=_difference(false_positives, [one.false_positives for one in identities]),
        fned=_difference(false_negatives, [one.false_negatives for one in identities]),
        identities=identities,
    )


def _identity(name: str, truth: Truth, scores: Numbers, over: Truth, member: Truth) -> Identity:
    return Identity(
        identity=name,
        rows=int(member.sum()),
        toxic=int((member & truth).sum()),
        aucs=Aucs(
            subgroup_auc=_figure(subgroup_auc, truth, scores, member),
            bpsn_auc=_figure(bpsn_auc, truth, scores, member),
            bnsp_auc=_figure(bnsp_auc, truth, scores, member),
        ),
        false_positives=_share(over[member & ~truth]),
        false_negatives=_share(~over[member & truth]),
    )


def _figure(
    measure: Callable[[Truth, Numbers, Truth], float], truth: Truth, scores: Numbers, member: Truth
) -> float | None:
    try:
        return measure(truth, scores, member)
    except ValueError:  # one of the two answers does not occur
        return None


def _share(hits: Truth) -> Share | None:
    if not len(hits):
        return None
    found = int(hits.sum())
    return Share(cases=len(hits), hits=found, share=wilson(found, len(hits)))


def _mean(identities: Sequence[Identity], measure: str) -> float | None:
    found = [value for one in identities if (value := getattr(one.aucs, measure)) is not None]
    return generalised_mean(found, POWER) if found else None


def _worst(identities: Sequence[Identity]) -> Worst | None:
    found = [
        Worst(one.identity, name, value)
        for one in identities
        for name in MEASURES
        if (value := getattr(one.aucs, name)) is not None
    ]
    return min(found, key=lambda one: one.value, default=None)


def _difference(overall: Share | None, parts: Sequence[Share | None]) -> float:
    if overall is None:
        return 0.0
    return sum(abs(part.share.value - overall.share.value) for part in parts if part is not None)


def _counts(names: Iterable[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for name in names:
        found[name] = found.get(name, 0) + 1
    return dict(sorted(found.items()))


def audit_suite(file: Drawn, cases: Sequence[SuiteCase], scores: Numbers, choices: Choices) -> SuiteAudit:
    """Return what the scores of a functional suite, one for each case, show."""
    hateful = np.array([case.is_hateful for case in cases])
    right = (scores >= choices.threshold) == hateful
    kinds = np.array([case.functionality for case in cases])
    targets = np.array([case.target for case in cases])
    return SuiteAudit(
        file=file.path.name,
        rows_in_file=file.rows_in_file,
        rows=len(cases),
        texts=len({case.text for case in cases}),
        scores=choices.names,
        right=_counted(right),
        hateful=_share(right[hateful]),
        non_hateful=_share(right[~hateful]),
        functionalities=[_functionality(name, right, hateful, kinds == name) for name in dict.fromkeys(kinds.tolist())],
        targets=[
            Target(
                target=name,
                right=_counted(right[targets == name]),
                false_positives=_share(~right[(targets == name) & ~hateful]),
            )
            for name in sorted(set(targets.tolist()))
            if name
        ],
    )


def _functionality(name: str, right: Truth, hateful: Truth, here: Truth) -> Functionality:
    answers = set(hateful[here].tolist())
    expected = "both" if len(answers) > 1 else "hateful" if True in answers else "non-hateful"
    return Functionality(functionality=name, expected=expected, right=_counted(right[here]))


def _counted(hits: Truth) -> Share:
    found = int(hits.sum())
    return Share(cases=len(hits), hits=found, share=wilson(found, len(hits)))
