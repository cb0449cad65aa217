"""Wrong partners, level by level: who may be drawn, who never, and what is said of the levels that are left out."""

import numpy as np
import pytest
from tiny_paper import tiny_rows

from belowline.lab.topic_levels import FEWEST, StoryIndex, draw_levels
from belowline.lab.topic_rows import read_corpus

VECTORS = np.eye(10, 16, dtype=np.float32)
ALL = {"N0", "N1", "N2", "N3", "N4", "nearest", "N5", "R0", "R1", "R2"}


@pytest.fixture
def draw(write):
    def call(rows, seed=0, vectors=VECTORS):
        corpus = read_corpus(write("rows.jsonl", rows))
        found = draw_levels(corpus, StoryIndex(corpus, vectors[: len(corpus.stories)]), seed)
        return corpus, {level.name: level for level in found.drawn}, found.missing

    return call


def pairs(corpus, level):
    """The story of each comment with the wrong one."""
    return [(corpus.stories[pair.own.story], corpus.stories[pair.other.story]) for pair in level.pairings]


def test_every_level_has_its_partners(draw):
    corpus, levels, missing = draw(tiny_rows())
    assert levels.keys() | missing.keys() == ALL
    for name in ("N1", "N2", "N3", "N4", "nearest"):
        for own, other in pairs(corpus, levels[name]):
            same_section = own.story.section == other.story.section
            days = abs((own.day - other.day).days)
            assert own.key != other.key
            assert {
                "N1": not same_section and days == 0,
                "N2": same_section and days <= 30,
                "N3": same_section,
                "N4": bool(own.tags & other.tags) and days <= 7,
                "nearest": True,
            }[name]


@pytest.mark.parametrize("name", ["N0", "N2", "nearest", "N5", "R0", "R2"])
def test_each_comment_stands_once_on_either_side(draw, name):
    _, levels, _ = draw(tiny_rows())
    pairings = levels[name].pairings
    assert len({pair.comment for pair in pairings}) == len(pairings) >= FEWEST
    if name != "N5":
        assert all(pair.own.text == pair.other.text for pair in pairings)


def test_the_same_seed_draws_the_same(draw):
    first, again, other = (draw(tiny_rows(), seed)[1]["N0"].pairings for seed in (0, 0, 1))
    assert first == again != other


class TestN0:
    def test_another_section_where_there_are_several(self, draw):
        corpus, levels, _ = draw(tiny_rows(published_at=None))
        assert levels["N0"].what == "another section"
        assert all(own.story.section != other.story.section for own, other in pairs(corpus, levels["N0"]))

    def test_far_days_where_nearly_all_have_such_a_partner(self, draw):
        rows = [row | {"published_at": f"202{int(row['story_id'][1:]) // 2}-01-01"} for row in tiny_rows()]
        corpus, levels, _ = draw(rows)
        assert levels["N0"].what == "another section, more than 90 days apart"
        assert all(abs((own.day - other.day).days) > 90 for own, other in pairs(corpus, levels["N0"]))

    def test_any_other_story_without_sections_and_dates(self, draw):
        _, levels, _ = draw(tiny_rows(section="", published_at=None))
        assert levels["N0"].what == "any other story"

    def test_never_one_of_the_same_title(self, draw):
        rows = tiny_rows(section="", published_at=None)
        twins = [row | {"title": "The same"} if row["story_id"] in {"s0", "s1"} else row for row in rows]
        corpus, levels, _ = draw(twins)
        assert all(own.story.title != other.story.title for own, other in pairs(corpus, levels["N0"]))


def test_names_bind_stories_and_words_do_not(draw):
    rows = [row | {"published_at": None, "tags": [], "section": "Town"} for row in tiny_rows()]
    corpus, levels, _ = draw(rows)
    found = pairs(corpus, levels["N3"])
    assert len(found) == 50
    assert all((int(own.key[1:]) - int(other.key[1:])) % 4 == 0 for own, other in found)  # Otto0 to Otto3


def test_the_nearest_story_is_that_of_the_vectors(draw):
    vectors = VECTORS.copy()
    vectors[3] = vectors[7]
    corpus, levels, _ = draw(tiny_rows(), vectors=vectors)
    found = {own.key: other.key for own, other in pairs(corpus, levels["nearest"])}
    assert (found["s3"], found["s7"]) == ("s7", "s3")


def test_stuffing_is_a_foreign_comment_with_the_words_of_the_story(draw):
    corpus, levels, _ = draw(tiny_rows())
    texts = {one.text: one.story for one in corpus.comments}
    for pair in levels["N5"].pairings:
        foreign, keywords = pair.other.text.split("\n")
        assert pair.other.story == pair.own.story != texts[foreign]
        assert set(keywords.split()) & set(corpus.stories[pair.own.story].story.body.lower().split())


class TestThreads:
    def test_only_answers(self, draw):
        corpus, levels, _ = draw(tiny_rows())
        assert {corpus.comments[pair.comment].depth for pair in levels["R0"].pairings} == {2}

    def test_what_is_shown_above(self, draw):
        corpus, levels, _ = draw(tiny_rows())
        under = {one.text: one.story for one in corpus.comments}
        for true, stray, hidden in zip(*(levels[name].pairings for name in ("R0", "R1", "R2")), strict=True):
            assert true.own.parent == corpus.comments[true.comment].parent
            assert under[stray.own.parent.text] == stray.own.story
            assert stray.own.parent != true.own.parent
            assert (hidden.own.parent, hidden.other.parent) == (None, None)
            assert true.other == stray.other
            assert under[true.other.parent.text] == true.other.story


@pytest.mark.parametrize(
    ("fields", "left_out"),
    [
        pytest.param(
            {"section": ""},
            {"N1": "the rows have no section", "N2": "the rows have no section", "N3": "the rows have no section"},
            id="no section",
        ),
        pytest.param({"section": "Town"}, {"N1": "all stories are of one section"}, id="one section"),
        pytest.param(
            {"published_at": None, "tags": []},
            {"N1": "the rows have no published_at", "N4": "the rows have no published_at and no tags"},
            id="no dates and tags",
        ),
        pytest.param({"parent": None}, dict.fromkeys(("R0", "R1", "R2"), "no row has a parent"), id="no threads"),
    ],
)
def test_what_is_left_out_has_a_reason(draw, fields, left_out):
    _, levels, missing = draw(tiny_rows(**fields))
    assert left_out.items() <= missing.items()
    assert not levels.keys() & missing.keys()


def test_too_few_partners_are_no_level(draw):
    rows = [
        row | {"tags": ["t"] if row["id"] in {"0.0", "1.0"} else []} for row in tiny_rows(published_at="2026-01-01")
    ]
    _, levels, missing = draw([row for row in rows if row["id"].endswith((".0", ".1", ".2"))])
    assert missing["N4"] == "only 6 comments have such a partner"
    assert "N4" not in levels
