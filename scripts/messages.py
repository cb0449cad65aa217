"""Our words in other languages: `extract` gathers them into the catalogues, `compile` makes what the server reads.

Run by `make messages` and `make compile-messages`; docs/how-to/translate.md says how to translate.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from belowline.engine.explain import CAUSES, UNCHECKED, UNJUDGED
from belowline.engine.policy import load_policy
from belowline.engine.signals import personal_data, repetition

PACKAGE = Path(__file__).parents[1] / "src" / "belowline"
LOCALE = PACKAGE / "locale"
LANGUAGES = ("de", "fr", "es", "ar")
"""English is the language of the source, and needs no catalogue."""
APPS = ("accounts", "comments", "moderation", "notifications", "stories", "stream")
"""Whose words readers meet."""
KEYWORDS: dict[str, Any] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
MADE_AT = datetime(2026, 1, 1, tzinfo=UTC)
"""Stands in every compiled catalogue, so that the same words make the same file."""
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
PLURALS = {
    # Babel counts the last two the other way round; translators know the order of gettext's own manual.
    "ar": "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
}


def main(command: str) -> None:
    """Extract or compile, and say what was done."""
    settings.configure()
    for language in LANGUAGES:
        if command == "extract":
            merged = merge(source_catalog(), language)
            po_path(language).parent.mkdir(parents=True, exist_ok=True)
            po_path(language).write_text(po_text(merged, language), "utf-8")
            print(f"{language}: {len(merged)} entries, {sum(1 for one in merged if is_open(one.string))} to translate")
        else:
            mo_path(language).write_bytes(mo_bytes(language))
            print(f"{language}: {mo_path(language).relative_to(PACKAGE)}")


def po_path(language: str) -> Path:
    """Return where the words of a language stand."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def mo_path(language: str) -> Path:
    """Return where the server reads them."""
    return po_path(language).with_suffix(".mo")


def source_catalog() -> Catalog:
    """Return every word of ours that readers meet, in English."""
    catalog = Catalog()
    for message, comments, context in found_words():
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def found_words() -> Iterator[tuple[Any, list[str], str | None]]:
    """Return each message with its remarks for translators and its context."""
    for app in APPS:
        for path in sorted((PACKAGE / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield from _in_python(path.read_bytes())
        for path in sorted((PACKAGE / app / "templates").rglob("*.*")):
            yield from _in_template(path)
    for words in engine_words():
        yield words, [], None


def engine_words() -> Iterator[str]:
    """Return what readers meet of the shipped policy, and of what the engine finds (moderation.shipped_words)."""
    policy = load_policy()
    yield policy.sentence
    for rule in policy.rules.values():
        yield from (rule.title, rule.for_readers, rule.explanation)
    yield from (UNCHECKED, UNJUDGED, *CAUSES.values(), *personal_data.WORDS.values(), *repetition.WORDS.values())


def _in_template(path: Path) -> Iterator[tuple[Any, list[str], str | None]]:
    calls = templatize(path.read_text("utf-8"), origin=str(path))
    # What is no call has become XXX in its old place: without indents, all of it reads as Python.
    yield from _in_python(re.sub(r"^[ \t]+", "", calls, flags=re.MULTILINE).encode())


def _in_python(source: bytes) -> Iterator[tuple[Any, list[str], str | None]]:
    for _, message, comments, context in extract("python", io.BytesIO(source), KEYWORDS, COMMENT_TAGS):
        yield message, comments, context


def merge(source: Catalog, language: str) -> Catalog:
    """Return the words of the source with the translations that are there; what is gone from the source is left out."""
    merged = Catalog(locale=language)
    path = po_path(language)
    known = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else merged
    for message in source:
        if message.id:
            old = known.get(message.id, message.context)
            merged.add(
                message.id,
                string=old.string if old and not old.fuzzy else blank(message.id, merged.num_plurals),
                auto_comments=message.auto_comments,
                user_comments=old.user_comments if old else (),
                context=message.context,
            )
    return merged


def blank(message: Any, plurals: int) -> Any:
    """Return what stands for a translation that is still to be made."""
    return ("",) * plurals if isinstance(message, tuple) else ""


def is_open(string: Any) -> bool:
    """Say whether something of a translation is missing."""
    return not all(string) if isinstance(string, tuple | list) else not string


def po_text(catalog: Catalog, language: str) -> str:
    """Return a catalogue as a file: sorted, and without line numbers and dates, so that changes stay small."""
    body = io.BytesIO()
    write_po(body, catalog, omit_header=True, no_location=True, sort_output=True, ignore_obsolete=True)
    return (
        HEADER.format(language=language, plurals=PLURALS.get(language, catalog.plural_forms))
        + body.getvalue().decode().strip()
        + "\n"
    )


def mo_bytes(language: str) -> bytes:
    """Return a catalogue as the server reads it."""
    catalog = read_po(io.BytesIO(po_path(language).read_bytes()), locale=language)
    catalog.creation_date = catalog.revision_date = MADE_AT
    packed = io.BytesIO()
    write_mo(packed, catalog)
    return packed.getvalue()


if __name__ == "__main__":
    if sys.argv[1:] not in (["extract"], ["compile"]):
        sys.exit("usage: messages.py extract|compile")
    main(sys.argv[1])
