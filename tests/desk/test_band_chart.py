"""The drawing shows every comment where it lies, few beside many, and the thresholds that act."""

import msgspec
import pytest

from belowline.desk.band_chart import (
    COLUMNS,
    PITCH,
    ROWS,
    STEPS,
    Part,
    band_chart,
    dot_size,
    outline,
    parts,
    percent,
    small_edge,
    thresholds,
)
from belowline.engine.policy import load_policy
from belowline.moderation.bands import Band, Spread

RULE = load_policy().rules["personal_abuse"]  # held from 0.75


def columns(**counts):
    """Counts by per cent: columns(p75=3)."""
    found = [0] * COLUMNS
    for name, count in counts.items():
        found[int(name[1:])] = count
    return found


def chart(counts, band=None):
    return band_chart(Spread("personal_abuse", RULE, counts, 0, met=0), band or Band(75, 100))


@pytest.mark.parametrize(
    ("counts", "size"),
    [
        (columns(), 1),
        (columns(p0=1), 1),
        (columns(p0=24, p1=24), 1),
        (columns(p0=25, p1=20), 2),
        (columns(p0=9_000, p50=3, p75=2, p80=1), 1),
        (columns(p0=9_000, p1=8_000), 500),
        ([10**9] * COLUMNS, STEPS[-1]),
    ],
    ids=["nothing", "one", "just fits", "one too many", "one tower", "two towers", "beyond all"],
)
def test_how_many_a_dot_stands_for(counts, size):
    assert dot_size(counts) == size


def test_dots_stand_over_their_scores():
    drawn = chart(columns(p0=1, p75=3)).dots

    assert drawn == f"M3.5 176.5v-0.1M{75 * PITCH + 3.5:g} 176.5v-{2 * PITCH + 0.1:g}"


def test_a_tower_is_cut_and_says_so():
    found = chart(columns(p0=9_000, p50=3, p75=2, p80=1))

    assert found.cut == [3.5]
    assert found.per_dot == 1
    assert f"v-{PITCH * (ROWS - 1) + 0.1:g}" in found.dots


@pytest.mark.parametrize(
    ("band", "x", "span"),
    [
        (Band(0, 100), 0, 707),
        (Band(75, 100), 525, 182),
        (Band(75, 75), 525, 7),
        (Band(0, 100, is_unchecked=True), 0, 0),
    ],
)
def test_the_band_covers_its_columns(band, x, span):
    found = chart(columns(p75=1), band)

    assert (found.x, found.span) == (x, span)


def test_thresholds_of_sections_and_of_the_machine():
    rule = msgspec.structs.replace(RULE, hold_in={"sport": 0.9, "": 0.5}, reject=0.95)

    assert [(line.x, line.kind) for line in thresholds(rule)] == [
        (525.0, "hold"),
        (630.0, "section"),
        (350.0, "section"),
        (665.0, "reject"),
    ]
    words = " ".join(line.words for line in thresholds(rule))
    assert "in sport from 90" in words
    assert "in stories without a section from 50" in words
    assert "rejects from 95" in words


def test_the_threshold_stands_where_the_band_above_it_begins():
    [line] = thresholds(RULE)

    assert line.x == chart(columns(), Band(75, 100)).x


def test_the_table_has_every_comment_once():
    counts = columns(p0=1, p9=2, p10=4, p99=8, p100=16)
    found = parts(counts)

    assert (found[0], found[1], found[-1]) == (Part(0, 9, 3), Part(10, 19, 4), Part(90, 100, 24))
    assert sum(part.number for part in found) == sum(counts)


@pytest.mark.parametrize("counts", [columns(), columns(p0=10_000, p100=1), [5] * COLUMNS], ids=["none", "few", "all"])
def test_the_outline_shows_whatever_is_there(counts):
    drawn = outline(counts)

    assert drawn.count("M") == {0: 0, 10_001: 2, 505: 25}[sum(counts)]
    assert drawn.count("z") == drawn.count("M")


def test_few_are_seen_beside_many():
    assert "v-1.5h" in outline(columns(p0=10_000, p100=1))


def test_numbers():
    assert (percent(0.755), small_edge(0.755)) == ("75.5\N{NO-BREAK SPACE}%", 75.5)
