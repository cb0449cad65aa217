"""The words of the Transparency Database: the lists in force, each word once."""

import pytest

from belowline.engine.statement_terms import CATEGORIES, KEYWORDS, OTHER, UNMAPPED

DROPPED = {
    "ONLINE_BULLYING_INTIMIDATION",
    "MISINFORMATION",
    "DISINFORMATION",
    "FOREIGN_INFORMATION_MANIPULATION",
    "INSUFFICIENT_INFORMATION_TRADERS",
    "NON_CONSENSUAL_ITEMS_DEEPFAKE",
    "REGULATED_GOODS_SERVICES",
    "DANGEROUS_TOYS",
    "GENDER_BASED_VIOLENCE",
    "IMAGE_BASED_SEXUAL_ABUSE",
    "UNSAFE_AND_ILLEGAL_PRODUCTS",
    "SCOPE_OF_PLATFORM_SERVICE",
    "NON_CONSENSUAL_BEHAVIOUR",
    "PORNOGRAPHY_OR_SEXUALIZED_CONTENT",
}


@pytest.mark.parametrize(("words", "count"), [(CATEGORIES, 16), (KEYWORDS, 69)], ids=["categories", "keywords"])
def test_each_word_stands_once_in_its_order(words, count):
    assert list(words) == sorted(set(words))
    assert len(words) == count


def test_what_was_dropped_in_july_2025_is_gone():
    assert {*CATEGORIES, *KEYWORDS}.isdisjoint(DROPPED)


def test_what_a_silent_rule_falls_to():
    assert (UNMAPPED.category in CATEGORIES, UNMAPPED.keyword) == (True, OTHER)
    assert (UNMAPPED.illegal, UNMAPPED.keyword_text) == (False, "")
