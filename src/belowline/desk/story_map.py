"""Draws the subjects of a story's comments: the article in the middle, each subject the farther, the less it shares.

Server-rendered SVG: numbers here, shapes in the template, colours in the sheet.
"""

import math
from typing import NamedTuple

from belowline.moderation.subjects import FAR, StoryMap, StorySubject

WIDTH, HEIGHT = 960, 600
CENTRE_X, CENTRE_Y = WIDTH / 2, HEIGHT / 2
NEAREST, FARTHEST = 125.0, 215.0
"""Distances from the middle for `off_topic` 0 and 1, in the picture's units."""
SMALLEST, LARGEST = 22.0, 40.0
"""Radii of the bubbles; nine of the largest fit side by side around the middle."""
LABEL_CHARACTERS = 24
LABEL_GAP = 9.0
UPRIGHT = 0.15
"""The cosine up to which a bubble stands above or below the middle, and so does its label; others have it beside."""


class Bubble(NamedTuple):
    """A subject in the picture; lengths in its units."""

    number: int
    subject: StorySubject
    x: float
    y: float
    r: float
    label: str
    label_x: float
    label_y: float
    anchor: str
    """SVG's `text-anchor`: where the label is held."""


class Picture(NamedTuple):
    """What the template draws."""

    width: int
    height: int
    x: float
    y: float
    far: float
    """The radius of the line beyond which subjects count as far from the article."""
    bubbles: tuple[Bubble, ...]


def draw_map(found: StoryMap) -> Picture:
    """Return the picture. Subjects stand around the article in the order in which they lie on their own map."""
    count = len(found.subjects)
    order = sorted(range(count), key=lambda one: math.atan2(found.subjects[one].y, found.subjects[one].x))
    most = max((len(one.comments) for one in found.subjects), default=1)
    bubbles = [
        _bubble(one + 1, found.subjects[one], 2 * math.pi * place / count - math.pi / 2, most)
        for place, one in enumerate(order)
    ]
    bubbles.sort(key=lambda bubble: bubble.number)
    return Picture(WIDTH, HEIGHT, CENTRE_X, CENTRE_Y, _distance(FAR), tuple(bubbles))


def _bubble(number: int, subject: StorySubject, angle: float, most: int) -> Bubble:
    away = _distance(subject.off_topic or 0.0)
    radius = SMALLEST + (LARGEST - SMALLEST) * math.sqrt(len(subject.comments) / most)
    x, y = CENTRE_X + away * math.cos(angle), CENTRE_Y + away * math.sin(angle)
    label = subject.name if len(subject.name) <= LABEL_CHARACTERS else ", ".join(subject.words[:2])
    label_x, label_y, anchor = _label(x, y, radius, angle)
    return Bubble(number, subject, round(x, 1), round(y, 1), round(radius, 1), label, label_x, label_y, anchor)


def _label(x: float, y: float, radius: float, angle: float) -> tuple[float, float, str]:
    """Return where a bubble's label is held: outside, away from the middle, so that labels do not meet."""
    out = radius + LABEL_GAP
    if abs(math.cos(angle)) < UPRIGHT:
        return round(x, 1), round(y + math.copysign(out + LABEL_GAP, math.sin(angle)), 1), "middle"
    side = math.copysign(1.0, math.cos(angle))
    return round(x + side * out, 1), round(y, 1), "start" if side > 0 else "end"


def _distance(off_topic: float) -> float:
    return NEAREST + (FARTHEST - NEAREST) * off_topic
