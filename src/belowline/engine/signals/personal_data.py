"""Contact and identity data: telephone numbers, e-mail and postal addresses, card, account and identity numbers."""

import re
from collections.abc import Iterator
from typing import NamedTuple

import phonenumbers
from stdnum import iban, luhn

from belowline.engine.decision import Score, Span
from belowline.engine.signals.base import Prepared
from belowline.engine.signals.personal_data_addresses import find_addresses
from belowline.engine.signals.personal_data_numbers import find_identity_numbers

WORDS = {
    "telephone": "a telephone number",
    "e-mail": "an e-mail address",
    "address": "a postal address",
    "card": "a payment card number",
    "account": "a bank account number",
    "identity": "an identity number",
}
STRENGTH = {"telephone": 0.9, "e-mail": 0.9, "address": 0.7, "card": 0.95, "account": 0.95, "identity": 0.9}
"""How surely each kind is what it looks like; in [0, 1]."""
CALLED_ON = 0.75
"""A number that the national plan does not know, after a word such as "ring" or "WhatsApp"."""

_ENOUGH_DIGITS = re.compile(r"(?:\d[\s().\-/]{0,3}){6}\d")
_CALL = re.compile(
    r"(?:\b(?:call|ring|phone|telephone|text|tel|mob|mobile|cell|whats\s?app|signal|telegram|viber|sms|number|nr|fax|anrufen|handy"
    r"|t[ée]l[ée]phone|tel[ée]fono|appel\w*|ll[aá]ma\w*)\b[^\d\n]{0,25}|[☎📞📱]\s?)$",
    re.IGNORECASE,
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}\s?(?:@|[\[({]\s?(?:at|@)\s?[\])}])\s?"
    r"(?P<host>(?:[\w-]{1,63}(?:\.|\s?[\[({]\s?(?:dot|\.)\s?[\])}]\s?)){1,4}[a-zA-Z]{2,24})\b",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\d.,$€£-])(?:[3456]\d{3}|2[2-7]\d{2})(?:[ -]?\d){9,15}(?![\d.,]?\d)")
_IBAN = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]{4}){2,7}(?:[ ]?[A-Za-z0-9]{1,3})?\b")


class Found(NamedTuple):
    """A passage that looks like personal data: code point offsets, end exclusive; strength in [0, 1]."""

    start: int
    end: int
    kind: str
    strength: float


class PersonalDataSignal:
    """`personal_data`: how surely the text holds contact or identity data, in [0, 1]."""

    name = "personal_data"
    scores: tuple[str, ...] = ("personal_data",)
    version = "personal-data-1"

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return the surest find; a span for each; evidence in words such as "a telephone number". Raises nothing."""
        settings = prepared.settings
        found = find_personal_data(prepared.submission.text, settings.region, settings.own_domains)
        if not found:
            return {"personal_data": Score(value=0.0)}
        first = max(found, key=lambda one: (one.strength, one.start - one.end))
        spans = tuple(Span(one.start, one.end, one.strength, "personal_data") for one in found)
        return {"personal_data": Score(value=first.strength, spans=spans, evidence=WORDS[first.kind])}


def find_personal_data(text: str, region: str, own_domains: tuple[str, ...] = ()) -> list[Found]:
    """Return what looks like personal data, in order and without overlap.

    `region` is the ISO 3166-1 country whose telephone numbers are written without +. E-mail addresses at an own
    domain do not count. Check digits: Luhn (ISO/IEC 7812-1), IBAN (ISO 13616), national ones. Raises nothing.
    """
    found = [*_emails(text, own_domains)]
    if any(map(str.isdigit, text)):
        found += _cards_and_accounts(text)
        found += (Found(low, high, "identity", STRENGTH["identity"]) for low, high in find_identity_numbers(text))
        found += (Found(low, high, "address", STRENGTH["address"]) for low, high in find_addresses(text))
        found += _telephones(text, region)
    kept: list[Found] = []
    for one in found:
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept)


def _emails(text: str, own_domains: tuple[str, ...]) -> Iterator[Found]:
    if "@" not in text and "at" not in text:
        return
    own = tuple(domain.lower() for domain in own_domains)
    for match in _EMAIL.finditer(text):
        host = match["host"].lower()
        is_spaced = re.search(r"\s", match[0]) and not re.search(r"[\[({]", match[0])
        if not is_spaced and not any(host == domain or host.endswith("." + domain) for domain in own):
            yield Found(match.start(), match.end(), "e-mail", STRENGTH["e-mail"])


def _cards_and_accounts(text: str) -> Iterator[Found]:
    for match in _IBAN.finditer(text):
        if iban.is_valid(match[0].replace(" ", "").upper()):
            yield Found(match.start(), match.end(), "account", STRENGTH["account"])
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if len(set(digits)) > 1 and luhn.is_valid(digits):
            yield Found(match.start(), match.end(), "card", STRENGTH["card"])


def _telephones(text: str, region: str) -> Iterator[Found]:
    if _ENOUGH_DIGITS.search(text) is None:
        return
    known = region if region in phonenumbers.SUPPORTED_REGIONS else None
    for match in phonenumbers.PhoneNumberMatcher(text, known, phonenumbers.Leniency.POSSIBLE, max_tries=200):
        is_called = _CALL.search(text[max(match.start - 40, 0) : match.start]) is not None
        if not _is_telephone(match.raw_string, is_called=is_called):
            continue
        if phonenumbers.is_valid_number(match.number):
            yield Found(match.start, match.end, "telephone", STRENGTH["telephone"])
        elif is_called:
            yield Found(match.start, match.end, "telephone", CALLED_ON)


def _is_telephone(raw: str, *, is_called: bool) -> bool:
    """Say whether the digits are written as a telephone number, not as a figure, a date or a range."""
    if not is_called and re.fullmatch(r"\d{1,3}(?:[., ]\d{3})+|(?:1[5-9]|20)\d\d\s?[-/–]\s?(?:1[5-9]|20)\d\d", raw):
        return False
    if re.fullmatch(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}(?:\s.*)?", raw):
        return False
    starts_as_one = raw.startswith(("+", "0", "("))
    is_grouped = re.fullmatch(r"\d{2,4}[-. ]\d{2,4}[-. ]\d{2,4}(?:[-. ]\d{2,4})?", raw) is not None
    return starts_as_one or is_grouped or is_called
