"""Names of languages, joined for a sentence."""

import pytest
from django.utils import translation

from belowline.moderation.faq.languages import language_names


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["en"], "English"),
        (["en", "fr"], "English and French"),
        (("en", "fr", "de"), "English, French and German"),
        (["cy", "en"], "Welsh and English"),
        (["xx"], "xx"),
        (["en", "xx"], "English and xx"),
    ],
)
def test_names(codes, expected):
    assert language_names(codes) == expected


def test_names_in_another_language():
    with translation.override("fr"):
        assert language_names(["en"]) == "Anglais"
