"""What a comment is, where it is not about the subject itself."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import save as write_tensors

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import FORMAT, Bundle, Manifest
from belowline.engine.models.sentences import Sense
from belowline.engine.signals.topic_kinds import (
    HEADS,
    LEARNED,
    LONG_RUN,
    MOST_SUBSTANCE,
    Article,
    KindHeads,
    Kinds,
    find_kinds,
    pasted_share,
)

WIDTH = len(LEARNED)
# Each axis is a kind: a vector along it is of that kind.
AXES = KindHeads(8 * np.eye(WIDTH, dtype=np.float32), np.full(WIDTH, -4, dtype=np.float32))
PARAGRAPH = (
    "The harbour bridge was closed to all traffic on Wednesday morning and is not expected to reopen before May."
)
ABOUT_COMMENTS = ("How we moderate comments", "Moderators read every comment. Trolls are the reason, and commenters.")


def along(*names):
    parts = np.array([np.eye(WIDTH, dtype=np.float32)[LEARNED.index(name)] for name in names])
    whole = parts.mean(axis=0)
    return Sense(whole / np.linalg.norm(whole), parts)


def kinds(*names, text="words", passages=(PARAGRAPH,), substance=MOST_SUBSTANCE):
    return find_kinds(AXES, along(*names), text, Article.read(passages), substance)


def bundle(tensors):
    manifest = Manifest(format=FORMAT, name="topic", version="1", labels=("off_topic",), files={})
    return Bundle(manifest, {HEADS: write_tensors(tensors)} if tensors else {})


@pytest.mark.parametrize("name", [name for name in LEARNED if name != "insubstantial"])
def test_a_comment_of_one_kind(name):
    assert kinds(name).kind == name


def test_of_some_kinds_a_sentence_is_enough():
    assert kinds("personal_story", "comparison", "comparison").likely["personal_story"] > 0.9


def test_of_others_the_whole_comment_must_be():
    assert kinds("about_moderation", "personal_story", "comparison").likely["about_moderation"] < 0.7


def test_under_a_story_about_comments_such_talk_is_the_subject():
    assert kinds("about_moderation", passages=ABOUT_COMMENTS).likely["about_moderation"] == 0


@pytest.mark.parametrize(("substance", "is_named"), [(0, True), (1, True), (MOST_SUBSTANCE, False), (50, False)])
def test_who_says_much_is_not_insubstantial(substance, is_named):
    assert (kinds("insubstantial", substance=substance).kind == "insubstantial") is is_named


def test_substantive_where_nothing_is_likely():
    assert Kinds({"comparison": 0.4, "correction": 0.1}).kind == "substantive"


@pytest.mark.parametrize(
    ("passages", "expected"),
    [
        (ABOUT_COMMENTS, True),
        (("The bridge", "No comment was to be had from the council, which commented last week."), False),
        ((), False),
    ],
)
def test_stories_about_comments(passages, expected):
    assert Article.read(passages).is_about_comments is expected


class TestPasted:
    @pytest.mark.parametrize(
        ("text", "least", "most"),
        [
            pytest.param(PARAGRAPH, 1, 1, id="the paragraph itself"),
            pytest.param(PARAGRAPH.upper().replace(".", "!!"), 1, 1, id="in other signs"),
            pytest.param(f"{PARAGRAPH} {' '.join(map(str, range(100)))}", 0.1, 0.2, id="with a lot besides"),
            pytest.param("The harbour bridge was closed, was it? Who says that it is not?", 0, 0, id="a few words"),
            pytest.param("", 0, 0, id="nothing"),
        ],
    )
    def test_share(self, text, least, most):
        assert least <= pasted_share(text, Article.read(["Title", PARAGRAPH])) <= most

    @given(st.integers(0, LONG_RUN - 1))
    def test_a_run_shorter_than_that_is_a_quotation(self, count):
        assert pasted_share(" ".join(PARAGRAPH.split()[:count]), Article.read([PARAGRAPH])) == 0


class TestReading:
    def test_heads_are_read_from_a_bundle(self):
        found = KindHeads.read(bundle({"weights": AXES.weights, "biases": AXES.biases}), WIDTH)
        assert np.array_equal(found.weights, AXES.weights)

    @pytest.mark.parametrize(
        ("tensors", "width"),
        [
            pytest.param({}, WIDTH, id="no file"),
            pytest.param({"weights": AXES.weights}, WIDTH, id="no biases"),
            pytest.param({"weights": AXES.weights, "biases": AXES.biases}, WIDTH + 1, id="other vectors"),
            pytest.param({"weights": AXES.weights[:2], "biases": AXES.biases[:2]}, WIDTH, id="other kinds"),
        ],
    )
    def test_damaged_ones_are_refused(self, tensors, width):
        with pytest.raises(ModelError, match="reinstall belowline"):
            KindHeads.read(bundle(tensors), width)
