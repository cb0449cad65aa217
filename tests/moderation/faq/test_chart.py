"""The chart of the waiting times: bars within the frame, in proportion, with lines in round words."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.moderation.faq.chart import HEIGHT, LEFT, MOST_LINES, TOP, WIDTH, wait_chart
from belowline.moderation.figures import HourWait


def hours(minutes):
    """24 hours; the given ones are known."""
    return [
        HourWait(hour, 9 if hour in minutes else 1, timedelta(minutes=minutes[hour]) if hour in minutes else None)
        for hour in range(24)
    ]


def test_nothing_is_drawn_where_nothing_is_known():
    assert wait_chart(hours({})) is None


@pytest.mark.parametrize(
    ("longest", "labels"),
    [
        (4, ["5 minutes"]),
        (20, ["5 minutes", "10 minutes", "15 minutes", "20 minutes"]),
        (25, ["10 minutes", "20 minutes", "30 minutes"]),
        (200, ["60 minutes", "2 hours", "3 hours", "4 hours"]),
        (60 * 24 * 30, ["8 days", "16 days", "24 days", "32 days"]),
    ],
)
def test_lines(longest, labels):
    assert [line.label for line in wait_chart(hours({3: longest})).lines] == labels


def test_bars_are_in_proportion_and_unknown_hours_are_marked():
    chart = wait_chart(hours({3: 20, 4: 10, 5: 0}))

    full, half, none = (bar.height for bar in chart.bars[3:6])
    assert full == pytest.approx(chart.base - TOP)
    assert half == pytest.approx(full / 2, abs=0.1)
    assert none == 1  # a wait of nothing is still seen
    assert [bar.hour for bar in chart.bars if bar.is_known] == [3, 4, 5]
    assert [bar.label for bar in chart.bars if bar.label] == ["00", "03", "06", "09", "12", "15", "18", "21"]


@given(st.dictionaries(st.integers(0, 23), st.floats(0, 60 * 24 * 60), min_size=1))
def test_everything_lies_within_the_frame(minutes):
    chart = wait_chart(hours(minutes))

    assert len(chart.bars) == 24
    assert 1 <= len(chart.lines) <= MOST_LINES
    for bar in chart.bars:
        assert bar.x >= LEFT
        assert bar.x + bar.width <= WIDTH
        assert bar.y >= TOP - 0.1
        assert bar.y + bar.height <= chart.base + 0.2
    assert all(TOP - 0.1 <= line.y < chart.base for line in chart.lines)
    assert chart.base < HEIGHT
