"""Sentences with their places."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.text.sentences import sentence_spans


def cut(text):
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("One. Two! Three?", ["One.", "Two!", "Three?"], id="three stops"),
        pytest.param("No stop at the end", ["No stop at the end"], id="no stop"),
        pytest.param("Mr. Smith met Dr. Jones. They spoke.", ["Mr. Smith met Dr. Jones.", "They spoke."], id="titles"),
        pytest.param("It costs £5.4m. Really.", ["It costs £5.4m.", "Really."], id="decimal point"),
        pytest.param("J. K. Rowling wrote it. I read it.", ["J. K. Rowling wrote it.", "I read it."], id="initials"),
        pytest.param("It was I. She left.", ["It was I.", "She left."], id="I ends a sentence"),
        pytest.param("Wait... What?!", ["Wait...", "What?!"], id="several signs"),
        pytest.param('He said "no." Then left.', ['He said "no."', "Then left."], id="quotation mark after the stop"),
        pytest.param("First line\nSecond line", ["First line", "Second line"], id="newline"),
        pytest.param("One.\n\n\nTwo.", ["One.", "Two."], id="empty lines"),
        pytest.param("橋が閉まった。残念。", ["橋が閉まった。", "残念。"], id="japanese"),
        pytest.param("see example.com for more", ["see example.com for more"], id="a stop inside a word"),
        pytest.param("e.g. this, etc. and that.", ["e.g. this, etc. and that."], id="abbreviations"),
        pytest.param("  ", [], id="blank"),
        pytest.param("", [], id="empty"),
        pytest.param("...", ["..."], id="only signs"),
    ],
)
def test_sentences(text, expected):
    assert cut(text) == expected


@given(st.text())
def test_spans_are_in_order_and_without_overlap(text):
    spans = sentence_spans(text)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))


@given(st.text())
def test_every_visible_character_is_in_a_sentence(text):
    inside = {place for start, end in sentence_spans(text) for place in range(start, end)}
    assert all(place in inside for place, letter in enumerate(text) if not letter.isspace())


@given(st.text())
def test_no_sentence_has_blanks_around_it(text):
    assert all(text[start:end] == text[start:end].strip() for start, end in sentence_spans(text))
