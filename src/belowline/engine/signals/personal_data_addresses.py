"""Postal addresses of several countries, told by simple forms."""

import re
from collections.abc import Iterator

_NAME = r"(?:(?:St|Mt|Dr|Ft)\.?\s+)?[A-Z][\w'’-]{1,20}"
_TYPES = (
    "Street|Road|Avenue|Lane|Drive|Close|Court|Crescent|Place|Terrace|Gardens|Grove|Boulevard|Cottages|Square|Mews"
    "|Walk|Parade|Highway|Way|Row|Hill|Green|Rd|Ave|Ln|Blvd|Cres|St|Dr"
)
_ENGLISH = re.compile(
    r"(?<![\d.,£$€/-])(?P<number>\d{1,5}[A-Za-z]?)(?:,|\s?[-/]\s?\d{1,4})?\s+"
    rf"(?P<name>(?:{_NAME}\s+){{1,3}}?)(?P<type>{_TYPES})\b\.?(?P<rest>,\s*[A-Z][\w'’-]+)?",
)
_AFTER_WORDS = re.compile(
    r"(?:\b(?:at|live[sd]?|living|home|house|address|flat|apartment|apt|unit|door|knock|visit|is|to|from|number|no\.?)"
    r"\s*(?:at|is|on|:)?\s*|[:(\n]\s*|^\s*)(?:(?:flat|apt\.?|apartment|unit)\s\w{1,4},?\s*)?$",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b\d{1,4}[a-zA-Z]?,?\s+[A-Z][^\n]{3,60}?\b"
    r"(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]{2} \d{5}(?:-\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)\b"
)
_FAMOUS = re.compile(
    r"1[012] Downing Street|1600 Pennsylvania Ave|221B? Baker Street|\d+ (?:Wall|Main) Street|\d+ Privet Drive",
    re.IGNORECASE,
)
_COURTS = re.compile(r"\b(?:Supreme|High|County|Crown|District|Federal|Appeals|Magistrates)\s*$")
_NOT_NAMES = re.compile(r"\b(?:Mr|Mrs|Million|Billion|Per|The)\s*$")
_GERMANIC = re.compile(
    r"\b[A-ZÄÖÜ][a-zäöüß]+(?:straße|strasse|str\.|weg|platz|allee|gasse|straat|laan|plein|gracht|kade|dijk|singel"
    r"|gatan|vägen|vej|gade)\s\d{1,4}\s?[a-z]?\b(?!\s?(?:Uhr|Prozent|Jahre|%|km|Meter|Euro|uur|jaar))"
    r"|\b[A-ZÄÖÜ][a-zäöüß-]+er\s(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse)\s\d{1,4}\s?[a-z]?\b"
)
_ROMANCE = re.compile(
    r"\b(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|Via|(?<=in )via|[Vv]iale|[Pp]iazza|[Cc]orso|[Rr]ua|[Tt]ravessa"
    r"|[Uu]l\.)\s(?:d(?:e|el|ella|ei|a|o|os|as)\s(?:l[ao]s?\s)?)?[A-ZÀ-Ž][a-zß-ž'’-]{2,}(?:\s[A-ZÀ-Ý][\w'’-]+){0,2}"
    r",?\s(?:n[º°.]?\s?)?\d{1,4}\b"
)
_FRENCH = re.compile(
    r"(?<![\d.,])\b\d{1,4}(?:\s?(?:bis|ter|quater))?,?\s"
    r"(?:rue|avenue|boulevard|bd|place|chemin|allée|impasse|quai|route)\s"
    r"(?:d(?:e|es|u)\s(?:la\s|l['’])?|d['’])?[A-ZÀ-Ý][\w'’-]+(?:\s[A-ZÀ-Ý][\w'’-]+){0,2}",
)


def find_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Yield the places of postal addresses, as code point offsets, end exclusive. Raises nothing.

    A house number with a street: English forms only after a word such as "at" or "lives", or before a town or a
    post code; German, Dutch, Scandinavian, French, Spanish, Italian, Portuguese and Polish ones as they are written.
    Seats of governments and the like that everybody names do not count.
    """
    for found in _ENGLISH.finditer(text):
        before = text[max(found.start() - 30, 0) : found.start()]
        is_placed = found["rest"] is not None or _AFTER_WORDS.search(before) is not None
        if is_placed and _is_house(found):
            yield found.start(), found.end()
    for pattern in (_POSTCODE, _GERMANIC, _ROMANCE, _FRENCH):
        for found in pattern.finditer(text):
            if not _FAMOUS.match(found[0]):
                yield found.start(), found.end()


def _is_house(found: re.Match[str]) -> bool:
    """Say whether the number may be a house's: not of a famous one, not a year before a name such as "Green"."""
    if _FAMOUS.match(found[0]) or _NOT_NAMES.search(found["name"]):
        return False
    if found["type"] == "Court" and _COURTS.search(found["name"]):
        return False
    looks_like_year = re.fullmatch(r"(?:19|20)\d\d", found["number"]) is not None
    return not (looks_like_year and found["type"] in {"Way", "Row", "Hill", "Green", "Place", "Court", "Walk"})
