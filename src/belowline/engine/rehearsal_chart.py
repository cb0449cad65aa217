"""A rehearsal drawn as SVG, without script, font or colour: the page that shows it has classes for all of these.

Classes: `chart` on the whole; `good`, `bad` and `unseen` on shapes, as in `rehearsal.Split`; `line` and `quiet` on the
axis; `old` and `new` on the marks of the thresholds.
"""

from collections.abc import Sequence
from html import escape

from belowline.engine.decision import Outcome
from belowline.engine.rehearsal import BINS, Rehearsal, RuleFigures, Split
from belowline.engine.standing import OUTCOMES

WIDTH = 440
"""Units of the drawing; so few that its letters stay readable on a phone."""
LABEL = 74
FIGURE = 58
"""Room for names on the left and for numbers on the right."""
BAR, GAP, GROUP = 17, 4, 14
"""Height of a bar, the room below it, and the room below the two of an outcome."""
HISTOGRAM = 62
"""Height of each half of a histogram."""
MARGIN = 14
AXIS = HISTOGRAM + MARGIN + 8
"""Where the axis of a histogram lies; above it is room for labels."""
ROOM = 0.26
"""So near to an edge, in [0, 1], a label has room on one side only."""
NAMES = {Outcome.PUBLISH: "Published", Outcome.HOLD: "Held", Outcome.REJECT: "Rejected"}
PARTS = ("good", "bad", "unseen")


def outcomes_chart(found: Rehearsal) -> str:
    """Return two bars for each outcome, as it is and as it would be, in parts by what the moderators had decided."""
    most = max(1, *(side.of(outcome).total for side in (found.before, found.after) for outcome in OUTCOMES))
    parts: list[str] = []
    y = 2
    for outcome in OUTCOMES:
        pair = (("now", found.before.of(outcome)), ("new", found.after.of(outcome)))
        parts.append(_text(0, y + BAR + 6, NAMES[outcome]))
        for name, split in pair:
            parts.append(_text(LABEL + 34, y + BAR - 4, name, "quiet end"))
            parts.append(_bar(LABEL + 40, y, split, most))
            y += BAR + GAP
        y += GROUP
    words = "; ".join(_words(NAMES[one], found.before.of(one), found.after.of(one)) for one in OUTCOMES)
    return _svg(y - GROUP + 2, f"Outcomes under the two policies. {words}", parts)


def _words(name: str, old: Split, new: Split) -> str:
    return f"{name}: now {old.total:,}, new {new.total:,}"


def _bar(x: int, y: int, split: Split, most: int) -> str:
    room = WIDTH - x - FIGURE
    drawn, at = [], float(x)
    for part in PARTS:
        if width := room * getattr(split, part) / most:
            drawn.append(_rect(at, y, max(width, 1.0), BAR, part))
            at += width
    return "".join(drawn) + _text(at + 6, y + BAR - 4, f"{split.total:,}", "number")


def scores_chart(rule: RuleFigures) -> str:
    """Return how the comments lie along a changed rule's score: good and unseen ones up, bad ones down; thresholds.

    Heights are square roots of numbers, so that a few show beside many. The rule must have `scores` and `after`.
    """
    bins = rule.scores or []
    if rule.after is None or not bins:
        return ""
    most = max(1, *(max(one.good + one.unseen, one.bad) for one in bins))
    parts = [_column(place, one, most) for place, one in enumerate(bins)]
    parts.append(f'<path class="line" d="M0 {AXIS}H{WIDTH}"/>')
    bottom = AXIS + HISTOGRAM + 16
    parts += [_text(WIDTH * at, bottom, f"{at:g}", f"quiet {place}") for at, place in TICKS]
    parts += _thresholds(rule)
    return _svg(bottom + 5, f"Comments by the score of {rule.title}, with its threshold", parts)


TICKS = ((0, "start"), (0.25, "middle"), (0.5, "middle"), (0.75, "middle"), (1, "end"))


def _column(place: int, split: Split, most: int) -> str:
    width = WIDTH / BINS
    x = place * width + 1
    up, good, down = (_height(count, most) for count in (split.good + split.unseen, split.good, split.bad))
    shapes = ((AXIS - up, up - good, "unseen"), (AXIS - good, good, "good"), (AXIS, down, "bad"))
    return "".join(_rect(x, y, width - 2, height, part) for y, height, part in shapes if height)


def _height(count: int, most: int) -> float:
    return HISTOGRAM * float((count / most) ** 0.5)


def _thresholds(rule: RuleFigures) -> list[str]:
    """Return a mark for each number: `hold` labelled above the axis, `reject` below; an old one only where it moves."""
    marks: list[tuple[str, str]] = []
    for number, (first, second) in (("hold", (MARGIN - 3, MARGIN + 11)), ("reject", (AXIS + 30, AXIS + 44))):
        old, new = (getattr(side, number) if side else None for side in (rule.before, rule.after))
        what = "" if number == "hold" else "reject "
        other = None if old == new else old
        if other is not None:
            marks.append(_mark(other, "old", f"{what}now {other:g}", second, is_left=_is_left(other, new)))
        if new is not None:
            marks.append(_mark(new, "new", f"{what}new {new:g}", first, is_left=_is_left(new, other)))
    return [line for line, _ in marks] + [label for _, label in marks]


def _is_left(at: float, other: float | None) -> bool:
    """Say whether a label stands left of its mark: away from the other mark, as far as there is room."""
    if at < ROOM or at > 1 - ROOM:
        return at > ROOM
    return at < other if other is not None else at > 0.5  # noqa: PLR2004 - towards the middle


def _mark(at: float, name: str, label: str, height: float, *, is_left: bool) -> tuple[str, str]:
    """Return the line and its label, which is drawn later: no line shall run through it."""
    x = WIDTH * at
    anchor, step = ("end", -5) if is_left else ("start", 5)
    line = f'<path class="{name}" d="M{x:.1f} 2V{AXIS + HISTOGRAM}"/>'
    return line, _text(x + step, height, label, f"{anchor} {name}")


def _rect(x: float, y: float, width: float, height: float, part: str) -> str:
    return f'<rect class="{part}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"/>'


def _text(x: float, y: float, words: str, kind: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}">{escape(words)}</text>'


def _svg(height: float, label: str, parts: Sequence[str]) -> str:
    return (
        f'<svg class="chart" viewBox="0 0 {WIDTH} {height:.0f}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )
