"""Dates and numbers as each language writes them."""

from datetime import datetime

import pytest
from django.template import engines
from django.utils import translation

MOMENT = datetime(2026, 3, 5, 16, 7)  # noqa: DTZ001 - as it is shown


def show(source, value):
    return engines["django"].from_string("{% load humanize %}" + source).render({"value": value})


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [
        ("en", "5 Mar 2026, 16:07", "5 March 2026"),
        ("de", "5. März 2026, 16:07", "5. März 2026"),
        ("fr", "5 mars 2026, 16:07", "5 mars 2026"),
        ("es", "5 de marzo de 2026, 16:07", "5 de marzo de 2026"),
        ("ar", "5 مارس 2026، 16:07", "5 مارس 2026"),
    ],
)
def test_dates(language, moment, day):
    with translation.override(language):
        assert show('{{ value|date:"DATETIME_FORMAT" }}', MOMENT).lower() == moment.lower()
        assert show('{{ value|date:"DATE_FORMAT" }}', MOMENT).lower() == day.lower()


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", "12,345"), ("de", "12.345"), ("fr", "12\u202f345"), ("es", "12.345"), ("ar", "12,345")],
)
def test_numbers(language, expected):
    with translation.override(language):
        assert show("{{ value|intcomma }}", 12345) == expected


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "ar"])
def test_ids_are_never_grouped(language):
    with translation.override(language):
        assert show("{{ value }}", 12345) == "12345"


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "0.5"), ("de", "0,5"), ("fr", "0,5"), ("es", "0,5"), ("ar", "0.5")]
)
def test_decimals(language, expected):
    with translation.override(language):
        assert show("{{ value }}", 0.5) == expected
