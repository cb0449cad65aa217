"""Names of languages, joined for a sentence."""

import pytest
from django.utils import translation

from belowline.engine.policy import Settings, load_policy
from belowline.moderation.faq.languages import language_names, page_language


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


@pytest.mark.parametrize(
    ("main", "made", "expected"),
    [("en", [], "en-gb"), ("fr", [], "en-gb"), ("fr", ["fr"], "fr"), ("fr", ["de"], "en-gb"), ("en", ["en"], "en")],
)
def test_pages_speak_the_main_language_where_it_is_translated(tmp_path, settings, main, made, expected):
    for language in made:
        folder = tmp_path / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "django.mo").touch()
    settings.LOCALE_PATHS = [tmp_path / "absent", tmp_path]
    policy = load_policy()
    policy = type(policy)(name="x", sentence="x", rules=policy.rules, settings=Settings(languages=(main, "en")))

    assert page_language(policy) == expected


def test_names_in_another_language():
    with translation.override("fr"):
        assert language_names(["en"]) == "Anglais"
