"""The parts of a report as one HTML page that needs nothing else: no script, no font, no address."""

from collections.abc import Callable, Iterable, Sequence
from html import escape

from belowline.lab.charts import THEME

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
<title>{title}</title>
<style>{theme}{style}</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p class="quiet">{note}</p>
{sections}
</main>
</body>
</html>
"""
DOTS, BARS = "●■◆", "■■■"
"""The shapes in a chart: beside the colours, for those who cannot tell the colours apart."""
TONES = ("first", "second", "third")

Cells = Sequence[str]


def whole_page(title: str, note: str, sections: Iterable[str]) -> str:
    """Return a page of ready sections; title and note are plain text."""
    return HEAD.format(title=escape(title), theme=THEME, style=STYLE, note=escape(note), sections="\n".join(sections))


def draw_tiles(tiles: Iterable[tuple[str, str, str]]) -> str:
    """Return figures that stand out: name, value and note of each."""
    found = [
        f"<div><dt>{escape(name)}</dt><dd>{escape(value)}<small>{escape(note)}</small></dd></div>"
        for name, value, note in tiles
    ]
    return f"<dl class='tiles'>{''.join(found)}</dl>"


def draw_chart(title: str, note: str, drawn: str) -> str:
    """Return a chart with its title; `note` is HTML, `drawn` an SVG element."""
    labelled = drawn.replace("<svg", f'<svg role="img" aria-label="{escape(title)}; the figures are in the tables"', 1)
    return f"<figure><figcaption><strong>{escape(title)}</strong>{note}</figcaption>{labelled}</figure>"


def draw_key(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return the key of a chart: tone, shape and name of each entry."""
    found = [f"<span><b class='{tone}'>{shape}</b> {name}</span>" for tone, shape, name in entries]
    return f"<span class='key'>{''.join(found)}</span>"


def draw_table(title: str, head: Cells, rows: Iterable[Cells]) -> str:
    """Return a table that opens on a click; all cells are plain text."""

    def line(cells: Cells, tag: Callable[[str], str]) -> str:
        return f"<tr>{''.join(tag(escape(cell)) for cell in cells)}</tr>"

    top = line(head, lambda cell: f"<th scope='col'>{cell}</th>")
    body = "".join(line(cells, lambda cell: f"<td>{cell}</td>") for cells in rows)
    label = escape(title)
    return (
        f"<details><summary>{label}</summary><div class='scroll' tabindex='0' role='region' aria-label='{label}'>"
        f"<table><thead>{top}</thead><tbody>{body}</tbody></table></div></details>"
    )
