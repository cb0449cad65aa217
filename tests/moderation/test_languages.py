"""The language of pages and mails: tags that we serve, and who decides for a site and for a reader."""

import pytest

from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.languages import is_translated, reader_language, site_language, spoken


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("en", "en"),
        ("de", "de"),
        ("DE", "de"),
        ("de-AT", "de"),
        ("de_CH", "de"),
        (" fr ", "fr"),
        ("ar-EG", "ar"),
        ("es-419", "es"),
        ("zh-hant-tw", ""),
        ("nl", ""),
        ("", ""),
        ("*", ""),
        ("../../etc", ""),
        ("de\x00", ""),
        ("d" * 500, ""),
        ("en-" + "a" * 500, ""),
        ("١٢", ""),
    ],
)
def test_spoken(tag, expected):
    assert spoken(tag) == expected


@pytest.mark.parametrize(
    ("made", "asked", "expected"),
    [("nl", "nl", True), ("nl", "da", False), ("pt_BR", "pt-br", True), ("pt_BR", "pt", False), ("pt", "pt-br", False)],
)
def test_a_newsroom_may_add_a_language(tmp_path, settings, made, asked, expected):
    folder = tmp_path / made / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.mo").touch()
    settings.LOCALE_PATHS = [tmp_path / "absent", tmp_path]

    assert is_translated(asked) is expected


def test_a_region_falls_back_to_the_language_of_the_newsroom(tmp_path, settings):
    (tmp_path / "nl" / "LC_MESSAGES").mkdir(parents=True)
    (tmp_path / "nl" / "LC_MESSAGES" / "django.mo").touch()
    settings.LOCALE_PATHS = [tmp_path]

    assert spoken("nl-BE") == "nl"


@pytest.fixture
def set_language(site, policy_text):
    """Let a policy act whose main language is another one."""

    def call(language):
        activate_policy(site=site, text=policy_text().replace("[settings]", f'[settings]\nlanguages = ["{language}"]'))

    return call


@pytest.mark.parametrize(
    ("own", "policy", "expected"),
    [
        ("", None, "en"),
        ("", "fr", "fr"),
        ("", "cy", "en"),
        ("de", "fr", "de"),
        ("de-at", None, "de"),
        ("en", "fr", "en"),
        ("nonsense!", "fr", "fr"),
    ],
)
def test_a_site_speaks_its_own_language_else_that_of_its_policy(site, set_language, own, policy, expected):
    site.language = own
    if policy:
        set_language(policy)

    assert site_language(site) == expected


@pytest.mark.parametrize(
    ("own", "site_says", "expected"), [("", "", "en"), ("ar", "", "ar"), ("", "fr", "fr"), ("es", "fr", "es")]
)
def test_a_reader_is_written_to_in_their_language(site, reader, own, site_says, expected):
    site.language, reader.language = site_says, own

    assert reader_language(reader, site) == expected


def test_whoever_has_no_account_is_written_to_in_the_language_of_the_site(site):
    site.language = "fr"

    assert reader_language(None, site) == "fr"
