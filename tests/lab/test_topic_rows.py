"""Topic rows: what is read of them, what is drawn, and what is wrong in one sentence."""

from datetime import date

import pytest
from tiny_paper import tiny_rows

from belowline.engine.submission import Parent
from belowline.lab.audit_files import FileError
from belowline.lab.topic_rows import read_corpus

BARE = {"id": "1", "comment": "The bridge!", "story_id": "a", "title": "The bridge"}
OTHER = {"id": "2", "comment": "The school!", "story_id": "b", "title": "The school"}


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_a_whole_file(write, name):
    corpus = read_corpus(write(name, tiny_rows()))

    assert (corpus.file, corpus.rows_in_file, len(corpus.stories), len(corpus.comments)) == (name, 50, 10, 50)
    first = corpus.stories[0]
    assert (first.key, first.story.section, first.day, first.tags) == (
        "s0", "Town", date(2026, 1, 10), frozenset({"t0"}),
    )  # fmt: skip
    assert first.story.body.count("\n") == 1
    assert [one.depth for one in corpus.comments[:5]] == [1, 1, 1, 2, 2]
    assert corpus.comments[3].parent == Parent(text=corpus.comments[2].text)


@pytest.mark.parametrize(
    ("fields", "parent", "depth"),
    [
        pytest.param({}, None, 1, id="bare"),
        pytest.param({"parent": "Why?"}, Parent(text="Why?"), None, id="an answer"),
        pytest.param({"parent": "Why?", "root": "Why?"}, Parent(text="Why?"), None, id="to the first comment"),
        pytest.param({"parent": "No.", "root": "Why?", "depth": 3}, Parent(text="No.", root_text="Why?"), 3, id="deep"),
        pytest.param({"parent": "No.", "extra": {"depth": 2}}, Parent(text="No."), 2, id="depth in extra"),
        pytest.param({"parent": " ", "abstract": None, "body": None, "section": None}, None, 1, id="empty fields"),
        pytest.param({"extra": {"depth": "two"}}, None, None, id="a depth that is no number"),
    ],
)
def test_what_is_above(write, fields, parent, depth):
    corpus = read_corpus(write("rows.jsonl", [BARE | fields, OTHER]))
    assert (corpus.comments[0].parent, corpus.comments[0].depth) == (parent, depth)


@pytest.mark.parametrize("written", ["2026-11-27", "2026-11-27T23:59:00+01:00", "2026-11-27T08:00:00Z"])
def test_dates(write, written):
    corpus = read_corpus(write("rows.jsonl", [BARE | {"published_at": written}, OTHER]))
    assert [one.day for one in corpus.stories] == [date(2026, 11, 27), None]


def test_the_first_row_tells_the_story(write):
    corpus = read_corpus(write("rows.jsonl", [BARE, BARE | {"title": "Changed"}, OTHER]))
    assert [one.story.title for one in corpus.stories] == ["The bridge", "The school"]


class TestSample:
    def test_it_is_drawn_in_order_and_the_stories_stay(self, write):
        path = write("rows.jsonl", tiny_rows())
        drawn = read_corpus(path, 7, 3)
        ids = [one.id for one in drawn.comments]
        assert (len(ids), ids, len(drawn.stories), drawn.rows_in_file) == (7, sorted(ids), 10, 50)
        assert ids == [one.id for one in read_corpus(path, 7, 3).comments]
        assert ids != [one.id for one in read_corpus(path, 7, 4).comments]

    def test_no_more_than_there_are(self, write):
        assert len(read_corpus(write("rows.jsonl", tiny_rows()), 1_000).comments) == 50


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        pytest.param([BARE], "fewer than two stories", id="one story"),
        pytest.param([], "fewer than two stories", id="empty"),
        pytest.param([BARE | {"comment": " "}, OTHER], "line 1: the comment is empty", id="no comment"),
        pytest.param([BARE, OTHER | {"published_at": "yesterday"}], "line 2: published_at is no date", id="date"),
        pytest.param([BARE, {"id": "2"}], "line 2: Object missing required field `comment`", id="field"),
        pytest.param([BARE | {"tags": "war"}, OTHER], "line 1: Expected `array`", id="tags"),
    ],
)
def test_what_is_wrong_is_said(write, rows, said):
    with pytest.raises(FileError, match=said.replace("`", ".")):
        read_corpus(write("rows.jsonl", rows))
