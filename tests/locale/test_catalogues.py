"""The catalogues that ship: complete, in step with the source, and with the same gaps and tags as it."""

import io
import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django.conf import settings

LANGUAGES = ("de", "fr", "es", "ar")
GAPS = re.compile(r"%\(\w+\)[sd]|%%|(?<!%)%[sd]|{\w*}")
TAGS = re.compile(r"<(/?[a-z]+)[^>]*>")
ADDRESSES = re.compile(r"href=\"[^\"]*\"|class=\"[^\"]*\"")
ENTITIES = re.compile(r"&(?!amp;|lt;|gt;|nbsp;|quot;|shy;)")
PLURALS = {"de": 2, "fr": 2, "es": 2, "ar": 6}
ONE = {"fr": {0}, "ar": {0, 1, 2}, "de": {0}, "es": {0}}
"""Forms that may leave the number out, because the word says it: "one day", "ein Tag", "two days" in Arabic."""


def catalogue(messages, language):
    return read_po(io.BytesIO(messages.po_path(language).read_bytes()), locale=language)


def entries(found):
    return [one for one in found if one.id]


def sources(message):
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def context(message):
    """Babel reads the context of compiled entries as bytes."""
    return message.context.decode() if isinstance(message.context, bytes) else message.context


def strings(message):
    return message.string if isinstance(message.string, tuple | list) else (message.string,)


def test_every_language_of_the_settings_has_its_catalogue(messages):
    assert {code for code, _ in settings.LANGUAGES} == {"en", *messages.LANGUAGES} == {"en", *LANGUAGES}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_catalogue_is_in_step_with_the_source(messages, source, language):
    there = {(sources(one), one.context) for one in entries(catalogue(messages, language))}
    wanted = {(sources(one), one.context) for one in entries(source)}

    assert not wanted - there, "run make messages, and translate what is new"
    assert not there - wanted, "run make messages: these are gone from the source"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_open_fuzzy_or_obsolete(messages, language):
    found = catalogue(messages, language)

    assert [one.id for one in entries(found) if messages.is_open(one.string)] == []
    assert [one.id for one in entries(found) if one.fuzzy] == []
    assert not found.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_form_is_there(messages, language):
    found = catalogue(messages, language)

    assert found.num_plurals == PLURALS[language]
    wrong = [one.id for one in entries(found) if one.pluralizable and len(one.string) != PLURALS[language]]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_gaps_are_those_of_the_source(messages, language):
    wrong = []
    for message in entries(catalogue(messages, language)):
        wanted = Counter(GAPS.findall(sources(message)[-1]))
        for form, string in enumerate(strings(message)):
            missing, strange = wanted - Counter(GAPS.findall(string)), set(GAPS.findall(string)) - set(wanted)
            says_number = message.pluralizable and form in ONE[language] and len(missing) <= 1
            if strange or (missing and not says_number):
                wrong.append((string, sorted(missing), sorted(strange)))

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_markup_is_that_of_the_source(messages, language):
    wrong = []
    for message in entries(catalogue(messages, language)):
        english = sources(message)[0]
        for string in strings(message):
            same_tags = Counter(TAGS.findall(string)) == Counter(TAGS.findall(english))
            same_addresses = Counter(ADDRESSES.findall(string)) == Counter(ADDRESSES.findall(english))
            bare = ENTITIES.search(string) or re.search(r"<(?!/?[a-z])", string)
            if not (same_tags and same_addresses) or bare:
                wrong.append(string)

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_edges_are_those_of_the_source(messages, language):
    wrong = [
        string
        for message in entries(catalogue(messages, language))
        for string in strings(message)
        if string != string.strip() or "  " in string
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_server_reads_is_what_the_catalogue_says(messages, language):
    found = catalogue(messages, language)
    with messages.mo_path(language).open("rb") as file:
        compiled = read_mo(file)

    said = {(sources(one), one.context): strings(one) for one in entries(found) if not messages.is_open(one.string)}
    read = {(sources(one), context(one)): strings(one) for one in entries(compiled)}
    assert {key: tuple(words) for key, words in read.items()} == {key: tuple(words) for key, words in said.items()}, (
        "run make compile-messages"
    )
    assert compiled.plural_forms == found.plural_forms


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_make_the_same_file(messages, language):
    assert messages.mo_bytes(language) == messages.mo_bytes(language)
    merged = messages.merge(messages.source_catalog(), language)
    assert messages.po_text(merged, language) == messages.po_text(merged, language)


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{% translate "One" %}', ["One"]),
        ("{% blocktranslate trimmed %}\n  One\n  two\n{% endblocktranslate %}", ["One two"]),
        (
            "{% blocktranslate count n=x %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [("%(n)s day", "%(n)s days")],
        ),
        ('  <p title="it\'s">{% translate "One" as x %}\n\t{{ x }} (unclosed {% translate "Two" %}', ["One", "Two"]),
        ("<p>Nothing</p>", []),
    ],
    ids=["translate", "trimmed", "plural", "between marks", "nothing"],
)
def test_words_are_found_in_templates(messages, tmp_path: Path, template, expected):
    path = tmp_path / "one.html"
    path.write_text(template, "utf-8")

    assert [message for message, _, _ in messages._in_template(path)] == expected


def test_words_of_the_policy_and_of_the_engine_are_among_them(source):
    assert "Off topic" in source
    assert "a telephone number" in source
    assert "“{excerpt}” is strong language." in source


def test_merging_keeps_what_is_translated_and_leaves_out_what_is_gone(messages, source, tmp_path, monkeypatch):
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    path = messages.po_path("de")
    path.parent.mkdir(parents=True)
    path.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Off topic"\nmsgstr "Nicht zum Thema"\n\nmsgid "Gone"\nmsgstr "Weg"\n',
        "utf-8",
    )
    merged = messages.merge(source, "de")

    assert merged.get("Off topic").string == "Nicht zum Thema"
    assert "Gone" not in merged
    assert len(entries(merged)) == len(entries(source))
