"""Changes to a training comment that leave its labels as they are: another group named, words disguised, padding.

Every function draws from the generator that it is given, so that a run can be repeated.
"""

import random
import re
from collections.abc import Mapping, Sequence

LEET = {"a": "4@", "e": "3", "i": "1!", "o": "0", "s": "5$", "t": "7"}
ALIKE = {"a": "аα", "e": "еε", "o": "оοσ", "p": "рρ", "c": "сϲ", "x": "хχ", "i": "іι", "s": "ѕ", "u": "υս", "t": "тτ"}
"""Letters of other scripts that look like these; one word may mix scripts."""
JOINED = 0.12
"""Share of disguises that leave out the spaces around a word instead of changing its letters."""
LEET_SHARE = 0.7
"""Share of the letters that have a digit for them which get it."""
PLURALS = (
    "muslims", "jews", "christians", "catholics", "hindus", "sikhs", "buddhists", "atheists", "women", "men", "gays",
    "lesbians", "blacks", "whites", "asians", "africans", "arabs", "mexicans", "latinos", "immigrants", "refugees",
    "migrants", "indians", "russians", "ukrainians", "israelis", "palestinians", "americans", "germans", "poles",
    "pakistanis", "nigerians", "homosexuals", "feminists", "foreigners", "kurds", "turks", "iranians", "syrians",
)  # fmt: skip
SINGULARS = (
    "muslim", "jewish", "christian", "catholic", "hindu", "sikh", "buddhist", "gay", "lesbian", "black", "white",
    "asian", "african", "arab", "mexican", "latino", "immigrant", "refugee", "migrant", "indian", "russian",
    "ukrainian", "israeli", "palestinian", "american", "german", "pakistani", "nigerian", "homosexual", "transgender",
    "trans", "disabled", "foreign", "kurdish", "turkish", "iranian", "syrian", "queer", "bisexual", "deaf", "blind",
)  # fmt: skip
PADDING = (
    "love", "love you all", "peace", "thank you", "have a nice day", "lovely", "great article", "god bless", "hugs",
    "kind regards", "flowers", "sunshine", "with love", "best wishes", "what a day", "music", "hello", "cheers",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]{3,}")
_SIGN = re.compile(r"[^\w\s\u2190-\u2bff\U0001f000-\U0001faff]")
_NAMES = re.compile(r"\b(" + "|".join((*PLURALS, *SINGULARS)) + r")\b", re.IGNORECASE)


def swap_groups(text: str, draw: random.Random) -> str:
    """Name other groups of the same grammatical form; the same group becomes the same other one throughout."""
    chosen: dict[str, str] = {}

    def other(found: re.Match[str]) -> str:
        word = found[0].lower()
        if word not in chosen:
            chosen[word] = draw.choice(PLURALS if word in PLURALS else SINGULARS)
        return chosen[word].capitalize() if found[0][0].isupper() else chosen[word]

    return _NAMES.sub(other, text)


def names_a_group(text: str) -> bool:
    """Say whether `swap_groups` would find something."""
    return _NAMES.search(text) is not None


def disguise(text: str, words: Mapping[str, float], draw: random.Random) -> str:
    """Disguise one or two words, those with a high weight in `words` (log odds by word, lower case) first."""
    found = [match for match in _WORD.finditer(text) if len(match[0]) < 15]  # noqa: PLR2004
    if not found:
        return text
    ranked = sorted(found, key=lambda match: -(words.get(match[0].lower(), 0.0) + draw.random()))
    if draw.random() < JOINED:
        start, end = ranked[0].span()
        return text[:start].rstrip(" ") + text[start:end] + text[end:].lstrip(" ")
    for match in sorted(ranked[: draw.randint(1, 2)], key=lambda match: -match.start()):
        text = text[: match.start()] + _disguised(match[0], draw) + text[match.end() :]
    return text


def _disguised(word: str, draw: random.Random) -> str:
    place = draw.randrange(1, len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    forms = (
        "".join(draw.choice(LEET[c.lower()]) if c.lower() in LEET and draw.random() < LEET_SHARE else c for c in word),
        draw.choice(" .-_*").join(word),
        "".join(draw.choice(ALIKE[c]) if c in ALIKE else c for c in word),
        before + letter * draw.randint(2, 7) + after,
        before + draw.choice("*#-") + after,
        before + after,
        before[:-1] + letter + before[-1] + after,
    )
    return draw.choice(forms)


def pad(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Add friendly words, or a harmless comment of `others`, before or behind."""
    if others and draw.random() < 0.6:  # noqa: PLR2004
        extra = draw.choice(others)
    else:
        extra = " ".join(draw.choice(PADDING) for _ in range(draw.randint(1, 6)))
    return f"{extra} {text}" if draw.random() < 0.5 else f"{text} {extra}"  # noqa: PLR2004


def unpunctuated(text: str) -> str:
    """Return the text without punctuation, as some sources have it; pictograms stay, for they may carry the abuse."""
    return _SIGN.sub("", text)
