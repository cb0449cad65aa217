"""The figures of the gold set: what counts as held, what is printed, and that the final half is not looked at."""

import json

import pytest
import topic_figures
from tiny_paper import tiny_signal
from topic.read import CASES, KINDS, read
from topic_figures import figures, is_held, judge, kinds_table, rows_of, share

from belowline.engine.signals.topic import TopicSignal
from belowline.lab.topic_evaluate import threshold
from belowline.lab.topic_rows import read_corpus

GOLD = read()


@pytest.fixture(scope="module")
def table():
    return figures(GOLD, "tuning", tiny_signal())


@pytest.mark.parametrize(
    ("value", "held"), [(None, False), (0.0, False), (threshold(), True), (threshold() - 0.01, False)]
)
def test_what_is_unchecked_is_not_held(value, held):
    assert is_held(value) is held


def test_shares():
    assert share([]) == "-"
    assert share([(True, 0), (False, 0), (True, 1), (True, 1)]) == "75.0% (50.0%-100.0%), 3 of 4"


def test_every_figure_is_there(table):
    for words in (
        "first level: AUROC against the section's other story",
        "all: AUROC against any other story",
        "first level: caught under any other story",
        "held: belongs, replies",
        "held: due off_topic",
        "wrongly held replies without and with their thread",
    ):
        assert words in table
    cases = {case for one in GOLD.of("tuning") for case in one.cases}
    assert [case for case in CASES if f"| {case}: held |" in table] == [case for case in CASES if case in cases]


def test_only_the_half_that_was_asked_for(table):
    assert table.startswith("Half `tuning`, model `tiny-1`: 521 comments under 10 stories")


def test_replies_are_judged_with_their_thread_and_without():
    replies = [one for one in GOLD.of("tuning") if one.parent and not one.parent.removed][:5]
    roots = [one for one in GOLD.of("tuning") if one.parent is None][:5]
    judged = judge(tiny_signal(), [*replies, *roots])
    assert all(one.value <= one.without_thread for one in judged[:5] if one.value is not None)
    assert all(one.value == one.without_thread for one in judged[5:])


def test_the_kinds_of_all_comments_are_counted():
    judged = judge(tiny_signal(), GOLD.of("tuning")[:40])
    cells = [cell for line in kinds_table(judged).splitlines()[2:] for cell in line.split(" | ")[1:]]
    assert sum(int(cell.strip("| ")) for cell in cells if cell.strip("| ")) == 40
    assert {line.split("|")[1].strip() for line in kinds_table(judged).splitlines()[2:]} <= set(KINDS)


def test_a_half_as_topic_rows(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows_of(GOLD, "tuning")), "utf-8")
    corpus = read_corpus(path)
    due = [one for one in GOLD.of("tuning") if one.r_art >= 2]
    assert [one.id for one in corpus.comments] == [one.id for one in due]
    assert [one.depth for one in corpus.comments] == [one.depth + 1 for one in due]


def test_the_command_writes_page_and_rows(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(TopicSignal, "load", lambda *_, **__: tiny_signal())
    monkeypatch.setattr(topic_figures, "figures", lambda _gold, half, _signal: f"of {half}\n")
    page, rows = tmp_path / "page.md", tmp_path / "rows.jsonl"
    page.write_text("before\n<!-- gold -->\nold\n<!-- /gold -->\nafter\n", "utf-8")
    topic_figures.main(["--rows", str(rows), "--markdown", str(page)])

    assert page.read_text("utf-8") == "before\n<!-- gold -->\nof tuning\n<!-- /gold -->\nafter\n"
    assert rows.read_text("utf-8").count("\n") == 347
    assert capsys.readouterr().out == "of tuning\n\n"
