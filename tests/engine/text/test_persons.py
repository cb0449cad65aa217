"""Whom a text is about: words are counted, whatever their case, and nothing else is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.text.persons import COUNTS, person_counts

TEXTS = {
    "nobody": ("The bridge is closed.", (0, 0, 0)),
    "you": ("You know your bridge, don't you?", (3, 0, 0)),
    "short forms": ("u r wrong, ur bridge, youre", (3, 0, 0)),
    "they": ("He told her that their bridge is theirs.", (0, 4, 0)),
    "we": ("I think we own our bridge; give it to me.", (0, 0, 4)),
    "no parts of words": ("Yours truly, the youth of Usher theatre mine-workers' hero", (1, 0, 1)),
    "capitals": ("YOU AND THEM AND ME", (1, 1, 1)),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_what_is_counted(text, expected):
    *persons, length = person_counts(text)
    assert [round(math.expm1(count)) for count in persons] == list(expected)
    assert math.expm1(length) == pytest.approx(len(text))


@given(st.text(max_size=200))
def test_any_text_has_four_finite_numbers(text):
    found = person_counts(text)
    assert len(found) == COUNTS == 4
    assert all(math.isfinite(one) and one >= 0 for one in found)


@given(st.lists(st.sampled_from(["you", "they", "we", "bridge"]), max_size=12))
def test_the_order_of_words_does_not_matter(words):
    assert person_counts(" ".join(words)) == person_counts(" ".join(reversed(words)))


def test_a_long_text_takes_no_long_time():
    assert math.expm1(person_counts("you " * 5_000)[0]) == pytest.approx(5_000)
