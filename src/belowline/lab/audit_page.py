"""An audit as one HTML page that needs nothing else: no script, no font, no address."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from belowline.lab.audit import Identity, Report, Share, SuiteAudit, Target, TemplateAudit
from belowline.lab.audit_tables import counted, figure
from belowline.lab.charts import THEME, auc_chart, functionality_chart, percent, rate_chart
from belowline.lab.metrics import Estimate

STYLE = """
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; background: var(--paper);
  color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; } main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2, h3 { line-height: 1.2; margin: 0 0 .4em; text-wrap: balance; overflow-wrap: anywhere; }
h1, h2 { font-family: "Iowan Old Style", "Palatino Linotype", Palatino, "Noto Serif", Georgia, serif; }
h1 { font-size: 1.9rem; } h2 { font-size: 1.4rem; } h3 { font-size: 1rem; }
p { margin: 0 0 .75em; max-width: 42rem; } .quiet, figcaption, dt { color: var(--quiet); }
section { border-top: 1px solid var(--line); margin-top: 2rem; padding-top: 1.5rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .6rem; margin: 0 0 1.25rem; }
.tiles div { background: var(--raised); border: 1px solid var(--line); border-radius: 10px; padding: .7rem .85rem; }
dt { font-size: .8rem; } dd { margin: 0; font-size: 1.45rem; font-weight: 650; line-height: 1.25;
  font-variant-numeric: tabular-nums; } dd small { display: block; font-size: .8rem; font-weight: 400;
  color: var(--quiet); overflow-wrap: anywhere; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1rem;
  align-items: start; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 10px; padding: .85rem .7rem .5rem; }
figcaption { font-size: .85rem; margin-bottom: .5rem; } figcaption strong { display: block; color: var(--ink);
  font-size: 1rem; } svg { display: block; width: 100%; height: auto; }
.key { display: flex; flex-wrap: wrap; gap: .1rem .9rem; margin-top: .25rem; } .key span { white-space: nowrap; }
.first { color: var(--first); } .second { color: var(--second); } .third { color: var(--third); }
details { margin-top: .5rem; } summary { cursor: pointer; padding: .5rem 0; font-weight: 600; color: var(--first); }
summary:focus-visible, .scroll:focus-visible { outline: 3px solid var(--first); outline-offset: 2px; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .85rem;
  font-variant-numeric: tabular-nums; min-width: 100%; }
th, td { text-align: right; padding: .35rem .6rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; } thead th { color: var(--quiet); font-weight: 600; }
@media print { details { display: block; } .charts { display: block; } figure { break-inside: avoid; } }
"""
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Audit of {model}</title>
<style>{theme}{style}</style>
</head>
<body>
<main>
<h1>Audit of {model}</h1>
<p class="quiet">Belowline {belowline}. A score counts from {threshold:g} on. {sample}</p>
{files}
</main>
</body>
</html>
"""
DOTS, BARS = "●■◆", "■■■"
"""The shapes in a chart: beside the colours, for those who cannot tell the colours apart."""
TONES = ("first", "second", "third")
ANSWERS = ("hateful", "non-hateful", "both")

Cells = Sequence[str]


def render_page(report: Report) -> str:
    """Return the page of an audit."""
    files = [_section(f"f{number}", found) for number, found in enumerate(report.files, 1)]
    drawn = any(found.rows < found.rows_in_file for found in report.files)
    sample = f"At most {report.sample:,} rows of each file were drawn, with the seed {report.seed}." if drawn else ""
    return HEAD.format(
        model=escape(report.model),
        theme=THEME,
        style=STYLE,
        belowline=escape(report.belowline),
        threshold=report.threshold,
        sample=sample,
        files="\n".join(files),
    )


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
    aucs = _chart(
        "Three AUCs for each identity",
        "Left is worse; the worst stands on top." + _key(zip(TONES, DOTS, ("subgroup", "BPSN", "BNSP"), strict=True)),
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
    return f"{_tiles(tiles)}\n{text}\n<div class='charts'>{aucs}{rates}</div>\n{_identity_table(found)}"


def _identity_table(found: TemplateAudit) -> str:
    head = ("identity", "rows", "toxic", "subgroup", "BPSN", "BNSP", "false positives", "false negatives")

    def cells(one: Identity) -> Cells:
        aucs = (figure(one.aucs.subgroup_auc), figure(one.aucs.bpsn_auc), figure(one.aucs.bnsp_auc))
        shares = (_percent(one.false_positives), _percent(one.false_negatives))
        return (one.identity, f"{one.rows:,}", f"{one.toxic:,}", *aucs, *shares)

    templates = _table("Rows of each template", ("template", "rows"),
                       [(label, f"{rows:,}") for label, rows in found.templates.items()])  # fmt: skip
    return _table("All figures by identity", head, map(cells, found.identities)) + templates


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
    chart = _chart(
        "Accuracy by functionality",
        "The thin line is the 95 % interval."
        + _key(entry for entry in zip(TONES, BARS, ANSWERS, strict=True) if entry[2] in expected),
        functionality_chart(found.functionalities, f"{name}a"),
    )
    rates = _rates(f"{name}r", [(one.target, one.false_positives) for one in found.targets], "group")
    kinds = _table(
        "All figures by functionality",
        ("functionality", "expected", "cases", "right", "accuracy", "95 %"),
        [
            (one.functionality, one.expected, str(one.right.cases), str(one.right.hits), _percent(one.right),
             _interval(one.right))
            for one in found.functionalities
        ],
    )  # fmt: skip
    return f"{_tiles(tiles)}\n{text}\n<div class='charts'>{chart}{rates}</div>\n{kinds}{_target_table(found.targets)}"


def _target_table(targets: Sequence[Target]) -> str:
    head = ("group", "cases", "accuracy", "95 %", "false positives")
    rows = [
        (one.target, str(one.right.cases), _percent(one.right), _interval(one.right), _percent(one.false_positives))
        for one in targets
    ]
    return _table("All figures by group", head, rows) if rows else ""


# --- parts of both


def _tiles(tiles: Iterable[tuple[str, str, str]]) -> str:
    found = [
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
        for name, value, note in tiles
    ]
    return f"<dl class='tiles'>{''.join(found)}</dl>"


def _rates(name: str, rows: Sequence[tuple[str, Share | None]], what: str, overall: Share | None = None) -> str:
    """Return the chart of false positives by identity or group, or nothing where there are none to count."""
    known = [(label, share) for label, share in rows if share is not None]
    found = [(label, share) for label, share in known if share.hits]
    if not known:
        return ""
    line = " The broken line is the rate of all." if overall and found else ""
    clear = len(known) - len(found)
    line += f" Not drawn: {clear} without any." if clear else ""
    return _chart(
        f"False positives by {what}",
        f"Share of harmless sentences that reach the threshold.{line}",
        rate_chart(found, name, overall.share.value if overall else None) if found else "",
    )


def _chart(title: str, note: str, drawn: str) -> str:
    labelled = drawn.replace("<svg", f'<svg role="img" aria-label="{escape(title)}; the figures are in the tables"', 1)
    return f"<figure><figcaption><strong>{escape(title)}</strong>{note}</figcaption>{labelled}</figure>"


def _key(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return the key of a chart: tone, shape and name of each entry."""
    found = [f"<span><b class='{tone}'>{shape}</b> {name}</span>" for tone, shape, name in entries]
    return f"<span class='key'>{''.join(found)}</span>"


def _table(title: str, head: Cells, rows: Iterable[Cells]) -> str:
    def line(cells: Cells, tag: Callable[[str], str]) -> str:
        return f"<tr>{''.join(tag(escape(cell)) for cell in cells)}</tr>"

    top = line(head, lambda cell: f"<th scope='col'>{cell}</th>")
    body = "".join(line(cells, lambda cell: f"<td>{cell}</td>") for cells in rows)
    label = escape(title)
    return (
        f"<details><summary>{label}</summary><div class='scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table><thead>{top}</thead><tbody>{body}</tbody></table></div></details>"
    )


def _percent(share: Share | None) -> str:
    return "-" if share is None else percent(share.share.value)


def _interval(share: Share | None) -> str:
    return "no cases" if share is None else _between(share.share)


def _between(found: Estimate) -> str:
    return f"{percent(found.low)} to {percent(found.high)}"
