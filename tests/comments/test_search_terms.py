"""What is typed into a search becomes terms, and the terms are found again in the texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.comments.search_terms import MOST_TERMS, Term, has_words, passages, read_terms


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("", []),
        ("  ", []),
        ("bridge", [Term("bridge")]),
        ("bridge toll", [Term("bridge"), Term("toll")]),
        ("bridge bridge", [Term("bridge")]),
        ('"harbour bridge" toll', [Term("harbour bridge"), Term("toll")]),
        ("“harbour bridge”", [Term("harbour bridge")]),
        ("«le pont» fermé", [Term("le pont"), Term("fermé")]),
        ('"never closed', [Term("never closed")]),
        ("moder*", [Term("moder", is_beginning=True)]),
        ('"the moder*"', [Term("the moder", is_beginning=True)]),
        ("-goose", [Term("goose", is_excluded=True)]),
        ('bridge -"a goose"', [Term("bridge"), Term("a goose", is_excluded=True)]),
        ("--goose", [Term("-goose", is_excluded=True)]),
        ("well-known", [Term("well-known")]),
        ("!!! — *", []),
        ('""', []),
        ("foo'bar", [Term("foo'bar")]),
        ("AND OR NEAR(", [Term("AND"), Term("OR"), Term("NEAR(")]),
    ],
)
def test_reading(typed, terms):
    assert read_terms(typed) == terms


def test_there_is_an_end_to_it():
    assert len(read_terms(" ".join(f"word{number}" for number in range(100)))) == MOST_TERMS


@given(st.text(max_size=80))
def test_any_text_can_be_typed(typed):
    terms = read_terms(typed)

    assert all(has_words(term.text) for term in terms)
    assert all(0 <= start < end <= len(typed) for start, end in passages(typed, terms))


@pytest.mark.parametrize(
    ("word", "is_so"),
    [
        ("bridge", False),
        ("мост", False),
        ("جسر", False),
        ("다리", False),
        ("大橋", True),
        ("สะพาน", True),
        ("はし", True),
    ],
)
def test_scripts_without_spaces(word, is_so):
    assert Term(word).is_without_spaces is is_so


@pytest.mark.parametrize(
    ("text", "typed", "marked"),
    [
        ("The Bridge and the bridges", "bridge", ["Bridge"]),
        ("The Bridge and the bridges", "bridge*", ["Bridge", "bridge"]),
        ("Über die Brücke", "uber brucke", ["Über", "Brücke"]),
        ("a harbour, bridge", '"harbour bridge"', ["harbour, bridge"]),
        ("harbour harbour bridge", '"harbour bridge" harbour', ["harbour", "harbour bridge"]),
        ("no goose", "-goose no", ["no"]),
        ("snake_case", "case", ["case"]),
        ("港の大橋を渡る", "大橋", ["大橋"]),
        ("ﬁne words", "fine", ["ﬁne"]),
        ("Иван строит МОСТ", "мост", ["МОСТ"]),
    ],
)
def test_where_the_terms_stand(text, typed, marked):
    assert [text[start:end] for start, end in passages(text, read_terms(typed))] == marked


def test_passages_that_touch_become_one():
    assert passages("foo bar", [Term("foo"), Term("foo bar"), Term("bar")]) == [(0, 7)]
