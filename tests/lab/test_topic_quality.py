"""The table of docs/reference/topic-quality.md: which lines it has, and where it is put."""

import gzip
import json

import pytest
from tiny_paper import tiny_rows, tiny_signal

from belowline.engine.signals.topic import TopicSignal
from belowline.lab import topic_quality
from belowline.lab.quality_table import BEGIN, END
from belowline.lab.topic_evaluate import Choices, evaluate

pytestmark = pytest.mark.slow


@pytest.fixture
def data(tmp_path):
    """A data folder: one file of headlines and abstracts, one with threads."""
    folder = tmp_path / "test" / "topic"
    folder.mkdir(parents=True)
    rows = {"room_for_debate": tiny_rows(parent=None, body="", section=""), "reddit_news": tiny_rows()}
    for name, found in rows.items():
        text = "".join(json.dumps(row) + "\n" for row in found)
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    return tmp_path


def lines(data):
    paths = [data / "test" / "topic" / f"{name}.jsonl.gz" for name in topic_quality.FILES]
    report = evaluate(tiny_signal(), paths, Choices(resamples=3))
    return list(topic_quality.lines(dict(zip(topic_quality.FILES, report.files, strict=True))))


def test_every_wanted_figure_has_its_line(data):
    found = {line.what: line for line in lines(data)}
    assert {line.wanted for line in found.values()} >= {"0.985", "0.90", "0.80", "0.50"}
    debate = found["room_for_debate, own against a random story, title and abstract (50): AUC"]
    assert float(debate.figure.split()[0]) > 0.85
    assert debate.baseline
    assert any("direct answers alone (30)" in what for what in found)


def test_what_a_file_lacks_is_left_out(data):
    assert not [line.what for line in lines(data) if line.what.startswith("room_for_debate, answers")]


def test_the_command_writes_the_page(data, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(TopicSignal, "load", lambda *_, **__: tiny_signal())
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nwhat stood here\n{END}\nafter\n", "utf-8")
    topic_quality.main(["--data", str(data), "--write", str(page), "--sample", "40"])

    printed = capsys.readouterr().out
    written = page.read_text("utf-8")
    assert "| figure | measured | wanted | TF-IDF |" in printed
    assert printed.strip() in written
    assert written.startswith(f"before\n{BEGIN}\nModel: `tiny-1`.")
    assert written.endswith(f"{END}\nafter\n")
    assert "what stood here" not in written
