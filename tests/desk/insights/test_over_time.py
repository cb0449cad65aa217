"""Pictures over hours and days."""

from datetime import date, timedelta

import pytest

from belowline.desk.insights.over_time import draw_handling, draw_hours, draw_settled
from belowline.moderation.insights.handling import measure
from belowline.moderation.insights.hours import Hour
from belowline.moderation.insights.settled import Settled


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def day(**changes):
    """24 hours, of which some are not empty."""
    hours = {int(name.removeprefix("h")): value for name, value in changes.items()}
    return [Hour(hour, *hours.get(hour, (0, 0, None))) for hour in range(24)]


def test_hours_have_two_plots_below_each_other(looking):
    picture = draw_hours(day(h20=(30, 6, timedelta(minutes=50)), h4=(10, 5, timedelta(hours=3))), looking())
    written, waited = picture.plots

    assert [column.label for column in written.columns if column.label] == ["00:00", "06:00", "12:00", "18:00"]
    assert written.ticks == ("40", "30", "20", "10", "0")
    assert [place for place, column in enumerate(written.columns) if column.parts] == [4, 20]
    assert plain(waited.columns[4].parts[0].words) == "04:00 to 05:00: 3 h"
    assert written.columns[20].parts[0].size == 75
    assert plain(picture.says) == (
        "Most is written from 20:00 to 21:00: 75 % of 40 comments. "
        "Who is held after writing from 04:00 to 05:00 waits longest: 3 h."
    )
    assert len(picture.table.rows) == 24


@pytest.mark.parametrize(
    ("found", "says"),
    [
        pytest.param(day(), "Nobody has written anything in these days.", id="nothing"),
        pytest.param(
            day(h23=(1, 0, None)),
            "Most is written from 23:00 to 00:00: 100 % of 1 comments. Too few waited for a person to say how long.",
            id="nobody waited",
        ),
    ],
)
def test_hours_of_which_there_is_little_to_say(looking, found, says):
    assert plain(draw_hours(found, looking()).says) == says


def month(*last):
    first = date(2026, 10, 20)
    rows = [(0, 0, 0)] * (30 - len(last)) + list(last)
    return [Settled(first + timedelta(days=number), *row) for number, row in enumerate(rows)]


def test_what_the_machine_settles(looking):
    picture = draw_settled(month((8, 0, 2), (6, 1, 3)), looking())
    counts, share = picture.plots

    assert plain(picture.says) == "The machine settled 75 % of 20 comments; people decided about the others."
    assert [part.tone for part in counts.columns[-1].parts] == ["accent", "bad", "wait"]
    assert counts.columns[-1].label == "18 Nov"
    assert [column.label for column in counts.columns if column.label][-2:] == ["11 Nov", "18 Nov"]
    assert share.line.count(",") == 2  # the days on which it judged something
    assert share.line.endswith(",30.00")
    assert "by day" in counts.label
    assert {tone for tone, _ in picture.legend} == {"accent", "bad", "wait"}


def test_longer_periods_go_by_the_week(looking):
    assert "by week" in draw_settled(month((1, 0, 0)), looking(days=90)).plots[0].label


def test_nothing_was_judged(looking):
    picture = draw_settled(month(), looking())

    assert picture.says == "The machine has judged nothing in these days."
    assert picture.plots[1].line == ""


def test_the_time_of_decisions(looking):
    picture = draw_handling(measure([timedelta(seconds=number) for number in range(1, 12)]), looking())

    assert plain(picture.says) == (
        "Half of 11 decisions took at most 6 s, nine in ten at most 10 s: 600 an hour at the desk."
    )
    assert [plain(column.label) for column in picture.plots[0].columns][:3] == ["2 s", "5 s", "10 s"]
    assert picture.plots[0].columns[2].parts[0].size == 62.5


def test_bands_are_named(looking):
    found = measure([timedelta(seconds=3)] * 6 + [timedelta(seconds=0.1)] * 9)

    assert draw_handling(found, looking()).says.endswith(" 9 more were made together with others.")


def test_too_few_decisions(looking):
    picture = draw_handling(measure([]), looking())

    assert picture.says.startswith("Too few decisions")
    assert not picture.is_drawn
    assert len(picture.table.rows) == 9
