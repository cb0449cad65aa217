"""Fingerprints: equal for equal texts, near for near ones."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.text.fingerprint import bands, fingerprint, shingles, text_key

TEXT = (
    "The harbour bridge was closed to all traffic at six o'clock on Wednesday morning and is not expected to reopen "
    "before the end of March. A routine inspection over the weekend found cracks in four of the steel hangers."
)


def distance(one, other):
    return (one ^ other).bit_count()


def test_the_same_text_has_the_same_fingerprint():
    assert fingerprint(TEXT) == fingerprint(TEXT)


def test_case_and_signs_do_not_count():
    assert fingerprint("the harbour bridge was closed") == fingerprint("The  Harbour bridge, was closed!")


def test_one_changed_word_changes_few_bits():
    assert distance(fingerprint(TEXT), fingerprint(TEXT.replace("four", "five"))) <= 12


def test_another_text_changes_many_bits():
    other = "Has anyone had trouble with the new parking app at the retirement flats? It took my mother's card twice."
    assert distance(fingerprint(TEXT), fingerprint(other)) >= 18


@pytest.mark.parametrize("text", ["", "   ", "?!", "👍"])
def test_a_text_without_words_has_none(text):
    assert fingerprint(text) == 0


@given(st.text())
def test_fingerprints_have_64_bits(text):
    assert 0 <= fingerprint(text) < 2**64


@given(st.integers(0, 2**64 - 1))
def test_bands_hold_the_whole_fingerprint(fp):
    parts = bands(fp)
    assert len(parts) == 4
    assert all(0 <= part < 2**16 for part in parts)
    assert parts[0] << 48 | parts[1] << 32 | parts[2] << 16 | parts[3] == fp


@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=3))
def test_three_bits_apart_share_a_band(fp, places):
    other = fp
    for place in places:
        other ^= 1 << place
    assert any(one == two for one, two in zip(bands(fp), bands(other), strict=True))


@pytest.mark.parametrize("fp", [-1, 2**64])
def test_bands_refuse_what_is_no_fingerprint(fp):
    with pytest.raises(ValueError, match="from 0 to"):
        bands(fp)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("YOU ARE AN IDIOT", id="case"),
        pytest.param("you are an idiot!!!", id="signs"),
        pytest.param("you  are an\nidiot", id="white space"),
        pytest.param("you are an 1d10t", id="digits for letters"),
        pytest.param("you are an i d i o t", id="spaced out"),
        pytest.param("you are an іdіоt", id="look-alikes"),
        pytest.param("you are an id\u200biot", id="zero width"),
    ],
)
def test_keys_are_equal_through_disguise(other):
    assert text_key(other) == text_key("you are an idiot")


@pytest.mark.parametrize("other", ["you are no idiot", "you are an", "", "👍"])
def test_keys_of_other_texts_differ(other):
    assert text_key(other) != text_key("you are an idiot")


def test_keys_without_words_tell_signs_apart():
    assert text_key("👍") != text_key("👎")


@given(st.text())
def test_keys_are_32_hexadecimal_digits(text):
    key = text_key(text)
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("one two three four", {"one two three", "two three four"}, id="four words"),
        pytest.param("one two", {"one two"}, id="fewer than three"),
        pytest.param("One, TWO. three!", {"one two three"}, id="case and signs"),
        pytest.param("", set(), id="empty"),
    ],
)
def test_shingles(text, expected):
    assert shingles(text) == expected


def test_simhash_orders_by_likeness():
    rng = random.Random(5)
    words = TEXT.split()
    distances = []
    for changed in (1, 6, 20):
        copy = list(words)
        for place in rng.sample(range(len(words)), changed):
            copy[place] = f"word{place}"
        distances.append(distance(fingerprint(TEXT), fingerprint(" ".join(copy))))
    assert distances == sorted(distances)
