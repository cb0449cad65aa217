"""Names of languages for people."""

from collections.abc import Iterable

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext

from belowline.moderation.faq.words import listed


def language_names(codes: Iterable[str]) -> str:
    """Return the names in the present language, joined for a sentence: "English", "English and French"."""
    return listed([gettext(str(LANG_INFO.get(code, {}).get("name", code))) for code in codes])
