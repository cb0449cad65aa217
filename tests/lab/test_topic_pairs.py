"""Pairs: each text as often with what it belongs to as with something else, and never across folds or halves."""

from collections import Counter

import numpy as np
import pytest
from tiny_topic import FIELDS, debate_rows, own_lines, tiny_subject

from belowline.lab import topic_pairs
from belowline.lab.topic_pairs import (
    FOLDS,
    OwnStory,
    chatter_pairs,
    debate_pairs,
    folds_of,
    half_of,
    nearest_debates,
    own_pairs,
    own_reply_pairs,
    read_debates,
    read_own,
    reply_pairs,
    without_half,
    without_half_of_own,
)

SUBJECT = tiny_subject()
ROWS = debate_rows()
DEBATES = read_debates(ROWS, SUBJECT)


@pytest.fixture(scope="module")
def stories():
    import msgspec

    return [msgspec.json.decode(line, type=OwnStory) for line in own_lines().splitlines()]


def even(pairs):
    """Whether each text stands as often with its own as with another."""
    counts = Counter((pair.text, pair.is_apart) for pair in pairs)
    return all(counts[text, False] == counts[text, True] for text, _ in counts)


class TestDebates:
    def test_each_comment_tells_nothing_by_itself(self):
        pairs = debate_pairs(DEBATES, SUBJECT, 1)
        assert len(pairs) == len(ROWS) * 3 * 2
        assert even(pairs)

    def test_the_wrong_story_is_another_one_of_the_same_fold(self):
        folds = folds_of(list(DEBATES), 1)
        by_head = {debate.head: name for name, debate in DEBATES.items()}
        for pair in debate_pairs(DEBATES, SUBJECT, 1):
            name = by_head[pair.known.passages[:2]]
            assert folds[name] == pair.fold
            assert (f"The {pair.text.split()[1]} question" == pair.known.passages[0]) <= (not pair.is_apart)

    def test_a_comment_is_no_part_of_the_text_that_it_is_compared_with(self):
        for pair in debate_pairs(DEBATES, SUBJECT, 3, whole=True):
            assert pair.text not in pair.known.passages

    def test_texts_of_three_sizes(self):
        sizes = Counter(pair.name for pair in debate_pairs(DEBATES, SUBJECT, 1))
        assert sizes == dict.fromkeys(("headline and abstract", "short text", "long text"), len(ROWS) * 2)
        bare = [pair for pair in debate_pairs(DEBATES, SUBJECT, 1) if pair.name == "headline and abstract"]
        assert {len(pair.known.passages) for pair in bare} == {2}

    def test_whole_comments_for_measuring(self):
        texts = {row["comment"] for row in ROWS}
        assert {pair.text for pair in debate_pairs(DEBATES, SUBJECT, 1, whole=True)} == texts

    def test_the_same_seed_the_same_pairs(self):
        first, again = (debate_pairs(DEBATES, SUBJECT, 5) for _ in range(2))
        assert [(pair.text, pair.known.passages) for pair in first] == [
            (pair.text, pair.known.passages) for pair in again
        ]

    def test_nearest_first(self):
        folds = dict.fromkeys(DEBATES, 0)
        own = DEBATES["s0"].vectors.mean(axis=0)
        order = [float(DEBATES[name].vectors.mean(axis=0) @ own) for name in nearest_debates("s0", DEBATES, folds)]
        assert order == sorted(order, reverse=True)
        assert len(order) == len(FIELDS) - 1


def test_our_own_lines(monkeypatch):
    pairs = chatter_pairs(DEBATES, SUBJECT, 1)
    assert pairs
    assert even(pairs)
    assert {pair.name for pair in pairs} == {"our own lines"}


class TestOwnStories:
    def test_those_that_belong_by_themselves(self, stories):
        pairs = own_pairs(stories, SUBJECT, 1, {one.key for one in stories})
        assert even(pairs)
        assert not any("Word 1 " in pair.text or "Word 2 " in pair.text for pair in pairs)
        assert {pair.name for pair in pairs} == {"own stories", "own headlines"}

    def test_what_is_compared_is_left_out_of_the_bank(self, stories):
        for pair in own_pairs(stories, SUBJECT, 1, {one.key for one in stories}):
            compared = [place for place in pair.banked if stories[place].title == pair.known.passages[0]]
            assert len(compared) == 1
            assert len(set(pair.banked)) == 2

    def test_only_the_chosen_ones(self, stories):
        chosen = {"k0", "k2", "k4"}
        for pair in own_pairs(stories, SUBJECT, 1, chosen):
            assert {stories[place].key for place in pair.banked} <= chosen

    def test_half_of_the_wrong_ones_are_of_the_same_section(self, stories):
        pairs = [pair for pair in own_pairs(stories, SUBJECT, 1, {one.key for one in stories}) if pair.is_apart]
        near = [stories[pair.banked[0]].section == stories[pair.banked[1]].section for pair in pairs]
        assert 0.3 < np.mean(near) < 0.9

    def test_replies(self, stories):
        pairs = own_reply_pairs(stories, SUBJECT, 1, {"k0", "k1"})
        assert even(pairs)
        assert len(pairs) == 2 * 2
        assert all(pair.known.passages[0].startswith("Word 0") for pair in pairs if not pair.is_apart)

    def test_the_shipped_ones_can_be_read(self):
        shipped = read_own()
        assert len({one.key for one in shipped}) == len(shipped) >= 70
        assert all(0 <= comment.r_art <= 3 for one in shipped for comment in one.comments)
        assert all(
            comment.parent is None or comment.parent < place
            for one in shipped
            for place, comment in enumerate(one.comments)
        )


class TestReplies:
    ROWS_OF = [
        {"text": f"The bridge is the word, you idiot, number {n}, and that is that for {n % 7} days", "parent": parent}
        for n in range(40)
        for parent in (f"You is the word of the bridge, unhappy as it is, with number {n % 9} and so on and on",)
    ]

    def test_each_with_its_parent_and_with_another(self):
        pairs = reply_pairs(self.ROWS_OF, SUBJECT, 20, 1)
        assert len(pairs) == 40
        for own, other in zip(pairs[::2], pairs[1::2], strict=True):
            assert not own.is_apart
            assert other.is_apart
            assert own.text == other.text
            assert own.known.passages != other.known.passages

    def test_short_ones_say_too_little(self):
        assert reply_pairs([{"text": "Yes.", "parent": "x" * 90}, {"text": "y" * 90}], SUBJECT, 5, 1) == []


class TestHalves:
    def test_both_together_are_all(self, stories):
        parts = [without_half(ROWS, half) for half in (0, 1)]
        assert sorted(row["comment"] for part in parts for row in part) == sorted(row["comment"] for row in ROWS)
        assert not {row["story_id"] for row in parts[0]} & {row["story_id"] for row in parts[1]}
        own = [without_half_of_own(stories, half) for half in (0, 1)]
        assert sorted(one.key for part in own for one in part) == [one.key for one in stories]

    def test_none_is_all(self, stories):
        assert without_half(ROWS, None) == ROWS
        assert without_half_of_own(stories, None) == stories

    def test_by_the_order_of_names(self):
        assert half_of(["b", "a", "c", "a"]) == {"a": 0, "b": 1, "c": 0}


def test_folds_are_even():
    counts = Counter(folds_of([f"s{n}" for n in range(23)], 1).values())
    assert set(counts) == set(range(FOLDS))
    assert max(counts.values()) - min(counts.values()) <= 1


def test_bodies_are_sized_as_said(monkeypatch):
    monkeypatch.setattr(topic_pairs, "BODIES", ((0, 0), (1, 1)))
    assert {len(pair.known.passages) for pair in debate_pairs(DEBATES, SUBJECT, 1)} == {2, 3}
