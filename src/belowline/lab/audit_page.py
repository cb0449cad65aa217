"""An audit as one HTML page that needs nothing else: no script, no font, no address."""

from collections.abc import Sequence
from html import escape

from belowline.lab.audit import Identity, Report, Share, SuiteAudit, Target, TemplateAudit
from belowline.lab.audit_tables import counted, figure
from belowline.lab.charts import auc_chart, functionality_chart, percent, rate_chart
from belowline.lab.metrics import Estimate
from belowline.lab.page import BARS, DOTS, TONES, Cells, draw_chart, draw_key, draw_table, draw_tiles, whole_page

ANSWERS = ("hateful", "non-hateful", "both")


def render_page(report: Report) -> str:
    """Return the page of an audit."""
    files = [_section(f"f{number}", found) for number, found in enumerate(report.files, 1)]
    drawn = any(found.rows < found.rows_in_file for found in report.files)
    sample = f"At most {report.sample:,} rows of each file were drawn, with the seed {report.seed}." if drawn else ""
    note = f"Belowline {report.belowline}. A score counts from {report.threshold:g} on. {sample}"
    return whole_page(f"Audit of {report.model}", note, files)


def _section(name: str, found: TemplateAudit | SuiteAudit) -> str:
    body = _templates(name, found) if isinstance(found, TemplateAudit) else _suite(name, found)
    kind = "Identity templates" if isinstance(found, TemplateAudit) else "Functional suite"
    head = f"<h2>{escape(found.file)}</h2>\n<p class='quiet'>{kind}: {counted(found)}, {found.texts:,} distinct texts."
    return f"<section>\n{head}</p>\n{body}\n</section>"


# --- identity templates


def _templates(name: str, found: TemplateAudit) -> str:
    worst = (
        (figure(found.worst.value), f"{found.worst.identity}, {_short(found.worst.measure)}") if found.worst else None
    )
    tiles = [
        ("AUC", figure(found.auroc), "all rows"),
        ("AUC by template", figure(found.auroc_by_template), f"{len(found.templates)} templates weighted alike"),
        *([("Lowest AUC of an identity", *worst)] if worst else []),
        ("False positives", _percent(found.false_positives), _interval(found.false_positives)),
        ("FPED", f"{found.fped:.2f}", "0: all identities alike"),
        ("FNED", f"{found.fned:.2f}", "0: all identities alike"),
    ]
    aucs = draw_chart(
        "Three AUCs for each identity",
        "Left is worse; the worst stands on top."
        + draw_key(zip(TONES, DOTS, ("subgroup", "BPSN", "BNSP"), strict=True)),
        auc_chart(found.identities, f"{name}a"),
    )
    means = ", ".join(
        f"{label} {figure(value)}"
        for label, value in (
            ("subgroup", found.means.subgroup_auc),
            ("BPSN", found.means.bpsn_auc),
            ("BNSP", found.means.bnsp_auc),
        )
    )
    text = (
        f"<p>Generalised means over the identities (power -5): {means}. Low BPSN: harmless sentences that name the "
        "identity score too high. Low BNSP: abuse that names it scores too low.</p>"
    )
    rates = _rates(
        f"{name}r", [(one.identity, one.false_positives) for one in found.identities], "identity", found.false_positives
    )
    return f"{draw_tiles(tiles)}\n{text}\n<div class='charts'>{aucs}{rates}</div>\n{_identity_table(found)}"


def _identity_table(found: TemplateAudit) -> str:
    head = ("identity", "rows", "toxic", "subgroup", "BPSN", "BNSP", "false positives", "false negatives")

    def cells(one: Identity) -> Cells:
        aucs = (figure(one.aucs.subgroup_auc), figure(one.aucs.bpsn_auc), figure(one.aucs.bnsp_auc))
        shares = (_percent(one.false_positives), _percent(one.false_negatives))
        return (one.identity, f"{one.rows:,}", f"{one.toxic:,}", *aucs, *shares)

    templates = draw_table("Rows of each template", ("template", "rows"),
                       [(label, f"{rows:,}") for label, rows in found.templates.items()])  # fmt: skip
    return draw_table("All figures by identity", head, map(cells, found.identities)) + templates


def _short(measure: str) -> str:
    return {"subgroup_auc": "subgroup AUC", "bpsn_auc": "BPSN AUC", "bnsp_auc": "BNSP AUC"}[measure]


# --- functional suites


def _suite(name: str, found: SuiteAudit) -> str:
    tiles = [
        ("Accuracy", _percent(found.right), _interval(found.right)),
        ("Hateful cases", _percent(found.hateful), _interval(found.hateful)),
        ("Non-hateful cases", _percent(found.non_hateful), _interval(found.non_hateful)),
    ]
    text = f"<p>A case counts as hateful by the highest of: {escape(', '.join(found.scores))}.</p>"
    expected = {one.expected for one in found.functionalities}
    chart = draw_chart(
        "Accuracy by functionality",
        "The thin line is the 95 % interval."
        + draw_key(entry for entry in zip(TONES, BARS, ANSWERS, strict=True) if entry[2] in expected),
        functionality_chart(found.functionalities, f"{name}a"),
    )
    rates = _rates(f"{name}r", [(one.target, one.false_positives) for one in found.targets], "group")
    kinds = draw_table(
        "All figures by functionality",
        ("functionality", "expected", "cases", "right", "accuracy", "95 %"),
        [
            (one.functionality, one.expected, str(one.right.cases), str(one.right.hits), _percent(one.right),
             _interval(one.right))
            for one in found.functionalities
        ],
    )  # fmt: skip
    return (
        f"{draw_tiles(tiles)}\n{text}\n<div class='charts'>{chart}{rates}</div>\n{kinds}{_target_table(found.targets)}"
    )


def _target_table(targets: Sequence[Target]) -> str:
    head = ("group", "cases", "accuracy", "95 %", "false positives")
    rows = [
        (one.target, str(one.right.cases), _percent(one.right), _interval(one.right), _percent(one.false_positives))
        for one in targets
    ]
    return draw_table("All figures by group", head, rows) if rows else ""


# --- parts of both


def _rates(name: str, rows: Sequence[tuple[str, Share | None]], what: str, overall: Share | None = None) -> str:
    """Return the chart of false positives by identity or group, or nothing where there are none to count."""
    known = [(label, share) for label, share in rows if share is not None]
    found = [(label, share) for label, share in known if share.hits]
    if not known:
        return ""
    line = " The broken line is the rate of all." if overall and found else ""
    clear = len(known) - len(found)
    line += f" Not drawn: {clear} without any." if clear else ""
    return draw_chart(
        f"False positives by {what}",
        f"Share of harmless sentences that reach the threshold.{line}",
        rate_chart(found, name, overall.share.value if overall else None) if found else "",
    )


def _percent(share: Share | None) -> str:
    return "-" if share is None else percent(share.share.value)


def _interval(share: Share | None) -> str:
    return "no cases" if share is None else _between(share.share)


def _between(found: Estimate) -> str:
    return f"{percent(found.low)} to {percent(found.high)}"
