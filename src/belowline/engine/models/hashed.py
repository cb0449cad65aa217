"""Hashed word and character n-grams, and a multi-label logistic model over them.

Feature hashing after Weinberger et al. 2009 (arXiv 0902.2206), without the random sign. Everything up to the
sum is integer arithmetic modulo 2**64, and no table of Unicode is asked, so the same text gives the same
score everywhere.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import MEND, Bundle

Indices = NDArray[np.int64]
Hashes = NDArray[np.uint64]

SHORTEST, LONGEST = 2, 5
"""Lengths of character n-grams, the blank before and after a word counted."""

PASSAGE_WORDS, PASSAGE_STEP = 16, 8
"""Long texts are also read in overlapping passages of so many words, so that one insult is not lost in a long
letter."""
UNDIVIDED_WORDS = 24
"""Texts of at most so many words are read as a whole only."""

_BASE = np.uint64(0x9E3779B97F4A7C15)
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_FIRST = np.uint64(0xC4CEB9FE1A85EC53)
_SECOND = np.uint64(0xD6E8FEB86659FD93)
_FOLD = np.uint64(32)
_BLANK = np.uint64(0x20)
_GAP, _WORD, _ALONE, _INNER = 0, 1, 2, 3


def _classes() -> NDArray[np.uint8]:
    """Return the class of each code point below 0x20000; those above are parts of words.

    Signs that stand for letters (`*`, `@`, `$`, `#`) are parts of words; an apostrophe is one inside a word;
    every pictogram is a word of its own; all other punctuation and white space are gaps.
    """
    table = np.full(0x20000, _WORD, dtype=np.uint8)
    for start, end in (
        (0x00, 0x30), (0x3A, 0x41), (0x5B, 0x61), (0x7B, 0xAA), (0xAB, 0xB5), (0xB6, 0xBA), (0xBB, 0xC0),
        (0xD7, 0xD8), (0xF7, 0xF8), (0x2000, 0x2070), (0x2190, 0x2600), (0x3000, 0x3040), (0xFE00, 0xFE10),
        (0xFE30, 0xFE50), (0xFF01, 0xFF10),
    ):  # fmt: skip
        table[start:end] = _GAP
    table[0x2600:0x27C0] = _ALONE
    table[0x1F000:0x1FB00] = _ALONE
    table[0x1F3FB:0x1F400] = _GAP
    table[[ord(sign) for sign in "*@$#"]] = _WORD
    table[[ord(sign) for sign in "'!|’"]] = _INNER
    return table


_CLASSES = _classes()


class Features(NamedTuple):
    """The features of one text, one entry per occurrence: character n-grams, then words, then word pairs."""

    row: Indices
    """Row of the weight table, shape (n,)."""
    first: Indices
    """Number of the word that the occurrence stands in (of a pair: the first of the two), shape (n,)."""
    characters: int
    """How many of the n are character n-grams."""
    words: int
    """How many of the n are single words, after the character n-grams; word pairs fill the rest."""
    starts: Indices
    """Code point at which each word of the text starts."""
    ends: Indices
    """Code point behind each word."""

    def blocks(self) -> tuple[slice, slice]:
        """Return where the character n-grams and the words with their pairs stand."""
        return slice(0, self.characters), slice(self.characters, None)


class Hasher(NamedTuple):
    """Turns a text into feature numbers: character n-grams in [0, 2**character_bits), words behind them."""

    character_bits: int = 18
    word_bits: int = 18

    @property
    def size(self) -> int:
        """The number of rows that a weight table needs."""
        return int((1 << self.character_bits) + (1 << self.word_bits))

    def features(self, text: str) -> Features:
        """Hash a text that is already normalised and case-folded; time grows linearly with its length."""
        points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.int64)
        starts, ends = split_words(points)
        if not len(starts):
            none = np.zeros(0, dtype=np.int64)
            return Features(none, none, 0, 0, none, none)
        lengths = ends - starts
        owner = np.repeat(np.arange(len(starts)), lengths)
        heads = np.cumsum(lengths) - lengths
        letters = points[np.arange(len(owner)) + (starts - heads)[owner]].astype(np.uint64)
        grams, gram_owner = _character_grams(letters, owner, self.character_bits)
        words = _word_hashes(letters, np.arange(len(owner)) - heads[owner], heads)
        pairs = words[:-1] * _FIRST + words[1:] * _SECOND
        offset = 1 << self.character_bits
        order = np.arange(len(words))
        return Features(
            row=np.concatenate((grams, _rows(np.concatenate((words, pairs)), self.word_bits) + offset)),
            first=np.concatenate((gram_owner, order, order[:-1])),
            characters=len(grams),
            words=len(words),
            starts=starts,
            ends=ends,
        )


def fold(text: str) -> tuple[str, Indices | None]:
    """Return the case-folded text, and the place in `text` of each of its code points (None: the same)."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded, None
    lengths = [len(character.casefold()) for character in text]
    return folded, np.repeat(np.arange(len(text)), lengths)


def passages(words: int) -> tuple[Indices, Indices]:
    """Return the first word of each passage of a text of so many words, and the word behind; none if short."""
    if words <= UNDIVIDED_WORDS:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    starts = np.arange(0, words - PASSAGE_STEP, PASSAGE_STEP)
    return starts, np.minimum(starts + PASSAGE_WORDS, words)


def split_words(points: Indices) -> tuple[Indices, Indices]:
    """Return where words start and end (exclusive) in an array of code points."""
    kind = _CLASSES[np.minimum(points, len(_CLASSES) - 1)]
    word = np.zeros(len(points) + 2, dtype=bool)
    word[1:-1] = kind == _WORD
    word[1:-1] |= (kind == _INNER) & word[:-2] & word[2:]
    alone = kind == _ALONE
    starts = np.flatnonzero((word[1:-1] & ~word[:-2]) | alone)
    ends = np.flatnonzero((word[1:-1] & ~word[2:]) | alone) + 1
    return starts, ends


def _character_grams(letters: Hashes, owner: Indices, bits: int) -> tuple[Indices, Indices]:
    """Return row and word number of every n-gram within the words, each word framed by blanks."""
    stream = np.zeros(len(letters) + int(owner[-1]) + 2, dtype=np.uint64)
    stream[np.arange(len(letters)) + owner + 1] = letters
    blanks = np.flatnonzero(stream == 0)
    stream[blanks] = _BLANK
    word = np.repeat(np.arange(len(blanks) - 1), np.diff(blanks))
    reach = blanks[word + 1] - np.arange(len(word))
    """How many code points follow within the word, the closing blank counted."""
    rolling, hashes, owners = stream[:-1], [], []
    for length in range(SHORTEST, LONGEST + 1):
        rolling = rolling[: len(stream) - length + 1] * _BASE + stream[length - 1 :]
        whole = np.flatnonzero(reach[: len(rolling)] >= length - 1)
        hashes.append(rolling[whole])
        owners.append(word[whole])
    return _rows(np.concatenate(hashes), bits), np.concatenate(owners)


def _word_hashes(letters: Hashes, place: Indices, heads: Indices) -> Hashes:
    """Return one hash per word: a polynomial in its code points; `place` counts within the word."""
    powers = _BASE ** (place + 1).astype(np.uint64)
    return np.add.reduceat(letters * powers, heads)


def _rows(hashes: Hashes, bits: int) -> Indices:
    """Spread 64-bit hashes over 2**bits rows (the finaliser of MurmurHash3, halved)."""
    mixed = (hashes ^ (hashes >> _FOLD)) * _MIX
    mixed = (mixed ^ (mixed >> _FOLD)) * _FIRST
    return (mixed >> np.uint64(64 - bits)).astype(np.int64)


class HashedModel(NamedTuple):
    """A logistic model per label over which features a text has (not how often), ready to score."""

    labels: tuple[str, ...]
    hasher: Hasher
    table: NDArray[np.int8] | NDArray[np.int16]
    """Weights, shape (hasher.size, labels), to be multiplied by `scale`. Those in eight bits are square roots with a
    sign, which keeps small weights apart; earlier releases had sixteen bits and the weights themselves."""
    scale: NDArray[np.float64]
    """Log odds per unit of the table, shape (labels,)."""
    bias: NDArray[np.float64]
    """Log odds of a text without any known feature, shape (labels,)."""
    power: float
    """Each block's sum is divided by its number of features to this power: 0 sums, 1 averages."""
    blend: float
    """Share of a long text's strongest passage in its log odds, in [0, 1]; the rest is the whole text's."""

    @classmethod
    def from_bundle(cls, bundle: Bundle) -> "HashedModel":
        """Read the model out of a verified bundle.

        Raises:
            ModelError: parameters or arrays are missing or do not fit together.
        """
        tensors = bundle.tensors()
        try:
            values = bundle.manifest.parameters
            hasher = Hasher(int(values["character_bits"]), int(values["word_bits"]))
            model = cls(
                labels=bundle.manifest.labels,
                hasher=hasher,
                table=tensors["table"],
                scale=tensors["scale"].astype(np.float64),
                bias=tensors["bias"].astype(np.float64),
                power=float(values["power"]),
                blend=float(values["blend"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"the model `{bundle.manifest.name}` lacks {error}; {MEND}") from error
        model.check(bundle.manifest.name)
        return model

    def check(self, name: str) -> None:
        """Raise ModelError if the arrays do not have the shapes that labels and hash space ask for."""
        count = len(self.labels)
        shapes = (self.table.shape, self.scale.shape, self.bias.shape)
        if shapes != ((self.hasher.size, count), (count,), (count,)) or self.table.dtype not in (np.int8, np.int16):
            raise ModelError(f"the arrays of the model `{name}` do not fit its labels; {MEND}")

    def parameters(self) -> dict[str, Any]:
        """Return what the manifest must hold so that `from_bundle` can read the model again."""
        return {
            "character_bits": self.hasher.character_bits,
            "word_bits": self.hasher.word_bits,
            "power": self.power,
            "blend": self.blend,
        }

    def log_odds(self, features: Features) -> NDArray[np.float64]:
        """Return the log odds of each label, shape (labels,): of the whole, blended with its strongest passage."""
        total = self.bias.copy()
        for block in features.blocks():
            rows = _distinct(features.row[block])
            if len(rows):
                total += self._weights(rows).sum(axis=0) * self.scale / len(rows) ** self.power
        starts, ends = passages(len(features.starts))
        if len(starts):
            total += self.blend * (self._passage_log_odds(features, starts, ends).max(axis=0) - total)
        return total

    def _passage_log_odds(self, features: Features, starts: Indices, ends: Indices) -> NDArray[np.float64]:
        """Return the log odds of each passage (word numbers, end exclusive), shape (passages, labels)."""
        total = np.repeat(self.bias[None, :], len(starts), axis=0)
        for block in features.blocks():
            order = np.argsort(features.first[block], kind="stable")
            owner = features.first[block][order]
            sums = np.zeros((len(order) + 1, len(self.labels)), dtype=np.int64)
            np.cumsum(self._weights(features.row[block][order]), axis=0, out=sums[1:])
            low, high = np.searchsorted(owner, starts), np.searchsorted(owner, ends)
            level = np.maximum(high - low, 1) ** -self.power
            total += (sums[high] - sums[low]) * level[:, None] * self.scale
        return total

    def _weights(self, rows: Indices) -> NDArray[np.int64]:
        """Return the weights of rows before scaling, shape (rows, labels)."""
        found = self.table[rows].astype(np.int64)
        return found * np.abs(found) if self.table.dtype == np.int8 else found

    def probabilities(self, features: Features) -> NDArray[np.float64]:
        """Return the probability of each label, shape (labels,), in [0, 1]."""
        return sigmoid(self.log_odds(features))

    def read(self, text: str) -> NDArray[np.float64]:
        """Return the log odds of each label for a normalised text, shape (labels,)."""
        return self.log_odds(self.hasher.features(fold(text)[0]))

    def word_log_odds(self, features: Features) -> NDArray[np.float64]:
        """Return what each word adds to the log odds of each label, shape (words of the text, labels).

        A feature that occurs several times, or in two words, is shared out evenly; the rows add up to
        `log_odds` less the bias, where the text has no passages.
        """
        each = np.concatenate([self._occurrences(features.row[block]) for block in features.blocks()])
        pairs = features.characters + features.words
        shares = np.zeros((len(features.starts), len(self.labels)))
        np.add.at(shares, features.first[:pairs], each[:pairs])
        np.add.at(shares, features.first[pairs:], each[pairs:] / 2)
        np.add.at(shares, features.first[pairs:] + 1, each[pairs:] / 2)
        return shares

    def _occurrences(self, rows: Indices) -> NDArray[np.float64]:
        """Return what each occurrence in a block adds to the log odds, shape (occurrences, labels)."""
        distinct, place, times = np.unique(rows, return_inverse=True, return_counts=True)
        weight = self.scale / max(len(distinct), 1) ** self.power
        each: NDArray[np.float64] = self._weights(rows) * (weight / times[place][:, None])
        return each


def sigmoid(log_odds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return probabilities in [0, 1] for log odds of any size."""
    return 1.0 / (1.0 + np.exp(-np.clip(log_odds, -500.0, 500.0)))


def _distinct(rows: Indices) -> Indices:
    """Return the different rows, in rising order (as np.unique does, at a third of its cost)."""
    ordered = np.sort(rows)
    return ordered[np.flatnonzero(np.diff(ordered, prepend=-1))]
