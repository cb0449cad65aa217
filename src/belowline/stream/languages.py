"""Names of languages for people."""

from collections.abc import Iterable

from django.conf.locale import LANG_INFO


def language_names(codes: Iterable[str]) -> str:
    """Return the English names, joined for a sentence: "English", "English and French"."""
    names = [str(LANG_INFO.get(code, {}).get("name", code)) for code in codes]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
