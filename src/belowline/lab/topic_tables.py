"""An evaluation of the on-topic judgement as tables on the terminal."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from belowline.lab.metrics import Estimate
from belowline.lab.topic_report import FileResult, LevelResult, Slice, TopicReport


def show(report: TopicReport, console: Console) -> None:
    """Print every file's figures, all in [0, 1], with their 95 % interval over stories."""
    for found in report.files:
        console.print(
            f"[bold]{escape(found.file)}[/bold]: {counted(found)}, model {report.model}, "
            f"held from {report.threshold:g} on"
        )
        _show_levels(found, console)
        _show_steps(found, console)
        for title, slices in slices_of(found):
            _show_slices(title, slices, console)
        for line in remarks(found):
            console.print(escape(line))


def counted(found: FileResult) -> str:
    """Say how much was measured."""
    comments = f"{found.comments:,} comments"
    if found.comments < found.rows_in_file:
        comments = f"a sample of {found.comments:,} of {found.rows_in_file:,} comments"
    return f"{comments} under {found.stories:,} stories"


def between(found: Estimate) -> str:
    """Return a figure with its interval."""
    return f"{found.value:.3f} ({found.low:.3f}-{found.high:.3f})"


def slices_of(found: FileResult) -> list[tuple[str, Sequence[Slice]]]:
    """Return the breakdowns of the first level that there are, with their titles."""
    if not found.levels:
        return []
    first = found.levels[0]
    parts = (("length", first.by_length), ("depth", first.by_depth), ("section", first.by_section))
    return [(f"{first.level} by {title}", slices) for title, slices in parts if slices]


def remarks(found: FileResult) -> list[str]:
    """Return in sentences what the tables do not hold."""
    order = ", ".join(f"{name} {value:.3f}" for name, value in found.means.items())
    lines = [f"Mean scores: {order}; {'in order' if found.in_order else 'not in order'}."] if order else []
    if found.leak is not None:
        lines.append(f"By the comment alone: AUROC {found.leak.value:.3f}; 0.5 means that the pairs give nothing away.")
    if found.same_event:
        rate = found.same_event
        lines.append(
            f"N4, {rate.what}: {between(rate.held)} of {rate.comments:,} would be held, "
            f"{between(rate.own)} under their own story."
        )
    lines += [f"{name} is left out: {why}." for name, why in found.missing.items()]
    lines += [
        f"Unchecked ({cause}): {count:,} questions; their pairs are left out."
        for cause, count in found.unchecked.items()
    ]
    return lines


def baseline(level: LevelResult, name: str) -> str:
    """Return the AUROC of a simple measure on the pairs of a level."""
    return f"{level.baselines[name].auroc.value:.3f}"


def _show_levels(found: FileResult, console: Console) -> None:
    table = Table(
        "level",
        "comments",
        "AUROC (95 %)",
        "AP",
        "caught at 1 %",
        "at 5 %",
        "held",
        "caught",
        "TF-IDF",
        "nearest passage",
    )
    for level in found.levels:
        figures = (level.average_precision, level.caught_at_1, level.caught_at_5, level.held, level.caught)
        table.add_row(
            level.level,
            f"{level.comments:,}",
            between(level.auroc),
            *(f"{one.value:.3f}" for one in figures),
            *(baseline(level, name) for name in level.baselines),
        )
    console.print(table)
    for level in found.levels:
        console.print(f"{level.level}: {escape(level.what)}")


def _show_steps(found: FileResult, console: Console) -> None:
    table = Table("known of the story", "comments", "AUROC (95 %)")
    for step in found.ablation:
        table.add_row(step.known, f"{step.comments:,}", between(step.auroc))
    if found.ablation:
        console.print(table)


def _show_slices(title: str, slices: Sequence[Slice], console: Console) -> None:
    table = Table(title, "comments", "AUROC (95 %)", "held (95 %)")
    for one in slices:
        table.add_row(escape(one.name), f"{one.comments:,}", between(one.auroc), between(one.held))
    console.print(table)
