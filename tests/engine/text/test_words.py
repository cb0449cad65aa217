"""Words of any script, and English stems."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.text.words import STOP_WORDS, find_words, is_unspaced, stem, terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The bridge is shut.", ["The", "bridge", "is", "shut"], id="english"),
        pytest.param("don't, won’t", ["don't", "won’t"], id="apostrophes inside"),
        pytest.param("'quoted' words'", ["quoted", "words"], id="apostrophes outside"),
        pytest.param("six-nil 14,000 £5.4m", ["six", "nil", "14", "000", "5", "4m"], id="hyphens and figures"),
        pytest.param("Это полный бред", ["Это", "полный", "бред"], id="russian"),
        pytest.param("שָׁלוֹם לכם", ["שָׁלוֹם", "לכם"], id="hebrew with points"),
        pytest.param("पुल बंद है", ["पुल", "बंद", "है"], id="hindi"),
        pytest.param("橋が閉", ["橋", "が", "閉"], id="japanese, one by one"),
        pytest.param("iPhone橋", ["iPhone", "橋"], id="latin then han"),
        pytest.param("naïve café", ["naïve", "café"], id="accents"),
        pytest.param("e\u0301te", ["e\u0301te"], id="decomposed accents"),
        pytest.param("snake_case", ["snake", "case"], id="underscores"),
        pytest.param("👍 ?! …", [], id="no words"),
        pytest.param("", [], id="empty"),
    ],
)
def test_words(text, expected):
    assert [word.text for word in find_words(text)] == expected


@given(st.text())
def test_words_stand_where_they_say(text):
    assert all(text[word.start : word.end] == word.text for word in find_words(text))


@given(st.text())
def test_words_are_in_order_without_overlap(text):
    words = find_words(text)
    assert all(one.end <= other.start for one, other in pairwise(words))


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text):
    inside = {place for word in find_words(text) for place in range(word.start, word.end)}
    assert all(place in inside for place, letter in enumerate(text) if letter.isalnum())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        pytest.param(["bridge", "bridges", "Bridge's", "bridged"], "bridg", id="plural, possessive, -ed"),
        pytest.param(["close", "closed", "closing", "closes"], "clos", id="final e"),
        pytest.param(["run", "running", "runs"], "run", id="doubled letter"),
        pytest.param(["study", "studies", "studied", "studying"], "studi", id="y"),
        pytest.param(["inspect", "inspected", "inspecting", "inspects"], "inspect", id="plain"),
        pytest.param(["church", "churches"], "church", id="-ches"),
        pytest.param(["class", "classes"], "class", id="-sses"),
        pytest.param(["bus"], "bus", id="-us is no plural"),
        pytest.param(["king"], "king", id="-ing of the stem"),
        pytest.param(["fed"], "fed", id="short"),
        pytest.param(["MP"], "mp", id="two letters"),
        pytest.param(["École", "école"], "école", id="not ascii is only folded"),
    ],
)
def test_stems(words, expected):
    assert {stem(word) for word in words} == {expected}


@pytest.mark.parametrize("word", ["the", "The", "don't", "DON’T", "I", "x", "you're", "really", "7"])
def test_words_that_say_nothing_have_no_stem(word):
    assert stem(word) == ""


@given(st.from_regex(r"[a-z]{1,15}", fullmatch=True))
def test_a_stem_is_never_longer_than_its_word(word):
    assert len(stem(word)) <= len(word)


@given(st.from_regex(r"[a-z]{5,15}", fullmatch=True))
def test_plurals_share_their_stem(word):
    if word[-1] not in "sxzyhiu" and word + "s" not in STOP_WORDS and word not in STOP_WORDS:
        assert stem(word + "s") == stem(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("The bridges were closed", ["bridg", "clos"], id="english"),
        pytest.param("橋が閉まった", ["橋が", "が閉", "閉ま", "まっ", "った"], id="pairs of unspaced characters"),
        pytest.param("橋 is 閉", [], id="single unspaced characters are no pairs"),
        pytest.param("Brücke geschlossen", ["brücke", "geschlossen"], id="german"),
        pytest.param("and so on", [], id="stop words"),
        pytest.param("", [], id="empty"),
    ],
)
def test_terms(text, expected):
    assert terms(text) == expected


@given(st.text())
def test_terms_are_never_empty(text):
    assert all(terms(text))


def test_stop_words_are_lower_case():
    assert all(word == word.lower() for word in STOP_WORDS)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("bridge", False), ("橋", True), ("mixed 橋", True), ("สะพาน", True), ("мост", False), ("", False)],
)
def test_is_unspaced(text, expected):
    assert is_unspaced(text) is expected
