"""An audit as tables on the terminal."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from belowline.lab.audit import MEASURES, Report, Share, SuiteAudit, TemplateAudit


def show(report: Report, console: Console) -> None:
    """Print every file's figures; rates are shares in [0, 1] with their 95 % interval."""
    for found in report.files:
        console.print(
            f"[bold]{found.file}[/bold]: {counted(found)}, model {report.model}, from {report.threshold:g} on"
        )
        if isinstance(found, TemplateAudit):
            _show_templates(found, console)
        else:
            _show_suite(found, console)


def counted(found: TemplateAudit | SuiteAudit) -> str:
    """Say how many rows were audited, and that they are a sample where they are."""
    if found.rows == found.rows_in_file:
        return f"all {found.rows:,} rows"
    return f"a sample of {found.rows:,} of {found.rows_in_file:,} rows"


def rate(share: Share | None) -> str:
    """Return a share with its interval, or a dash where there are no cases."""
    if share is None:
        return "-"
    return f"{share.share.value:.3f} ({share.share.low:.3f}-{share.share.high:.3f})"


def figure(value: float | None) -> str:
    """Return a figure with three digits, or a dash where there is none."""
    return "-" if value is None else f"{value:.3f}"


def _show_templates(found: TemplateAudit, console: Console) -> None:
    whole = Table("figure", "value")
    whole.add_row("AUC", figure(found.auroc))
    whole.add_row("AUC, templates weighted alike", figure(found.auroc_by_template))
    for name in MEASURES:
        whole.add_row(f"generalised mean of {_spoken(name)}", figure(getattr(found.means, name)))
    if found.worst:
        whole.add_row(
            "worst", f"{escape(found.worst.identity)}: {_spoken(found.worst.measure)} {found.worst.value:.3f}"
        )
    whole.add_row("false-positive rate (FPR)", rate(found.false_positives))
    whole.add_row("false-negative rate (FNR)", rate(found.false_negatives))
    whole.add_row("FPED, of false-positive rates", figure(found.fped))
    whole.add_row("FNED, of false-negative rates", figure(found.fned))
    console.print(whole)
    table = Table("identity", "rows", "subgroup", "BPSN", "BNSP", "FPR", "FNR")
    for one in sorted(found.identities, key=lambda one: one.lowest):
        aucs = [figure(getattr(one.aucs, name)) for name in MEASURES]
        table.add_row(
            escape(one.identity), str(one.rows), *aucs, *map(_value, (one.false_positives, one.false_negatives))
        )
    console.print(table)


def _value(share: Share | None) -> str:
    return figure(None if share is None else share.share.value)


def _spoken(measure: str) -> str:
    return measure.replace("_auc", " AUC").replace("bpsn", "BPSN").replace("bnsp", "BNSP")


def _show_suite(found: SuiteAudit, console: Console) -> None:
    console.print(f"A case counts as hateful by the highest of: {', '.join(found.scores)}.")
    table = Table("functionality", "expected", "cases", "accuracy (95 %)")
    for one in found.functionalities:
        table.add_row(escape(one.functionality), one.expected, str(one.right.cases), rate(one.right))
    table.add_section()
    for name, share in (("hateful", found.hateful), ("non-hateful", found.non_hateful), ("both", found.right)):
        if share is not None:
            table.add_row("all", name, str(share.cases), rate(share))
    console.print(table)
    if found.targets:
        groups = Table("target", "cases", "accuracy (95 %)", "false positives")
        for target in found.targets:
            groups.add_row(
                escape(target.target), str(target.right.cases), rate(target.right), rate(target.false_positives)
            )
        console.print(groups)
