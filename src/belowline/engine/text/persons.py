"""Whom a text is about: how often it says you, they and I, and how long it is.

Newsrooms differ most in whom one may be rude to. The vector of an encoder that learned what is abusive holds little of
that, and these four numbers nearly all.
"""

import math
import re

PERSONS = (
    re.compile(r"\b(?:you|your|yours|yourself|yourselves|u|ur|ya|youre|you're)\b", re.IGNORECASE),
    re.compile(r"\b(?:he|him|his|she|her|hers|they|them|their|theirs)\b", re.IGNORECASE),
    re.compile(r"\b(?:i|me|my|mine|myself|we|us|our|ours)\b", re.IGNORECASE),
)
COUNTS = len(PERSONS) + 1


def person_counts(text: str) -> tuple[float, ...]:
    """Return log(1 + n) of the words for you, for them and for me or us, and of the characters of an English text."""
    found = [sum(1 for _ in words.finditer(text)) for words in PERSONS]
    return tuple(math.log1p(count) for count in (*found, len(text)))
