"""Where shapes stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.desk.insights.charts import (
    FULL,
    TIME_STEPS,
    Plot,
    columns,
    line,
    stacked,
    steps,
    top_of,
    top_of_time,
    whisker,
)


def test_parts_stand_one_after_the_other():
    first, last = stacked([("accent", 30, "30 published"), ("wait", 0, "0 waiting"), ("bad", 10, "10 refused")], 80)

    assert (first.tone, first.start, first.size, first.words) == ("accent", 0, 37.5, "30 published")
    assert (last.tone, last.start, last.size) == ("bad", 37.5, 12.5)
    assert (first.top, last.top) == (62.5, 50.0)


@pytest.mark.parametrize(("values", "most"), [([], 10), ([("accent", 0, "")], 10), ([("accent", 5, "")], 0)])
def test_nothing_has_no_parts(values, most):
    assert stacked(values, most) == ()


@given(st.lists(st.integers(0, 10_000), max_size=6))
def test_parts_never_leave_the_picture(values):
    parts = stacked([("accent", value, "") for value in values], sum(values))

    assert sum(part.size for part in parts) == pytest.approx(FULL if any(values) else 0, abs=0.01)
    assert all(-0.01 <= part.top <= FULL for part in parts)


def test_columns_share_the_width():
    found = columns(["a", "", "", "d"], [[("accent", 5, "five")], [], [], [("wait", 10, "ten")]], 10)

    assert [column.label for column in found] == ["a", "", "", "d"]
    assert [round(column.x + column.width / 2, 6) for column in found] == [12.5, 37.5, 62.5, 87.5]
    assert all(column.width < FULL / 4 for column in found)
    assert found[0].parts[0].size == 50
    assert found[1].parts == ()


def test_no_columns():
    assert columns([], [], 10) == ()


def test_a_line_passes_over_what_is_unknown():
    assert line([0.0, None, 1.0, 0.5], 1) == "12.50,100.00 62.50,0.00 87.50,50.00"
    assert line([], 1) == ""


def test_a_line_of_one_point_is_drawn_as_a_dot():
    assert line([None, 0.5], 1) == "75.00,50.00 75.00,50.00"


def test_an_interval_that_reaches_below_nothing_begins_at_nothing():
    found = whisker(0.1, -0.3, 0.5, "kappa 0.10")

    assert (found.at, found.low, found.high) == (10, 0, 50)


@pytest.mark.parametrize(
    ("most", "top"),
    [
        (0, 4),
        (1, 4),
        (4, 4),
        (5, 8),
        (8, 8),
        (9, 12),
        (13, 20),
        (21, 40),
        (41, 80),
        (81, 120),
        (121, 200),
        (1_234, 2_000),
        (79_999, 80_000),
    ],
)
def test_plots_of_counts_end_at_a_round_number(most, top):
    assert top_of(most) == top


@given(st.integers(0, 10**9))
def test_every_count_fits_and_the_room_is_used(most):
    top = top_of(most)

    assert most <= top
    assert top <= max(4, 2.5 * most)
    assert all(value == int(value) for value in steps(top))


@pytest.mark.parametrize(
    ("most", "top"),
    [
        pytest.param(0, 60, id="nothing"),
        pytest.param(60, 60, id="a minute"),
        pytest.param(61, 120, id="a little more"),
        pytest.param(3_601, 7_200, id="an hour"),
        pytest.param(4 * TIME_STEPS[-1], 4 * TIME_STEPS[-1], id="four days"),
        pytest.param(9 * 86_400, 12 * 86_400, id="nine days"),
    ],
)
def test_plots_of_time_end_at_a_length_that_people_know(most, top):
    assert top_of_time(most) == top


def test_there_is_a_line_for_each_name():
    plot = Plot("Comments", ("8", "6", "4", "2", "0"), ())

    assert plot.grid == [0, 25, 50, 75, 100]
    assert steps(8) == [8, 6, 4, 2, 0]
