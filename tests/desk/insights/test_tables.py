"""Figures in rows: as people read them, and as a file."""

from datetime import date, timedelta

import pytest

from belowline.desk.insights.tables import Column, Table, in_words, length, percent
from belowline.moderation.spreadsheet import BYTE_ORDER_MARK

HEADS = (
    Column("rule", "Rule", "text"),
    Column("total", "Together"),
    Column("share", "Share", "share"),
    Column("wait_seconds", "Wait", "seconds"),
    Column("kappa", "Kappa", "number"),
    Column("from", "From", "day"),
)
TABLE = Table(
    HEADS,
    [
        ("Links", 1_234, 1 / 3, timedelta(minutes=75), 0.51234, date(2026, 11, 3)),
        ("=Spam", 0, None, None, None, None),
    ],
)


def plain(text):
    return text.replace("\N{NO-BREAK SPACE}", " ")


def test_rows_in_words():
    first, second = TABLE.shown

    assert [plain(value) for value in first] == ["Links", "1,234", "33 %", "1 h 15 min", "0.51", "3 Nov 2026"]
    assert second == ["=Spam", "0", "–", "–", "–", "–"]


def test_rows_as_a_file():
    assert TABLE.as_csv().removeprefix(BYTE_ORDER_MARK).splitlines() == [
        "rule,total,share,wait_seconds,kappa,from",
        "Links,1234,0.3333,4500.0,0.5123,2026-11-03",
        "'=Spam,0,,,,",
    ]


def test_only_columns_of_text_name_what_a_row_is_about():
    assert [column.key for column in HEADS if column.is_text] == ["rule"]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0 %"), (0.004, "0.4 %"), (0.096, "9.6 %"), (0.1, "10 %"), (0.995, "100 %"), (1, "100 %")],
)
def test_shares(share, words):
    assert plain(percent(share)) == words


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (0, "0 s"),
        (4.4, "4 s"),
        (59.6, "1 min"),
        (90, "1 min 30 s"),
        (600, "10 min"),
        (630, "10 min"),
        (3_600, "1 h"),
        (7_800, "2 h 10 min"),
        (timedelta(hours=36), "1 d 12 h"),
        (timedelta(days=12, hours=5), "12 d"),
    ],
)
def test_lengths_of_time(time, words):
    assert plain(length(time)) == words


def test_what_is_not_there_is_a_dash():
    assert {in_words(None, column.kind) for column in HEADS} == {"–"}
