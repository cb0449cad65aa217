"""The language that a page or a mail speaks: the reader's, else the site's, else its policy's, else English."""

import re
from pathlib import Path

from django.conf import settings
from django.utils.translation import to_locale

from belowline.accounts.models import User
from belowline.moderation.engine import site_policy
from belowline.stories.models import Site

ENGLISH = "en"
"""The language of the source: it needs no catalogue."""
TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
MAX_TAG_CHARACTERS = 20


def spoken(tag: str) -> str:
    """Return the language of ours that serves a tag such as `de-AT`: itself, or the one without region; else empty."""
    wanted = tag.strip().lower().replace("_", "-")
    if len(wanted) > MAX_TAG_CHARACTERS or not TAG.fullmatch(wanted):
        return ""
    return next((one for one in (wanted, wanted.partition("-")[0]) if is_translated(one)), "")


def is_translated(language: str) -> bool:
    """Say whether our words exist in a language: it ships, or the newsroom has a compiled catalogue of its own."""
    if language in dict(settings.LANGUAGES):
        return True
    locale = to_locale(language)
    return any((Path(folder) / locale / "LC_MESSAGES" / "django.mo").is_file() for folder in settings.LOCALE_PATHS)


def site_language(site: Site) -> str:
    """Return the language of a site's pages, where nobody asks for another: its own, else its policy's main one."""
    return spoken(site.language) or spoken(site_policy(site).settings.languages[0]) or ENGLISH


def reader_language(user: User | None, site: Site) -> str:
    """Return the language for somebody who is written to: what the account says, else the site's."""
    return (spoken(user.language) if user else "") or site_language(site)
