"""Charts as SVG that follow the reader's light or dark system: made with matplotlib, without script or fonts."""

import io
import re
import warnings
from collections.abc import Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

from belowline.lab.audit import MEASURES, Functionality, Identity, Share
from belowline.lab.metrics import Bin

INK, QUIET, LINE, GROUND = "#1c1b19", "#5c5952", "#dedbd2", "#ffffff"
FIRST, SECOND, THIRD = "#0a5a63", "#b26a00", "#7b3f8c"
TOKENS = {
    INK: "--ink",
    QUIET: "--quiet",
    LINE: "--line",
    GROUND: "--paper",
    FIRST: "--first",
    SECOND: "--second",
    THIRD: "--third",
}
"""What each colour is called in THEME."""
THEME = """
:root { color-scheme: light dark; --paper: #ffffff; --raised: #f6f5f1; --line: #dedbd2; --ink: #1c1b19;
  --quiet: #5c5952; --first: #0a5a63; --second: #b26a00; --third: #7b3f8c; --bad: #a02323; }
@media (prefers-color-scheme: dark) { :root { --paper: #16181a; --raised: #1f2225; --line: #363a3e; --ink: #eceae5;
  --quiet: #a9a69e; --first: #6cc5cd; --second: #e0a64d; --third: #cf9bdd; --bad: #f2a199; } }
svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif !important; }
"""
"""Style of a page or of a picture of its own; the colours are those of the reader pages."""
WIDTH_INCHES = 4.7
"""So narrow that its letters stay readable on a phone."""
ROW_INCHES = 0.27
FRAME_INCHES = 0.7
LETTER_INCHES = 0.085
LONGEST_NAME = 26
LONG_CHART = 20
"""With more rows than these, the scale stands above them, too."""
MARKERS = dict(zip(MEASURES, ((FIRST, "o"), (SECOND, "s"), (THIRD, "D")), strict=True))
COLOURS = {"hateful": FIRST, "non-hateful": SECOND, "both": THIRD}
SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "belowline",
    "font.size": 11,
    "text.color": INK,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": LINE,
    "xtick.color": QUIET,
    "ytick.color": INK,
    "text.parse_math": False,
}


def functionality_chart(rows: Sequence[Functionality], name: str) -> str:
    """Return bars of the accuracy of each functionality with its interval, coloured by the expected answer."""
    return _bars([(one.functionality, one.right, COLOURS[one.expected]) for one in rows], name)


def rate_chart(rows: Sequence[tuple[str, Share]], name: str, overall: float | None = None) -> str:
    """Return bars of a share for each name, highest first, with a line at the overall share in [0, 1]."""
    ordered = sorted(rows, key=lambda row: -row[1].share.value)
    highest = max((share.share.high for _, share in ordered), default=1.0)
    return _bars([(label, share, SECOND) for label, share in ordered], name, overall, min(1.0, highest + 0.02))


def percent(share: float) -> str:
    """Return a share in [0, 1] as per cent with one digit."""
    return f"{100 * share:.1f}\N{NO-BREAK SPACE}%"


def _bars(rows: Sequence[tuple[str, Share, str]], name: str, overall: float | None = None, end: float = 1.0) -> str:
    with rc_context(SETTINGS):
        figure, axes = rows_of([label for label, _, _ in rows], 0.72)
        for place, (_, share, filled) in enumerate(rows):
            axes.barh(place, share.share.value, height=0.62, color=filled)
            for colour, width in ((GROUND, 3.4), (INK, 1.2)):  # light around dark, so that it shows on every bar
                axes.plot([share.share.low, share.share.high], [place, place], color=colour, linewidth=width)
            axes.annotate(percent(share.share.value), (1, place), xycoords=("axes fraction", "data"), xytext=(6, 0),
                          textcoords="offset points", va="center", color=INK, annotation_clip=False)  # fmt: skip
        if overall is not None:
            axes.axvline(overall, color=INK, linewidth=1.2, linestyle=(0, (4, 3)))
        axes.set_xlim(0, end)
        axes.xaxis.set_major_formatter(PercentFormatter(1.0, symbol="\N{NO-BREAK SPACE}%"))
        axes.locator_params(axis="x", nbins=3)
        return as_svg(figure, name)


def auc_chart(rows: Sequence[Identity], name: str) -> str:
    """Return three dots for each identity, its AUCs; the identity with the lowest stands on top."""
    ordered = sorted(rows, key=lambda one: one.lowest)
    with rc_context(SETTINGS):
        figure, axes = rows_of([one.identity for one in ordered], 0.2)
        for place, one in enumerate(ordered):
            found = {key: value for key in MEASURES if (value := getattr(one.aucs, key)) is not None}
            axes.plot([*found.values()], [place] * len(found), color=LINE, linewidth=3, zorder=1)
            for key, value in found.items():
                colour, marker = MARKERS[key]
                axes.plot(value, place, marker, color=colour, markersize=6, markeredgecolor=GROUND, zorder=2)
        lowest = min((one.lowest for one in ordered), default=0.0)
        axes.set_xlim(max(0.0, lowest - 0.03), 1.01)
        axes.locator_params(axis="x", nbins=4)
        return as_svg(figure, name)


def reliability_chart(
    labels: Sequence[tuple[str, float, Sequence[Bin]]], name: str, target: str = "share of raters"
) -> str:
    """Return a reliability plot for each label: its name, its calibration error in [0, 1], and its bins."""
    columns = min(2, len(labels))
    lines = -(-len(labels) // columns)
    with rc_context(SETTINGS | {"font.size": 9}):
        figure = Figure(figsize=(max(WIDTH_INCHES, 2.9 * columns), 2.9 * lines), layout="constrained")
        for place, (label, error, bins) in enumerate(labels, 1):
            axes = figure.add_subplot(lines, columns, place, aspect="equal")
            plain(axes)
            axes.grid(color=LINE, linewidth=0.8)
            axes.plot([0, 1], [0, 1], color=QUIET, linewidth=1, linestyle=(0, (4, 3)))
            axes.plot([one.score for one in bins], [one.target for one in bins], color=FIRST, linewidth=1.5)
            most = max(one.rows for one in bins)
            sizes = [8 + 90 * one.rows / most for one in bins]
            axes.scatter([one.score for one in bins], [one.target for one in bins], sizes, color=FIRST, zorder=3)
            axes.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xlabel="score", ylabel=target)
            axes.set_title(f"{label}\nECE {error:.3f}", fontsize=10, color=INK)
        return as_svg(figure, name)


def rows_of(names: Sequence[str], margin: float) -> tuple[Figure, Axes]:
    """Return axes with a row for each name, the first on top, and `margin` inches beside them."""
    shown = [name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…" for name in names]
    height = FRAME_INCHES + ROW_INCHES * len(shown)
    figure = Figure(figsize=(WIDTH_INCHES, height))
    left = 0.15 + LETTER_INCHES * max(map(len, shown), default=0)
    box = (left / WIDTH_INCHES, 0.35 / height, 1 - (left + margin) / WIDTH_INCHES, 1 - 0.65 / height)
    axes = figure.add_axes(box)
    plain(axes)
    axes.grid(axis="x", color=LINE, linewidth=0.8)
    axes.tick_params(axis="x", labeltop=len(shown) > LONG_CHART)
    axes.set_yticks(range(len(shown)), shown)
    axes.set_ylim(len(shown) - 0.4, -0.6)
    return figure, axes


def plain(axes: Axes) -> None:
    """Take the frame of axes away."""
    axes.set_axisbelow(True)
    axes.patch.set_visible(False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def legend_below(figure: Figure, **how: Any) -> None:
    """Put the legend below a figure in the colour of text; `how` goes to matplotlib's `Figure.legend`."""
    legend = figure.legend(loc="outside lower center", frameon=False, fontsize=9, **how)
    for text in legend.get_texts():
        text.set_color(INK)


def as_svg(figure: Figure, name: str) -> str:
    """Return a figure as an SVG element for a page: theme colours, scaled to its place, ids that begin with `name`."""
    target = io.StringIO()
    with warnings.catch_warnings():
        # The reader's fonts draw the letters: those that matplotlib's own lacks do not matter.
        warnings.filterwarnings("ignore", "Glyph .* missing", UserWarning)
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(target, format="svg", transparent=True, metadata=nothing)
    drawn = target.getvalue()
    drawn = drawn[drawn.index("<svg") :]
    drawn = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", drawn, flags=re.DOTALL)
    drawn = re.sub(r'(<svg[^>]*?) width="[^"]*"', r"\1", drawn, count=1)
    drawn = re.sub(r'(<svg[^>]*?) height="[^"]*"', r"\1", drawn, count=1)
    drawn = re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{name}-", drawn)
    for colour, token in TOKENS.items():
        drawn = drawn.replace(colour, f"var({token})")
    return drawn


def as_file(drawn: str) -> str:
    """Return an SVG element of `as_svg` as a file of its own, with its theme."""
    return re.sub(r"(<svg[^>]*>)", lambda found: f"{found[1]}<style>{THEME}</style>", drawn, count=1)
