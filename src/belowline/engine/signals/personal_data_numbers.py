"""National identity numbers, told by their form and check digits."""

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer
from stdnum.us import ssn


class Form(NamedTuple):
    """How a number is written, what checks it, and the words needed before it where its form is a common one."""

    pattern: re.Pattern[str]
    is_valid: Callable[[str], bool]
    words: re.Pattern[str] | None = None


def _named(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b[^\d\n]{{0,30}}$", re.IGNORECASE)


def _is_insurance_number(number: str) -> bool:
    """Check a British National Insurance number: it has no check digit, but forbidden prefixes."""
    return number[:2].upper() not in {"BG", "GB", "KN", "NK", "NT", "TN", "ZZ"}


FORMS = (
    Form(re.compile(r"\b(?!666|000|9\d\d)\d{3}-\d{2}-\d{4}\b"), ssn.is_valid),
    Form(re.compile(r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"), _is_insurance_number),
    Form(re.compile(r"\b\d{8}[ -]?[A-Z]\b"), dni.is_valid),
    Form(re.compile(r"\b[XYZ][ -]?\d{7}[ -]?[A-Z]\b"), nie.is_valid),
    Form(re.compile(r"\b[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]\b", re.IGNORECASE), codicefiscale.is_valid),
    Form(re.compile(r"\b[12] ?\d{2} ?\d{2} ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}\b"), nir.is_valid),
    Form(re.compile(r"\b(?:\d{2})?\d{6}[-+]\d{4}\b"), personnummer.is_valid),
    Form(re.compile(r"\b\d{6}[-+A]\d{3}[0-9A-Y]\b"), hetu.is_valid),
    Form(re.compile(r"\b\d{6}-\d{4}\b"), cpr.is_valid, _named("cpr|personnummer|cpr-nummer")),
    Form(re.compile(r"\b\d{6} ?\d{5}\b"), fodselsnummer.is_valid, _named("f[øo]dselsnummer|personnummer")),
    Form(re.compile(r"\b\d{11}\b"), pesel.is_valid, _named("pesel")),
    Form(re.compile(r"\b\d{9}\b"), bsn.is_valid, _named("bsn|burgerservicenummer|sofinummer")),
    Form(
        re.compile(r"\b\d{2} ?\d{3} ?\d{3} ?\d{3}\b"),
        idnr.is_valid,
        _named("idnr|steuer-?id\\w*|identifikationsnummer"),
    ),
    Form(re.compile(r"\b\d{3}[ -]?\d{3}[ -]?\d{4}\b"), nhs.is_valid, _named("nhs(?: number| no\\.?)?")),
)
"""The forms with letters, hyphens or a long check stand alone; the others need their name before them."""


def find_identity_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of identity numbers, as code point offsets, end exclusive. Raises nothing.

    United States, Britain, Spain, Italy, France, Sweden, Finland; and after their name Danish, Norwegian, Polish,
    Dutch, German and British health service ones. Check digits by python-stdnum.
    """
    for form in FORMS:
        for found in form.pattern.finditer(text):
            before = text[max(found.start() - 50, 0) : found.start()]
            if (form.words is None or form.words.search(before)) and form.is_valid(found[0].upper()):
                yield found.start(), found.end()
