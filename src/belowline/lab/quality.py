"""Measure the abuse model on everything there is: `python -m belowline.lab.quality --data DIR [--write FILE]`.

Prints the table of docs/reference/quality.md, and writes it there with --write, with the reliability plot beside it.
Rows are scored as the engine scores them, in as many processes as there are cores.
"""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from belowline.engine.policy import Settings
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission
from belowline.lab.audit import Choices, SuiteAudit, TemplateAudit, audit
from belowline.lab.charts import as_file, reliability_chart
from belowline.lab.datasets import EVERY_COLOUR, LABELS, Row, label_matrix, read_rows
from belowline.lab.distinct import Recorded, Scores, column, score_in_processes
from belowline.lab.encoder_rows import Corpus, read_corpus
from belowline.lab.fit_cascade import character_f1
from belowline.lab.metrics import auroc, estimate, expected_calibration_error
from belowline.lab.quality_table import Line, put_table, table
from belowline.lab.reliability import of_label
from belowline.lab.suites import MAJORITY, Suites, own_lines, read_suites

WANTED = {
    ("jigsaw_test", "toxicity"): (0.957, 0.978),
    ("impermium", "insult"): (0.816, 0.92),
    ("measuring_hate_test", "identity_attack"): (0.82, 0.88),
    ("dynahate_test", "identity_attack"): (0.727, 0.85),
    ("hatemoji_check", "identity_attack"): (0.80, 0.87),
    ("madlibs_77k", "toxicity"): (0.90, 0.97),
}
"""File and label: the area under the curve of TF-IDF and logistic regression, and what we want."""
SAMPLE = 3_000
CLEAN = 0.3
"""No harmless sentence that names a group should score so much toxicity."""


class Material(NamedTuple):
    """Everything that is measured on."""

    files: dict[str, list[Row]]
    kept_apart: list[Row]
    """Rows that training kept apart, with the labels that it would have taught."""
    suite: list[str]
    own: Suites

    def texts(self) -> Iterator[str]:
        """Yield every text, some of them again."""
        for rows in (*self.files.values(), self.kept_apart):
            yield from (row.text for row in rows)
        yield from self.suite
        yield from self.own.texts()


def read_material(data: Path, own: Path, colours: frozenset[str]) -> Material:
    """Read test files, the rows that training kept apart, and our own suites.

    Raises:
        OSError: a file is missing.
    """
    corpus = read_corpus(data, colours)
    return Material(
        files={path.name.partition(".")[0]: read_rows(path) for path in sorted((data / "test/abuse").glob("*.gz"))},
        kept_apart=[taught(corpus, place) for place in np.flatnonzero(corpus.held_out).tolist()],
        suite=[case.text for case in _suite(own)],
        own=read_suites(own),
    )


def taught(corpus: Corpus, place: int) -> Row:
    """Return a row with those of its labels that training takes from its source, as training takes them."""
    row = corpus.rows[place]
    known = zip(LABELS, corpus.weights[place].tolist(), corpus.targets[place].tolist(), strict=True)
    return Row(
        id=row.id, text=row.text, source=row.source, labels={label: target for label, weight, target in known if weight}
    )


def _suite(own: Path) -> list[Any]:
    from belowline.lab.audit_files import read_audit_file

    return list(read_audit_file(own / "functional.csv"))


def public_lines(material: Material, scores: Scores) -> Iterator[Line]:
    """Yield the area under the curve on every public test file and label, with 95 % bootstrap intervals."""
    for name, rows in material.files.items():
        targets, known = label_matrix(rows)
        for place, label in enumerate(LABELS):
            here = np.flatnonzero(known[:, place])
            truth = targets[here, place] >= MAJORITY
            wanted = WANTED.get((name, label))
            if name == "toxic_spans_test" or not truth.any() or truth.all():
                continue
            values = column(scores, (rows[at].text for at in here), label)
            found = estimate(auroc, truth, values, resamples=100)
            figure = f"{found.value:.3f} ({found.low:.3f}-{found.high:.3f})"
            baseline, least = wanted or ("", "")
            yield Line(f"{name}, {label}: AUC", figure, f"{least}", f"{baseline}")


def settling_lines(material: Material, scores: Scores, folder: Path | None) -> Iterator[Line]:
    """Yield what the first stage costs by settling comments alone, on at most SAMPLE rows of each file."""
    draw = np.random.default_rng(0)
    chosen = {}
    for name, label in WANTED:
        rows = [row for row in material.files.get(name, []) if label in row.labels]
        places = draw.permutation(len(rows))[:SAMPLE]
        chosen[name, label] = [rows[at] for at in places.tolist()]
    read, _ = score_in_processes((row.text for rows in chosen.values() for row in rows), folder, always_encodes=True)
    for (name, label), rows in chosen.items():
        truth = np.array([row.labels[label] >= MAJORITY for row in rows])
        if rows and truth.any() and not truth.all():
            by_both, by_encoder = (
                auroc(truth, column(known, (row.text for row in rows), label)) for known in (scores, read)
            )
            figure = f"{100 * (by_encoder - by_both):.2f}"
            yield Line(
                f"{name}, {label}: points of AUC lost by the first stage alone ({len(rows)} rows)", figure, "0.2"
            )


def span_lines(material: Material, spans: dict[str, list[tuple[int, int]]]) -> Iterator[Line]:
    """Yield the character F1 of SemEval-2021 task 5."""
    rows = material.files.get("toxic_spans_test", [])
    scores = []
    for row in rows:
        gold, found = (np.zeros(len(row.text), dtype=bool) for _ in range(2))
        for marks, pairs in ((gold, row.extra["gold_spans"]), (found, spans[row.text])):
            for start, end in pairs:
                marks[start:end] = True
        scores.append(character_f1(gold, found))
    if scores:
        yield Line("toxic_spans_test, passages: F1", f"{np.mean(scores):.3f}", "0.66", "0.649")


def reliability_lines(material: Material, scores: Scores) -> Iterator[Line]:
    """Yield the expected calibration error per label, on all rows kept apart and on natural ones alone."""
    for title, sources in (("rows kept apart", None), ("wikiconv_cat kept apart", {"wikiconv_cat"})):
        rows = [row for row in material.kept_apart if sources is None or row.source in sources]
        targets, known = label_matrix(rows)
        for place, label in enumerate(LABELS):
            here = np.flatnonzero(known[:, place])
            if len(here):
                values = column(scores, (rows[at].text for at in here), label)
                error = expected_calibration_error(targets[here, place].astype(np.float64), values)
                yield Line(f"{title} ({len(here)}), {label}: ECE", f"{error:.3f}", "0.03")


def identity_lines(report: TemplateAudit, rows: Sequence[Row], scores: Scores) -> Iterator[Line]:
    """Yield how the identities of the madlibs fare."""
    worst = min((one for one in report.identities if one.aucs.bpsn_auc is not None), key=lambda one: one.aucs.bpsn_auc)  # type: ignore[arg-type,return-value]
    yield Line("madlibs_77k, every template counting alike: AUC", f"{report.auroc_by_template:.3f}")
    yield Line("madlibs_77k, BPSN AUC, generalised mean", f"{report.means.bpsn_auc:.3f}")
    yield Line(f"madlibs_77k, BPSN AUC, worst identity ({worst.identity})", f"{worst.aucs.bpsn_auc:.3f}", "0.95")
    clean = [row for row in rows if row.labels["toxicity"] == 0]
    values = column(scores, (row.text for row in clean), "toxicity")
    above: dict[str, list[bool]] = {}
    for row, value in zip(clean, values.tolist(), strict=True):
        above.setdefault(str(row.extra.get("identity", "nobody")), []).append(value > CLEAN)
    most = max(above, key=lambda name: float(np.mean(above[name])))
    shares = f"{np.mean(values > CLEAN):.2%}; most for {most}: {np.mean(above[most]):.2%}"
    yield Line(f"madlibs_77k, harmless sentences above {CLEAN} toxicity", shares, "0")


def suite_lines(title: str, report: SuiteAudit) -> Iterator[Line]:
    """Yield how many functional cases are right."""
    for what, share in (("all", report.right), ("hateful", report.hateful), ("harmless", report.non_hateful)):
        if share is not None:
            yield Line(f"{title}: right, {what} ({share.cases})", f"{share.share.value:.1%}")


class Quality(NamedTuple):
    """What was measured."""

    version: str
    lines: list[Line]
    plot: str
    """The reliability plot of the rows kept apart, as SVG."""


def measure(data: Path, own: Path, folder: Path | None, colours: frozenset[str]) -> Quality:
    """Measure everything.

    Raises:
        OSError: a file is missing. ModelError: the model cannot be loaded.
    """
    signal = AbuseSignal.load(folder, version=None)
    material = read_material(data, own, colours)
    scores, spans = score_in_processes(material.texts(), folder)
    recorded = Recorded(scores, signal.version)
    lines = [*public_lines(material, scores), *span_lines(material, spans)]
    madlibs = data / "test/abuse/madlibs_77k.jsonl.gz"
    (templates,) = audit(recorded, [madlibs], Choices()).files
    if isinstance(templates, TemplateAudit):
        lines += identity_lines(templates, material.files["madlibs_77k"], scores)
    for names in (("identity_attack",), ("toxicity",), ("toxicity", "identity_attack")):
        (suite,) = audit(recorded, [own / "functional.csv"], Choices(names=names)).files
        if isinstance(suite, SuiteAudit):
            lines += suite_lines(f"our functional suite by {' or '.join(names)} at .5", suite)
    lines += own_lines(material.own, scores)
    lines += reliability_lines(material, scores)
    if signal.cascade is not None:
        lines += settled_lines(material, signal)
        lines += settling_lines(material, scores, folder)
    found = [of_label(label, material.kept_apart, scores) for label in LABELS]
    plot = as_file(reliability_chart([(one.label, one.ece, one.bins) for one in found], "reliability"))
    return Quality(signal.version, lines, plot)


def settled_lines(material: Material, signal: AbuseSignal) -> Iterator[Line]:
    """Yield the share of natural comments that the first stage settles alone."""
    cascade = signal.cascade
    natural = [row.text for row in material.kept_apart if row.source == "wikiconv_cat"]
    if cascade is not None and natural:
        forms = [Prepared(Submission(text=text, language="en"), Settings()).normalised.text for text in natural]
        share = np.mean([cascade.settles(cascade.first_stage(form)) for form in forms])
        yield Line(f"wikiconv_cat kept apart ({len(natural)}): settled by the first stage", f"{share:.1%}")


PLOT = "abuse-reliability.svg"


def write(path: Path, quality: Quality) -> None:
    """Put the table between its marks in a page, and the plot beside the page; raises as `put_table` does."""
    put_table(path, quality.version, quality.lines)
    path.with_name(PLOT).write_text(quality.plot + "\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m belowline.lab.quality", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the data folder, with train/ and test/")
    parser.add_argument("--own", type=Path, default=Path("tests/gold/abuse"), help="our own suites")
    parser.add_argument("--model", type=Path, help="the folder of another model than the shipped one")
    parser.add_argument("--only", choices=["green"], help="the rows kept apart are those of green sources alone")
    parser.add_argument("--write", type=Path, help="a page whose table is replaced; the plot goes beside it")
    given = parser.parse_args(arguments)
    colours = frozenset({given.only}) if given.only else EVERY_COLOUR
    found = measure(given.data, given.own, given.model, colours)
    print(table(found.lines))
    if given.write:
        write(given.write, found)


if __name__ == "__main__":
    main()
