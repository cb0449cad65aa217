"""`belowline lab`: measures and audits a model on labelled files."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from belowline.engine.policy import ABUSE_SCORES

if TYPE_CHECKING:
    import msgspec

    from belowline.engine.signals.abuse import AbuseSignal
    from belowline.engine.signals.topic import TopicSignal
    from belowline.lab.reliability import ReliabilityReport

EXTRA = frozenset({"matplotlib", "onnx", "scipy", "sklearn"})
"""The modules of the extra `lab`."""

files_argument = click.argument(
    "files", metavar="FILE...", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
model_option = click.option(
    "--model",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of another model than the shipped one.",
)
out_option = click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Also write the report into this folder; it is made if absent. Needs belowline[lab].",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")

sample_option = click.option("--sample", type=click.IntRange(min=1), help="Draw at most this many rows of each file.")
seed_option = click.option(
    "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Another seed, another sample."
)
resamples_option = click.option(
    "--resamples", type=click.IntRange(min=0), default=200, show_default=True, help="For the intervals."
)


class LabGroup(click.Group):
    """A group that says how to install the extra `lab` when a command needs it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] not in EXTRA:
                raise
            message = f"{error.name} is not installed, and this needs it: pip install 'belowline[lab]'"
            raise click.ClickException(message) from error


@click.group(cls=LabGroup, short_help="Measure and audit a model on labelled files.")
def lab() -> None:
    """Measure and audit a model on labelled files."""


@lab.command()
@files_argument
@out_option
@json_option
@model_option
@click.option(
    "--threshold", type=click.FloatRange(0, 1), default=0.5, show_default=True, help="A score counts from here."
)
@click.option(
    "--score",
    "names",
    type=click.Choice(ABUSE_SCORES),
    multiple=True,
    default=("toxicity", "identity_attack"),
    show_default=True,
    help="A case of a suite counts as hateful by the highest of these. May be repeated.",
)
@sample_option
@seed_option
def audit(  # noqa: PLR0913, PLR0917 - a command's options
    files: tuple[Path, ...],
    out: Path | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
    model: Path | None,
    threshold: float,
    names: tuple[str, ...],
    sample: int | None,
    seed: int,
) -> None:
    """Audit a model: does it treat identities alike, and what does it do with hard cases?

    FILE holds identity templates (JSON lines) or a functional suite in the columns of HateCheck (CSV); which of the
    two shows in its content.
    """
    from belowline.lab import audit as auditing

    if out:
        from belowline.lab import audit_page  # before the scoring: what is missing shows at once

    with _file_errors():
        choices = auditing.Choices(threshold=threshold, names=names, sample=sample, seed=seed)
        report = auditing.audit(_signal(model), files, choices, _watch)
        if out:
            _write(out, {"report.html": audit_page.render_page(report), "report.json": _as_json(report)})
    if as_json:
        click.echo(_as_json(report), nl=False)
        return
    from rich.console import Console

    from belowline.lab.audit_tables import show

    show(report, Console())


@lab.command()
@files_argument
@out_option
@json_option
@model_option
@click.option("--bins", type=click.IntRange(1, 100), default=15, show_default=True, help="Stretches of equal width.")
def reliability(files: tuple[Path, ...], out: Path | None, as_json: bool, model: Path | None, bins: int) -> None:  # noqa: FBT001
    """Compare scores with the shares of raters that they promise, label by label.

    FILE holds labelled comments: JSON lines, with or without gzip.
    """
    from belowline.lab.reliability import measure_files

    if out:
        from belowline.lab import charts

    with _file_errors():
        report = measure_files(_signal(model), files, bins, _watch)
        if out:
            drawn = {
                f"reliability-{number}-{file.file.partition('.')[0]}.svg": charts.as_file(
                    charts.reliability_chart([(one.label, one.ece, one.bins) for one in file.labels], "r")
                )
                for number, file in enumerate(report.files, 1)
                if file.labels
            }
            _write(out, drawn | {"reliability.json": _as_json(report)})
    if as_json:
        click.echo(_as_json(report), nl=False)
    else:
        _show_reliability(report)


@lab.group()
def evaluate() -> None:
    """Measure how well a signal tells what its labels say."""


@evaluate.command()
@files_argument
@model_option
@json_option
@resamples_option
def abuse(files: tuple[Path, ...], model: Path | None, as_json: bool, resamples: int) -> None:  # noqa: FBT001
    """Measure the abuse signal on FILE: labelled comments, as JSON lines, with or without gzip."""
    from belowline.lab.audit_files import read_labelled
    from belowline.lab.distinct import column, score_texts
    from belowline.lab.evaluate import Result, evaluate_rows, show

    results: list[Result] = []
    with _file_errors():
        signal = _signal(model)
        read = {path: read_labelled(path) for path in files}
        scores = score_texts(signal, [row.text for rows in read.values() for row in rows], _watch)
        for path, rows in read.items():
            texts = [row.text for row in rows]
            columns = {name: column(scores, texts, name) for name in signal.scores}
            results += evaluate_rows(path.name.partition(".")[0], rows, columns, resamples=resamples)
    if as_json:
        click.echo(_as_json(results), nl=False)
        return
    from rich.console import Console

    show(results, Console())


@evaluate.command()
@files_argument
@model_option
@out_option
@json_option
@sample_option
@seed_option
@resamples_option
def topic(  # noqa: PLR0913, PLR0917 - a command's options
    files: tuple[Path, ...],
    model: Path | None,
    out: Path | None,
    as_json: bool,  # noqa: FBT001 - a command's flag
    sample: int | None,
    seed: int,
    resamples: int,
) -> None:
    """Measure the on-topic judgement on FILE: comments with their stories, as JSON lines, with or without gzip.

    Each comment is held against its own story and against wrong ones, from any other to the nearest. Needs
    belowline[lab].
    """
    from belowline.lab import topic_evaluate, topic_tables

    if out:
        from belowline.lab import topic_page  # before the scoring: what is missing shows at once

    with _file_errors():
        choices = topic_evaluate.Choices(sample=sample, seed=seed, resamples=resamples)
        report = topic_evaluate.evaluate(_topic_signal(model), files, choices, _watch)
        if out:
            _write(out, {"report.html": topic_page.render_page(report), "report.json": _as_json(report)})
    if as_json:
        click.echo(_as_json(report), nl=False)
        return
    from rich.console import Console

    topic_tables.show(report, Console())


def _topic_signal(model: Path | None) -> "TopicSignal":
    from belowline.cli.loading import start_errors
    from belowline.engine.signals.topic import TopicSignal

    with start_errors():
        return TopicSignal.load(model, version=None)


def _signal(model: Path | None) -> "AbuseSignal":
    from belowline.cli.loading import start_errors
    from belowline.engine.signals.abuse import AbuseSignal

    with start_errors():
        return AbuseSignal.load(model, version=None)


@contextmanager
def _file_errors() -> Iterator[None]:
    """Turn what is wrong with a file into a sentence and exit status 2; with the disk, exit status 1."""
    from belowline.cli.loading import StartError
    from belowline.lab.audit_files import FileError
    from belowline.lab.distinct import UnscoredError

    try:
        yield
    except (FileError, UnscoredError) as error:
        raise StartError(str(error)) from error
    except OSError as error:
        raise click.ClickException(f"{error.filename or 'the report'} cannot be written: {error.strerror}") from error


def _watch(texts: Sequence[str]) -> Iterable[str]:
    """Show on a terminal how many texts are scored."""
    from rich.console import Console
    from rich.progress import track

    return track(texts, "Scoring", console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True)


def _write(folder: Path, contents: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (folder / name).write_text(content, "utf-8")
        click.echo(f"Wrote {folder / name}", err=True)


def _as_json(report: "msgspec.Struct | Sequence[msgspec.Struct]") -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"


def _show_reliability(report: "ReliabilityReport") -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("file", "label", "rows", "mean target", "mean score", f"ECE ({report.bins} bins)", title=report.model)
    for file in report.files:
        for one in file.labels:
            figures = (f"{value:.3f}" for value in (one.target, one.score, one.ece))
            table.add_row(file.file, one.label, f"{one.rows:,}", *figures)
    Console().print(table)
