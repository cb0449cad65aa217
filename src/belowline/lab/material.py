"""Our own sentences in files: `material/*.toml`, with slots that are filled at random.

A set has a name, the labels that are 1 (all others are 0), those that stay open, and its sentences.
"""

import random
import re
import tomllib
from importlib import resources
from string import Formatter
from typing import Literal

import msgspec

from belowline.lab.datasets import LABELS, Row

SOURCE = "own"
FILES = (
    "harmless", "harmless_2", "harmless_3", "hostile", "hostile_2", "hostile_3", "hostile_4", "everyday",
    "harmless_4", "harmless_5", "hostile_5", "harmless_6", "harmless_7", "hostile_6", "hostile_7",
    "talk_crime", "talk_debate", "talk_leisure", "talk_local", "talk_people", "talk_politics", "talk_short",
    "talk_world", "say_blunt", "say_counter", "say_identity", "say_leisure", "say_long", "say_register", "say_short",
    "say_wishes",
    "plain_body", "plain_comments", "plain_feeling", "plain_groups", "plain_hopes", "plain_justice",
    "plain_sly", "plain_you", "thread_abroad", "thread_debate", "thread_desk", "thread_leisure", "thread_local",
    "thread_long", "thread_opinion", "thread_politics", "thread_quarrel", "thread_science", "thread_town",
    "thread_vote", "thread_world",
)  # fmt: skip
_VOWELS = tuple("aeio")
_ARTICLE = re.compile(r"\b([Aa])n? (?=\{(\w+)\})")


class Set(msgspec.Struct, frozen=True, kw_only=True):
    """Sentences that share their labels."""

    name: str
    labels: dict[str, float] | Literal["none"] = {}
    """The labels that are not 0; "none" is the same as none."""
    open: list[str] = []
    """Labels about which raters would disagree: masked."""
    sentences: list[str]


class File(msgspec.Struct, frozen=True, kw_only=True):
    """One file of material."""

    slots: dict[str, list[str]] = {}
    set: list[Set]


def read_file(name: str) -> File:
    """Read one file by its name.

    Raises:
        ValueError: a label is unknown, or a sentence uses a slot that the file lacks.
    """
    text = resources.files("belowline").joinpath("lab", "material", f"{name}.toml").read_text(encoding="utf-8")
    file = msgspec.convert(tomllib.loads(text), File)
    for part in file.set:
        unknown = {*labels_of(part), *part.open} - set(LABELS)
        slots = {slot for sentence in part.sentences for slot in slots_of(sentence)} - set(file.slots)
        if unknown or slots:
            raise ValueError(f"{name}.toml, set {part.name}: unknown labels {unknown} or slots {slots}")
    return file


def labels_of(part: Set) -> dict[str, float]:
    """Return the labels of a set that are not 0."""
    return part.labels if isinstance(part.labels, dict) else {}


def slots_of(sentence: str) -> list[str]:
    """Return the names of a sentence's slots, in order."""
    return [name for _, name, _, _ in Formatter().parse(sentence) if name]


def material_rows(*, each: int = 8, seed: int = 0) -> list[Row]:
    """Return all sentences as rows, each template filled up to `each` times; the same for the same seed.

    The fillings of one sentence are one group, so that held-out folds hold out whole sentences.
    """
    draw = random.Random(seed)  # noqa: S311 - no cryptography
    rows: list[Row] = []
    for name in FILES:
        file = read_file(name)
        for part in file.set:
            labels = dict.fromkeys(LABELS, 0.0) | labels_of(part)
            kept = {label: float(value) for label, value in labels.items() if label not in part.open}
            for sentence in part.sentences:
                texts = _fillings(sentence, file.slots, each, draw)
                for text in texts:
                    extra = {"story_id": sentence, "set": part.name, "share": 1 / len(texts)}
                    rows.append(
                        Row(id=f"material:{len(rows)}", text=text, labels=dict(kept), source=SOURCE, extra=extra)
                    )
    return rows


def _fillings(sentence: str, slots: dict[str, list[str]], each: int, draw: random.Random) -> list[str]:
    if not slots_of(sentence):
        return [sentence]
    texts = []
    for _ in range(each):
        words = {name: draw.choice(slots[name]) for name in slots_of(sentence)}
        texts.append(_with_articles(sentence, words).format_map(words))
    return list(dict.fromkeys(texts))


def _with_articles(sentence: str, words: dict[str, str]) -> str:
    """Write "a" or "an" before each slot, as the first letter of its word asks; other articles stay."""

    def article(found: re.Match[str]) -> str:
        return f"{found[1]}n " if words[found[2]].lower().startswith(_VOWELS) else f"{found[1]} "

    return _ARTICLE.sub(article, sentence)
