"""`make bench-page`: what the first page of a long discussion costs a reader, beside the same comments elsewhere.

Serves a newsroom as `belowline serve` does, with a story of 5,000 comments and one of 50, and opens them in Chromium as
a new visitor has them: empty cache, processor slowed four times. Every round opens every contestant once, so that a
busy machine slows all alike; medians are reported. Peers come from folders that you give, and are left out without:

    python tests/bench/page.py --isso VENV --waline NODE_MODULES --write docs/reference/first-page.md

VENV holds isso and gunicorn; NODE_MODULES holds @waline/vercel, @waline/client and a built sqlite3. Prints a Markdown
table. Ends with 1 where a bound is broken.
"""

import argparse
import os
import platform
import shutil
import signal
import statistics
import sys
import tempfile
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from figures import write_figures
from page_checks import check_page
from page_comments import comments
from page_load import CHROMIUM, SLOWER, Load, open_page
from page_servers import article, belowline, free_port, isso, paper, waline
from playwright.sync_api import Browser, sync_playwright

LONG, SHORT = 5_000, 50
MAX_TOTAL, MAX_JS = 60_000, 25_000
MAX_PAINT_MS, MAX_SHIFT = 300, 0.02
ALIKE = 0.03
"""By how much the first pages of the long and the short story may differ."""
OURS = ".comments .comment .text p"
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]


class Contestant(NamedTuple):
    """A page to open, and where its first comment stands."""

    name: str
    address: str
    selector: str
    is_ours: bool = False


class Setting(NamedTuple):
    """Where the contestants are set up."""

    stack: ExitStack
    """Ends the servers."""
    folder: Path
    base: str
    """The paper's address."""
    pages: dict[str, bytes]
    """The paper's pages, by their paths."""
    long: int
    """How many comments the long story has."""


def main() -> int:
    """Measure, report, and say whether every bound holds."""
    asked = arguments()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that every server ends with us
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        contestants = start(stack, folder, asked)
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=asked.chromium, args=FLAGS)
        loads = rounds(browser, contestants, asked.rounds)
        checks = [
            (one.name, *found) for one in contestants if one.is_ours for found in check_page(browser, one.address)
        ]
        browser.close()
    bounds = broken(loads)
    text = report(loads, checks)
    print(text)
    if asked.write:
        write_figures(asked.write, "make bench-page", text)
    for line in bounds:
        print(f"BROKEN: {line}")
    return int(bool(bounds) or not all(ok for _, _, ok, _ in checks))


def arguments() -> argparse.Namespace:
    """Read the command line; the folders of the peers may stand in the environment."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--comments", type=int, default=LONG, help="under the long story; fewer for a quick try")
    parser.add_argument("--isso", type=Path, default=os.environ.get("BENCH_ISSO"), help="environment with isso")
    parser.add_argument("--waline", type=Path, default=os.environ.get("BENCH_WALINE"), help="node_modules with Waline")
    parser.add_argument("--write", type=Path, help="page of the documentation whose figures are replaced")
    parser.add_argument("--chromium", default=CHROMIUM)
    return parser.parse_args()


def start(stack: ExitStack, folder: Path, asked: argparse.Namespace) -> list[Contestant]:
    """Start every server, and say which contestants there are."""
    port, modules = free_port(), Path(asked.waline) if asked.waline else None
    base, pages = f"http://localhost:{port}", {"/services": b'{"services": []}'}
    stack.enter_context(paper(port, pages, modules / "@waline/client/dist" if modules else None))
    setting = Setting(stack, folder, base, pages, asked.comments)
    found = start_ours(setting)
    if asked.isso and Path(asked.isso, "bin/gunicorn").exists():
        found += start_isso(setting, Path(asked.isso))
    else:
        print("Isso is left out: give --isso, the environment that it is installed in.", file=sys.stderr)
    if modules and (modules / "@waline/vercel").exists() and shutil.which("node"):
        found += start_waline(setting, modules)
    else:
        print("Waline is left out: give --waline, the node_modules that it is installed in.", file=sys.stderr)
    return found


def start_ours(setting: Setting) -> list[Contestant]:
    """Serve Belowline: the page by itself, long and short, and framed in a paper's page."""
    stories = setting.stack.enter_context(belowline(setting.folder / "belowline", (setting.long, SHORT)))
    server = stories[setting.long].split("/discussion")[0]
    one = '<div class="comments"><div class="comment"><div class="text"><p>One comment.</p></div></div></div>'
    setting.pages["/one.html"] = article(one, "")
    place = f'<div data-belowline data-site="bench" data-story="of-{setting.long}"></div>'
    setting.pages["/ours.html"] = article(place, f'<script src="{server}/embed.js" async></script>')
    return [
        Contestant(f"Belowline, {setting.long:,} comments", stories[setting.long], OURS, is_ours=True),
        Contestant(f"Belowline, {SHORT} comments", stories[SHORT], OURS, is_ours=True),
        Contestant(
            f"Belowline, {setting.long:,}, framed in an article", f"{setting.base}/ours.html", OURS, is_ours=True
        ),
        Contestant("nothing but one paragraph (what the browser needs)", f"{setting.base}/one.html", OURS),
    ]


def start_isso(setting: Setting, venv: Path) -> list[Contestant]:
    """Serve Isso: as it is shipped, and told to show 20 threads at first."""
    address = setting.stack.enter_context(isso(venv, setting.folder, setting.base, comments(setting.long)))
    script = '<script data-isso="{}"{} src="{}/js/embed.min.js" async></script>'
    place = '<section id="isso-thread" data-isso-id="/ferry/" data-title="Ferry"></section>'
    few = ' data-isso-max-comments-top="20" data-isso-max-comments-nested="3"'
    setting.pages["/isso.html"] = article(place, script.format(address, "", address))
    setting.pages["/isso-20.html"] = article(place, script.format(address, few, address))
    selector = ".isso-comment .isso-text p"
    return [
        Contestant(f"Isso 0.14, {setting.long:,}, as shipped", f"{setting.base}/isso.html", selector),
        Contestant(f"Isso 0.14, {setting.long:,}, told to show 20", f"{setting.base}/isso-20.html", selector),
    ]


def start_waline(setting: Setting, modules: Path) -> list[Contestant]:
    """Serve Waline: its widget without emoji, whose list would come from another site."""
    address = setting.stack.enter_context(waline(modules, setting.folder, setting.base, comments(setting.long)))
    place = (
        '<div id="waline"></div><script type="module">import {init} from "/waline.js";'
        f'init({{el: "#waline", serverURL: "{address}", path: "/ferry/", lang: "en", emoji: false, search: false}});'
        "</script>"
    )
    setting.pages["/waline.html"] = article(place, '<link rel="stylesheet" href="/waline.css">')
    return [
        Contestant(
            f"Waline 1.39, {setting.long:,}, pages of 10", f"{setting.base}/waline.html", ".wl-card .wl-content p"
        )
    ]


def rounds(browser: Browser, contestants: list[Contestant], count: int) -> dict[str, list[Load]]:
    """Open every contestant once a round, after one round that warms the servers up."""
    found: dict[str, list[Load]] = {one.name: [] for one in contestants}
    for number in range(count + 1):
        for one in contestants:
            load = open_page(browser, one.address, one.selector)
            if number:
                found[one.name].append(load)
    return found


def middle(loads: list[Load], what: str) -> float:
    """Return the median of one figure."""
    return statistics.median(getattr(load, what) for load in loads)


def broken(loads: dict[str, list[Load]]) -> list[str]:
    """Say which bounds do not hold."""
    found = []
    alone, short, framed = list(loads)[:3]
    for name, bounds in (
        (alone, {"total": MAX_TOTAL, "js_packed": MAX_JS, "painted_ms": MAX_PAINT_MS, "shift": MAX_SHIFT}),
        (framed, {"total": MAX_TOTAL, "shift": MAX_SHIFT}),
    ):
        for what, bound in bounds.items():
            if (value := middle(loads[name], what)) > bound:
                found.append(f"{name}: {what} is {value:,.3f}, above {bound:,}")
    long, few = middle(loads[alone], "total"), middle(loads[short], "total")
    if abs(long - few) > ALIKE * few:
        found.append(f"{alone} sends {long:,.0f} bytes, {short} {few:,.0f}")
    return found


def report(loads: dict[str, list[Load]], checks: list[tuple[str, str, bool, str]]) -> str:
    """Return the figures as Markdown."""
    said_when = (
        f"Measured on {datetime.now(UTC):%Y-%m-%d} with {os.cpu_count()} cores, Python {platform.python_version()}, "
        f"processor slowed {SLOWER} times, medians of {len(next(iter(loads.values())))} interleaved rounds."
    )
    lines = [
        said_when,
        "",
        "| page | HTML, kB | CSS | JS | JS packed | data | total | all in gzip | first comment, ms | shift |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, found in loads.items():
        kilobytes = [
            f"{middle(found, what) / 1000:,.1f}"
            for what in ("html", "css", "js", "js_packed", "other", "total", "gzipped")
        ]
        painted, shift = middle(found, "painted_ms"), middle(found, "shift")
        lines.append(f"| {name} | {' | '.join(kilobytes)} | {painted:,.0f} | {shift:.3f} |")
    lines += ["", "| checked | page by itself, long | short | framed |", "|---|---|---|---|"]
    names = list(dict.fromkeys(name for name, *_ in checks))
    for what in dict.fromkeys(check for _, check, _, _ in checks):
        cells = [
            next((said(ok, detail) for n, c, ok, detail in checks if (n, c) == (name, what)), "") for name in names
        ]
        lines.append(f"| {what} | {' | '.join(cells)} |")
    return "\n".join(lines)


def said(ok: bool, detail: str) -> str:  # noqa: FBT001 - one cell of a table
    """Return a cell: yes, or what is wrong."""
    return "yes" if ok else f"**no**: {detail}"


if __name__ == "__main__":
    sys.exit(main())
