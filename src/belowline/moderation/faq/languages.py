"""Names of languages for people, and the language in which a site's pages speak."""

from collections.abc import Iterable
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

from belowline.engine.policy import Policy
from belowline.moderation.faq.words import listed

APPS = ("moderation", "stream")
"""Whose words readers meet; translators may put a folder `locale` into them."""


def language_names(codes: Iterable[str]) -> str:
    """Return the names in the present language, joined for a sentence: "English", "English and French"."""
    return listed([gettext(str(LANG_INFO.get(code, {}).get("name", code))) for code in codes])


def page_language(policy: Policy) -> str:
    """Return the site's main language if our words are translated into it, else the server's own (English)."""
    main = policy.settings.languages[0]
    return main if is_translated(main) else settings.LANGUAGE_CODE


def is_translated(language: str) -> bool:
    """Say whether somebody has translated our words: a compiled catalogue lies in one of the places for them."""
    ours = [Path(apps.get_app_config(label).path) / "locale" for label in APPS]
    folders = [*map(Path, settings.LOCALE_PATHS), *ours]
    return any((folder / language / "LC_MESSAGES" / "django.mo").is_file() for folder in folders)
