"""The page and the tables of an evaluation hold every figure, need nothing else, and run nothing."""

import io

import msgspec
import pytest
from page_reader import Reader
from rich.console import Console
from tiny_paper import tiny_rows, tiny_signal

from belowline.lab.topic_evaluate import Choices, evaluate
from belowline.lab.topic_page import render_page
from belowline.lab.topic_tables import show

pytestmark = pytest.mark.slow

EVIL = '<script>alert("1")</script> $x_1$ & [bold]'


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    rows = {
        "whole.jsonl": [row | {"section": EVIL} if row["section"] == "Town" else row for row in tiny_rows()],
        "bare.jsonl": tiny_rows(section="", published_at=None, tags=[], abstract="", body="", parent=None),
        "small.jsonl": [row for row in tiny_rows() if row["story_id"] in {"s0", "s1"}][3:6],
    }
    for name, found in rows.items():
        (folder / name).write_bytes(b"\n".join(map(msgspec.json.encode, found)))
    return evaluate(tiny_signal(), [folder / name for name in rows], Choices(resamples=5))


@pytest.fixture(scope="module")
def page(report):
    return render_page(report)


@pytest.fixture(scope="module")
def printed(report):
    console = Console(file=io.StringIO(), width=200)
    show(report, console)
    return console.file.getvalue()


def test_it_is_whole(page):
    found = Reader(page)
    assert page.startswith("<!doctype html>")
    assert found.open == []
    assert found.tags.count("svg") == 12
    assert len(found.ids) == len(set(found.ids))


def test_it_needs_nothing_from_elsewhere(page):
    found = Reader(page)
    assert all(link.startswith("#") for link in found.links)
    assert "script" not in found.tags
    assert "default-src 'none'" in page


def test_what_stands_in_a_file_is_only_text(page):
    assert EVIL not in page
    assert EVIL in "".join(Reader(page).words)


@pytest.mark.parametrize("where", ["page", "printed"])
def test_every_level_and_what_is_left_out(where, request):
    text = request.getfixturevalue(where)
    for words in ("N0", "nearest", "N5", "R0", "R2", "comment alone", "+ parent", "first level", "TF-IDF"):
        assert words in text
    assert "R0 is left out: no row has a parent." in text
    assert "N1 is left out: the rows have no section and no published_at." in text
    assert "under 10 stories" in text


def test_figures_are_the_report_s(report, page, printed):
    for one in report.files[0].levels:
        assert f"{one.auroc.value:.3f} ({one.auroc.low:.3f}-{one.auroc.high:.3f})" in page
        assert f"{one.auroc.value:.3f} ({one.auroc.low:.3f}-{one.auroc.high:.3f})" in printed


def test_a_file_without_any_level(report, page):
    assert report.files[2].levels == []
    assert "small.jsonl" in page
    assert page.count("only 3 comments have such a partner") >= 1


def test_markup_in_a_section_is_not_obeyed(printed):
    assert "[bold]" in printed
