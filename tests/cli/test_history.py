"""A history of decisions, as `calibrate` and `backtest` read it."""

import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from belowline.cli.history import SHOWN_ERRORS, History, read_line, read_time
from belowline.cli.jsonlines import LineError
from belowline.cli.loading import StartError

GOOD = {"text": "Hello", "outcome": "published", "scores": {"insult": 0.1}}


def history(*lines):
    texts = (one if isinstance(one, str) else json.dumps(one) for one in lines)
    return History(io.BytesIO("".join(f"{one}\n" for one in texts).encode()))


def test_lines_come_with_their_numbers_in_their_order():
    read = history(GOOD, "", GOOD | {"text": "Again", "outcome": "refused"})

    assert [(number, line.submission.text, line.past.is_good) for number, line in read] == [
        (1, "Hello", True),
        (3, "Again", False),
    ]
    assert (read.lines, read.wrong) == (2, 0)
    read.check("Nothing was done")


def test_all_that_a_line_may_say():
    line = read_line(
        json.dumps(
            {
                "text": "No, it is not.",
                "id": 7,
                "parent": "It is open.",
                "language": "en-GB",
                "story": {"title": "The bridge", "body": "It is shut.", "section": "news"},
                "outcome": "Rejected",
                "rule": "rude",
                "at": "2026-03-01T09:30:00+02:00",
                "model": "m-1",
                "scores": {"insult": 0.7, "spam": None},
            }
        ).encode()
    )

    assert (line.submission.id, line.submission.parent.text, line.submission.story.body) == (
        "7",
        "It is open.",
        "It is shut.",
    )
    assert (line.past.section, line.past.language, line.past.rule) == ("news", "en", "rude")
    assert line.past.at == datetime(2026, 3, 1, 9, 30, tzinfo=timezone(timedelta(hours=2)))
    assert (line.is_scored, line.model) == (True, "m-1")
    assert line.past.scores == {"insult": 0.7, "spam": None}


def test_the_section_of_the_line_wins():
    line = read_line(json.dumps(GOOD | {"story": {"title": "T", "section": "news"}, "section": "sport"}).encode())

    assert line.past.section == "sport"


def test_a_text_may_be_empty_where_scores_are_given():
    assert read_line(json.dumps(GOOD | {"text": ""}).encode()).is_scored


def test_reading_goes_on_after_wrong_lines(capsys):
    read = history(GOOD, "{", GOOD)

    assert [number for number, _ in read] == [1, 3]
    with pytest.raises(StartError, match=r"lines that cannot be read: 1; mend them\. Nothing was done"):
        read.check("Nothing was done")
    assert capsys.readouterr().err.startswith("line 2: ")


def test_the_first_wrong_lines_are_named_and_all_are_counted(capsys):
    read = history(*["{"] * (SHOWN_ERRORS + 5))

    assert list(read) == []
    assert read.wrong == SHOWN_ERRORS + 5
    assert capsys.readouterr().err.count("line ") >= SHOWN_ERRORS
    assert f"line {SHOWN_ERRORS + 1}:" not in capsys.readouterr().err


def test_times_in_every_line_or_in_none(capsys):
    read = history(GOOD, GOOD | {"at": "2026-03-01"})

    assert len(list(read)) == 1
    assert "give `at` in every line, or in none" in capsys.readouterr().err


def test_nothing_at_all():
    read = history()

    assert list(read) == []
    with pytest.raises(StartError, match="the history is empty"):
        read.check("Nothing was done")


@pytest.mark.parametrize(
    ("stated", "read"),
    [
        (None, None),
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T09:30:00", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
        ("2026-03-01T09:30:00Z", datetime(2026, 3, 1, 9, 30, tzinfo=UTC)),
    ],
)
def test_times(stated, read):
    assert read_time(stated) == read


def test_a_time_that_is_none():
    with pytest.raises(LineError, match="ISO 8601"):
        read_time("yesterday")
