"""The gold set for the on-topic judgement is sound: labels, threads, halves, voices, and what README.md counts."""

import json
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from topic.counts import put, share_no_word, tables
from topic.read import CASES, HERE, KINDS, SEED, SEED_PLACE, read

QUOTED_WORDS = 8
"""So many words in a row, taken from somebody else's text, are a quotation."""
OPENING_WORDS = 4


@pytest.fixture(scope="module")
def gold():
    return read()


@pytest.fixture(scope="module")
def comments(gold):
    """All of them: the labels of comments whose story is absent are checked like the others."""
    return [*gold.comments, *gold.skipped]


@pytest.fixture(scope="module")
def own_stories(gold):
    """The stories that are here, whether or not the other one is."""
    return [story for story in gold.stories.values() if story.key != SEED]


def rows(name):
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def words(text):
    return re.findall(r"\w+", text.lower())


def spread(comments, label):
    return Counter(value for comment in comments for value in label(comment))


def median_words(comments):
    lengths = sorted(len(comment.text.split()) for comment in comments)
    return lengths[len(lengths) // 2]


# Size


def test_there_are_enough_of_each(comments, own_stories):
    assert len(own_stories) >= 14
    assert len(comments) >= 620
    assert sum(comment.story_key == SEED for comment in comments) >= 35


def test_bodies_are_as_long_as_news(own_stories):
    lengths = {story.key: len(story.story.body.split()) for story in own_stories}
    assert {key: length for key, length in lengths.items() if not 250 <= length <= 700} == {}
    assert all(story.story.body.count("\n") >= 5 for story in own_stories)


def test_every_hard_case_occurs(comments):
    counted = spread(comments, lambda comment: comment.cases)
    assert set(counted) == set(CASES)
    assert {case: count for case, count in counted.items() if count < 6} == {}


def test_every_kind_occurs(comments):
    assert set(spread(comments, lambda comment: [comment.kind])) == set(KINDS)


# Soundness


def test_ids_are_unique_and_say_their_story():
    ids = [row["id"] for row in rows("comments.jsonl")]
    assert len(set(ids)) == len(ids)
    assert [row["id"] for row in rows("comments.jsonl") if row["id"].rpartition("-")[0] != row["story"]] == []


def test_every_comment_has_a_story():
    known = {row["key"] for row in rows("stories.jsonl")} | {SEED}
    assert {row["story"] for row in rows("comments.jsonl")} == known


def test_parents_stand_above_and_under_the_same_story():
    above = {}
    for row in rows("comments.jsonl"):
        assert row["parent"] is None or above[row["parent"]] == row["story"]
        above[row["id"]] = row["story"]


def test_rows_hold_nothing_unknown():
    fields = {"id", "story", "parent", "text", "r_art", "r_par", "kind", "cases"}
    for row in rows("comments.jsonl"):
        assert set(row) - {"removed"} == fields
        assert row.get("removed", True) is True, "only removed comments say so"


def test_labels_are_in_range(comments):
    assert [comment.id for comment in comments if comment.r_art not in range(4)] == []
    assert [comment.id for comment in comments if comment.kind not in KINDS] == []
    assert [comment.id for comment in comments if not set(comment.cases) <= set(CASES)] == []


def test_replies_and_only_replies_have_r_par(comments):
    assert [comment.id for comment in comments if comment.parent and comment.r_par not in range(3)] == []
    assert [comment.id for comment in comments if not comment.parent and comment.r_par is not None] == []


def test_no_text_comes_twice(comments, own_stories):
    texts = Counter(" ".join(words(comment.text)) for comment in comments if "bare_link" not in comment.cases)
    assert [text for text, count in texts.items() if count > 1] == []
    bodies = [paragraph for story in own_stories for paragraph in story.story.body.split("\n")]
    assert len(set(bodies)) == len(bodies)


def test_texts_are_neat():
    for row in rows("comments.jsonl"):
        assert row["text"] == row["text"].strip() != ""
        assert len(row["text"].split()) <= 175


# The hard cases are what they are called


def test_removed_parents_are_answered(comments):
    answers = [comment for comment in comments if comment.parent and comment.parent.removed]
    named = [comment for comment in comments if "parent_removed" in comment.cases]
    assert [comment.id for comment in named if not any(above.removed for above in comment.ancestors)] == []
    assert {comment.id for comment in answers} <= {comment.id for comment in named}


def test_changed_headlines_were_different(own_stories, comments):
    changed = {story.key: story for story in own_stories if story.earlier_titles}
    answered = {comment.story_key for comment in comments if "headline_changed" in comment.cases}
    assert answered == set(changed)
    assert all(story.story.title not in story.earlier_titles for story in changed.values())


@pytest.mark.parametrize(
    ("case", "genres"),
    [
        ("live_blog", {"live blog"}),
        ("satire_recipe", {"satire", "recipe"}),
        ("meta", {"story about comments"}),
        ("obituary", {"obituary"}),
    ],
)
def test_cases_of_a_genre_stand_under_it(comments, own_stories, case, genres):
    keys = {story.key for story in own_stories if story.genre in genres}
    assert {comment.story_key for comment in comments if case in comment.cases} == keys


def test_links_without_words_are_links(comments):
    links = [comment.text for comment in comments if re.fullmatch(r"https?://\S+", comment.text)]
    named = [comment.text for comment in comments if "bare_link" in comment.cases]
    assert links == named
    assert all(re.match(r"https://example\.(org|com|net)/", link) for link in links)


def test_pronoun_replies_are_short_replies(comments):
    named = [comment for comment in comments if "pronoun_reply" in comment.cases]
    assert [one.id for one in named if not one.parent or len(one.text.split()) > 16] == []


def test_stuffed_comments_name_the_story_and_are_not_about_it(comments, gold):
    stuffed = [one for one in comments if "keyword_stuffing" in one.cases]
    assert [one.id for one in stuffed if one.r_art] == []
    for comment in stuffed:
        if comment.story:
            shared = set(words(comment.text)) & set(words(f"{comment.story.title} {comment.story.body}"))
            assert len(shared) >= 6, comment.id


def test_quotations_are_words_of_the_story(comments):
    for comment in comments:
        if "quote_line" in comment.cases:
            spoken = re.findall(r'"([^"]+)"', comment.text)
            assert spoken, comment.id
            assert set(words(" ".join(spoken))) <= set(words(comment.story.body)), comment.id


# The proportions, and that style gives nothing away


def test_about_a_quarter_is_not_welcome(comments):
    assert 0.70 <= sum(comment.belongs for comment in comments) / len(comments) <= 0.82


def test_two_in_five_are_replies_and_some_threads_are_deep(comments):
    assert 0.35 <= sum(comment.depth > 0 for comment in comments) / len(comments) <= 0.5
    assert sum(comment.depth >= 5 for comment in comments) >= 12


def test_one_in_ten_shares_no_word_with_its_story(comments, own_stories):
    own = [one for one in comments if one.story_key != SEED and not one.parent and one.belongs]
    english = [one for one in share_no_word(own, own_stories) if "other_language" not in one.cases]
    assert 0.08 <= len(english) / len(own) <= 0.2


def test_length_does_not_give_the_relation_away(comments):
    first = [comment for comment in comments if not comment.parent and comment.kind != "insubstantial"]
    welcome = median_words([comment for comment in first if comment.belongs])
    others = median_words([comment for comment in first if not comment.belongs])
    assert 0.5 <= welcome / others <= 2


@pytest.mark.parametrize("welcome", [True, False])
def test_lengths_vary(comments, welcome):
    lengths = [len(comment.text.split()) for comment in comments if comment.belongs is welcome]
    assert min(lengths) <= 2
    assert max(lengths) >= 100


def test_openings_do_not_repeat(comments):
    openings = Counter(
        " ".join(opening)
        for comment in comments
        if len(opening := words(comment.text)[:OPENING_WORDS]) == OPENING_WORDS and "bare_link" not in comment.cases
    )
    assert [opening for opening, count in openings.items() if count > 3] == []


# The halves


def test_halves_are_balanced(comments, own_stories):
    halves = Counter(comment.half for comment in comments)
    assert set(halves) == {"tuning", "final"}
    assert 0.45 <= halves["final"] / len(comments) <= 0.55
    by_half = Counter(story.half for story in own_stories)
    assert abs(by_half["tuning"] - by_half["final"]) <= 1


def test_no_story_is_in_both_halves(comments):
    halves = {}
    for comment in comments:
        assert halves.setdefault(comment.story_key, comment.half) == comment.half
    assert halves[SEED] == "final"


def test_every_section_is_in_both_halves(own_stories):
    sections = {half: {one.story.section for one in own_stories if one.half == half} for half in ("tuning", "final")}
    assert sections["tuning"] == sections["final"]


def test_every_story_has_a_partner_in_its_section(own_stories):
    counted = Counter(story.story.section for story in own_stories)
    assert min(counted.values()) >= 2


# What is said about it


def test_tables_of_the_readme_are_true():
    text = (HERE / "README.md").read_text("utf-8")
    assert put(text, tables()) == text


def test_readme_explains_every_case():
    text = (HERE / "README.md").read_text("utf-8")
    assert [case for case in CASES if f"| {case} | " not in text.partition("## Counts")[0]] == []


def test_readme_counts_the_languages(comments):
    text = (HERE / "README.md").read_text("utf-8")
    assert sum("other_language" in comment.cases for comment in comments) == 22
    assert "twenty-two comments in seven other languages" in text


def test_nothing_is_quoted_from_the_story_that_is_not_here():
    if SEED_PLACE not in os.environ:
        pytest.skip(f"{SEED_PLACE} names no file with the story: its {SEED} comments are not compared with it")
    lines = Path(os.environ[SEED_PLACE]).read_text("utf-8").splitlines()
    theirs = words(" ".join(lines))
    runs = {tuple(theirs[start : start + QUOTED_WORDS]) for start in range(len(theirs) - QUOTED_WORDS + 1)}
    for name in ("stories.jsonl", "comments.jsonl", "README.md"):
        ours = words((HERE / name).read_text("utf-8"))
        found = [ours[start : start + QUOTED_WORDS] for start in range(len(ours))]
        assert [run for run in found if tuple(run) in runs] == [], name
