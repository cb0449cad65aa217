"""A rehearsal as one HTML page that needs nothing else: no script, no font, no address."""

from collections.abc import Iterable, Sequence
from html import escape

from belowline.cli.rehearsal_table import NAMES, refused, rule_cells
from belowline.engine.policy import Policy
from belowline.engine.policy_changes import policy_changes
from belowline.engine.rehearsal import KIND_WORDS, Rehearsal
from belowline.engine.rehearsal_chart import outcomes_chart, scores_chart
from belowline.engine.standing import OUTCOMES

EXCERPT = 400
"""Characters of a comment that the page shows."""
STYLE = """
:root { color-scheme: light dark; --paper: #fff; --raised: #f6f5f1; --line: #dedbd2; --ink: #1c1b19; --quiet: #5c5952;
  --good: #0a7a83; --bad: #b3372f; --unseen: #b9b4a7; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --raised: #1f2225; --line: #363a3e; --ink: #eceae5;
  --quiet: #a9a69e; --good: #4fb3bc; --bad: #ee8f85; --unseen: #5f6368; } }
*, *::before, *::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; background: var(--paper);
  color: var(--ink); -webkit-text-size-adjust: 100%; }
body { margin: 0; overflow-wrap: anywhere; } main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1, h2 { line-height: 1.2; font-family: "Iowan Old Style", Palatino, "Noto Serif", Georgia, serif; }
h1 { font-size: 1.8rem; margin: 0 0 .4em; } h2 { font-size: 1.3rem; margin: 2rem 0 .6em; } h3 { font-size: 1rem; }
.quiet { color: var(--quiet); } p { margin: 0 0 .75em; max-width: 44rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); gap: 1rem;
  align-items: start; margin-bottom: 1.25rem; }
figure { margin: 0; border: 1px solid var(--line); border-radius: 10px; padding: .85rem .9rem; }
figcaption { margin-bottom: .6rem; } figcaption strong { display: block; } figcaption span { font-size: .85rem; }
.chart { display: block; width: 100%; height: auto; } .chart text { font-size: 13px; fill: var(--ink); }
.chart .quiet { fill: var(--quiet); } .chart .end { text-anchor: end; } .chart .middle { text-anchor: middle; }
.chart .good { fill: var(--good); } .chart .bad { fill: var(--bad); } .chart .unseen { fill: var(--unseen); }
.chart path { stroke: var(--line); fill: none; } .chart path.new { stroke: var(--ink); stroke-width: 2; }
.chart path.old { stroke: var(--quiet); stroke-width: 2; stroke-dasharray: 4 4; }
.chart text.old, .chart text.new { paint-order: stroke; stroke: var(--paper); stroke-width: 5px; }
.chart text.old { fill: var(--quiet); }
.key b { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin: 0 .35em 0 .9em; }
.key b:first-child { margin-left: 0; } .key .good { background: var(--good); } .key .bad { background: var(--bad); }
.key .unseen { background: var(--unseen); }
.scroll { overflow-x: auto; } .scroll:focus-visible { outline: 3px solid var(--good); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--quiet); padding-bottom: .4rem; }
th, td { text-align: left; padding: .4rem .7rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
thead th { color: var(--quiet); white-space: nowrap; } .text { white-space: pre-wrap; min-width: 18rem; }
td { white-space: nowrap; } td.text, td.wrap { white-space: pre-wrap; }
"""
HEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Rehearsal of {after}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Rehearsal of {after}</h1>
<p class="quiet">Against {before}, on {comments:,} past comments. Nothing was changed by it.</p>
"""
KEY = (
    '<p class="key quiet"><b class="good"></b>moderators published<b class="bad"></b>moderators refused'
    '<b class="unseen"></b>no person has looked</p>'
)
NOTE = "Upwards: published or not looked at; downwards: refused. Heights are square roots of the numbers."
RULES = ("rule", "met now", "new", "alone now", "new", "refused by moderators", "for this rule")


def render_page(found: Rehearsal, before: Policy, after: Policy) -> str:
    """Return the page."""
    head = HEAD.format(after=escape(after.version), before=escape(before.version), comments=found.comments, style=STYLE)
    parts = [head, _outcomes(found), _changes(before, after), _rules(found), _comments(found), "</main></body></html>"]
    return "\n".join(parts)


def _outcomes(found: Rehearsal) -> str:
    charts = [_figure("What becomes of the comments", "", outcomes_chart(found))]
    charts += [
        _figure(f"{rule.title}: scores and threshold", NOTE, scores_chart(rule))
        for rule in found.rules.values()
        if rule.scores and rule.after
    ]
    rows = [
        (NAMES[one].capitalize(), f"{old.total:,}", refused(old), f"{new.total:,}", refused(new))
        for one in OUTCOMES
        for old, new in [(found.before.of(one), found.after.of(one))]
    ]
    table = _table(
        "Outcomes, against what moderators decided",
        ("", "now", "refused by moderators", "new", "refused by moderators"),
        rows,
    )
    return f"<h2>Outcomes</h2>{KEY}<div class='charts'>{''.join(charts)}</div>{table}"


def _changes(before: Policy, after: Policy) -> str:
    rows = [(one.place, one.what, one.before or "-", one.after or "-") for one in policy_changes(before, after)]
    body = (
        _table("", ("", "what", "now", "new"), rows, wrap=(2, 3))
        if rows
        else "<p>The two policies have the same rules and settings.</p>"
    )
    return f"<h2>What changes in the policy</h2>{body}"


def _rules(found: Rehearsal) -> str:
    tables = []
    for background, title in ((False, "Rules that act"), (True, "In the background: counted, they do not act")):
        rows = [
            (rule.title, *rule_cells(rule))
            for rule in found.rules.values()
            if (last := rule.after or rule.before) and last.background == background
        ]
        tables += [_table(title, RULES, rows)] if rows else []
    return f"<h2>Rules</h2>{''.join(tables)}"


def _comments(found: Rehearsal) -> str:
    if not found.changed:
        return "<h2>Comments that change sides</h2><p>None does.</p>"
    kinds = [(KIND_WORDS[kind], f"{number:,}") for kind, number in found.kinds.items() if number]
    rows = [
        (
            KIND_WORDS[one.kind],
            f"{NAMES[one.before]} → {NAMES[one.after]}",
            "-" if one.score is None else f"{one.score:.2f}",
            ", ".join(found.rules[code].title for code in one.rules),
            one.text if len(one.text) <= EXCERPT else f"{one.text[:EXCERPT]}…",
            one.key,
        )
        for one in found.changes
    ]
    head = ("", "now → new", "score", "rules", "text", "comment")
    listed = f"The worst first; {len(rows):,} of {found.changed:,}"
    return (
        f"<h2>{found.changed:,} comments change sides</h2>"
        f"{_table('In which way', ('', 'comments'), kinds)}"
        f"{_table(listed, head, rows, wrap=(0, 3, 4))}"
    )


def _figure(title: str, note: str, drawn: str) -> str:
    words = f"<strong>{escape(title)}</strong><span class='quiet'>{escape(note)}</span>"
    return f"<figure><figcaption>{words}</figcaption>{drawn}</figure>"


def _table(title: str, head: Sequence[str], rows: Iterable[Sequence[str]], wrap: Sequence[int] = ()) -> str:
    """Return a table; the columns in `wrap` may run over several lines."""
    top = "".join(f"<th scope='col'>{escape(cell)}</th>" for cell in head)
    kinds = ["wrap" if place in wrap else "" for place in range(len(head))]
    body = "".join(
        "<tr>"
        + "".join(f"<td class='{kind}'>{escape(cell)}</td>" for kind, cell in zip(kinds, row, strict=True))
        + "</tr>"
        for row in rows
    )
    label = escape(title) or "What changes"
    caption = f"<caption>{escape(title)}</caption>" if title else ""
    return (
        f"<div class='scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table>{caption}<thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>"
    )
