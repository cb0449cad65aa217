"""The drawing of a commenter's weeks: nothing outside it, heights in proportion, words for each bar."""

from datetime import date, timedelta

import pytest

from belowline.desk.commenter_chart import HEIGHT, MIDDLE, WIDTH, week_chart
from belowline.moderation.commenters import Week

MONDAY = date(2026, 1, 5)


def weeks(*counts):
    return [Week(MONDAY + timedelta(weeks=place), *count) for place, count in enumerate(counts)]


def test_nothing_was_written():
    assert week_chart([]) is None
    assert week_chart(weeks((0, 0, 0), (0, 0, 0))) is None


@pytest.mark.parametrize(
    "counts", [[(1, 0, 0)], [(3, 9, 2), (0, 1, 0)], [(0, 5, 0)] * 26, [(100, 0, 40), (0, 200, 0)]], ids=str
)
def test_every_bar_lies_within_the_drawing(counts):
    chart = week_chart(weeks(*counts))

    for bar in chart.bars:
        assert 0 <= bar.x < bar.x + bar.width <= WIDTH
        assert 0 <= bar.y < bar.y + bar.height <= HEIGHT


def test_what_was_published_stands_on_the_line_and_what_was_refused_hangs_below():
    published, waiting, refused = week_chart(weeks((4, 2, 4))).bars

    assert published.y + published.height == pytest.approx(MIDDLE, abs=0.1)
    assert waiting.y + waiting.height == pytest.approx(published.y, abs=0.1)
    assert waiting.height == published.height
    assert refused.y >= MIDDLE
    assert [bar.kind for bar in (published, waiting, refused)] == ["published", "waiting", "refused"]


def test_in_words():
    chart = week_chart(weeks((4, 2, 0), (1, 0, 0)))

    assert chart.summary == "7 comments in 2 weeks, 2 refused; most in the week of 5 January."
    assert [bar.words for bar in chart.bars] == ["5 Jan: 4 published", "5 Jan: 2 refused", "12 Jan: 1 published"]
