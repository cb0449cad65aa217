"""The subjects that comments under one story are about: groups of near vectors, named by their own words, on a map.

Pure: vectors and texts in, subjects out; where the vectors come from is the caller's affair. The same comments always
give the same subjects. Groups are those of spherical k-means (Dhillon and Modha 2001) on vectors without what all
comments share; how many there are is chosen by the simplified silhouette (Hruschka, de Castro and Campello 2004).
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from belowline.engine.text.words import find_words, stem

Floats = NDArray[np.float64]
Labels = NDArray[np.intp]

MOST_SUBJECTS = 9
FEWEST_COMMENTS = 3
"""A subject has at least so many comments; smaller groups stay with the rest."""
ROUNDS = 25
DIMENSIONS = 10
"""Comments are parted along their main axes: what lies beyond is chance in so few of them."""
COMMENTS_FOR_EACH = 8
"""So many comments are needed for each subject, and for each axis: in fewer, chance makes groups."""
LEAST_WORTH = 0.35
"""Groups that part the comments less clearly are none."""
WORDS_OF_A_NAME = 3
LEAST_DIFFERENCE = 1.5
"""So many deviations must a word be likelier here than elsewhere to name a subject."""
SMALL_SHARE = 0.5
"""A word that is written small at least so often, or stands at a sentence's beginning, is no name."""
MOST_TEXT_CHARACTERS = 2_000
"""Characters of a comment that are counted for names."""
LOOK_BACK = 6
"""Signs before a word that tell whether it begins a sentence."""
PRIOR = 0.5
"""How much of a word's use elsewhere is believed before it is seen: the smaller, the rarer words are taken."""


class Subject(NamedTuple):
    """A group of comments that are about the same."""

    words: tuple[str, ...]
    """Up to three words that set it apart from the story's other comments, as they are mostly written."""
    members: tuple[int, ...]
    """The places of its comments in what was given, the most typical first."""
    x: float
    """Place on the map, in [-1, 1]: near subjects have near vectors."""
    y: float


class Subjects(NamedTuple):
    """All subjects, the largest first, and the comments that belong to none."""

    subjects: tuple[Subject, ...]
    rest: tuple[int, ...]
    """Too few words, or too few of their kind."""


def find_subjects(
    vectors: NDArray[np.floating], texts: Sequence[str], *, taken: frozenset[str] = frozenset()
) -> Subjects:
    """Group comments by what they are about; `vectors` has shape (comments, dimensions), zeros where nothing is known.

    `taken` are stems that name nothing, such as those of the headline, which all comments share.

    Raises:
        ValueError: there are not as many vectors as texts.
    """
    if len(vectors) != len(texts):
        raise ValueError(f"{len(vectors)} vectors for {len(texts)} texts; give one for each")
    known = np.flatnonzero(np.linalg.norm(vectors, axis=1) > 0) if len(vectors) else np.array([], dtype=np.intp)
    if len(known) < FEWEST_COMMENTS:
        return Subjects((), tuple(range(len(texts))))
    rows = _main_axes(_apart(np.asarray(vectors, dtype=np.float64)[known]))
    labels, centres = _drop_small(rows, _best_groups(rows))
    counts = [count_words(texts[place]) for place in known]
    names = _names(counts, labels, len(centres), taken)
    places = _on_a_map(centres)
    found = [
        Subject(names[one], _by_nearness(known, rows, labels, centres, one), *places[one])
        for one in range(len(centres))
    ]
    grouped = {place for subject in found for place in subject.members}
    rest = tuple(place for place in range(len(texts)) if place not in grouped)
    return Subjects(tuple(sorted(found, key=lambda one: (-len(one.members), one.members))), rest)


def count_words(text: str) -> Counter[str]:
    """Return how often each content word stands in a text, as written; without the capital of a sentence's beginning.

    Raises nothing.
    """
    text = text[:MOST_TEXT_CHARACTERS]
    found: Counter[str] = Counter()
    for word in find_words(text):
        if stem(word.text) and not word.text.isdigit():
            begins = word.text.istitle() and _begins_sentence(text, word.start)
            found[word.text.lower() if begins else word.text] += 1
    return found


def _begins_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - LOOK_BACK) : start].rstrip(" \t\"'“‘(>*-")
    return not before or before[-1] in ".!?…:\n"


def _apart(rows: Floats) -> Floats:
    """Take away what all comments share, and scale to length 1: what is left sets them apart."""
    unit = _unit(rows)
    return _unit(unit - unit.mean(axis=0))


def _unit(rows: Floats) -> Floats:
    sizes = np.linalg.norm(rows, axis=-1, keepdims=True)
    return rows / np.where(sizes > 1e-9, sizes, 1.0)  # noqa: PLR2004 - rounding is no direction


def _main_axes(rows: Floats) -> Floats:
    """Return the rows along the axes in which they differ most, of length 1; shape (comments, DIMENSIONS or fewer)."""
    _, found = np.linalg.eigh(rows.T @ rows)
    axes = found.T[::-1][: min(DIMENSIONS, max(2, len(rows) // COMMENTS_FOR_EACH))]
    biggest = axes[np.arange(len(axes)), np.argmax(np.abs(axes), axis=1)]
    return _unit(rows @ (axes * np.sign(biggest)[:, None]).T)  # the sign of an axis is chance


def _best_groups(rows: Floats) -> Labels:
    """Return the grouping that parts the comments most clearly."""
    most = min(MOST_SUBJECTS, len(rows) // COMMENTS_FOR_EACH)
    best, best_worth = np.zeros(len(rows), dtype=np.intp), LEAST_WORTH
    for count in range(2, most + 1):
        labels, centres = _group(rows, count)
        worth = _silhouette(rows, labels, centres)
        if worth > best_worth:
            best, best_worth = labels, worth
    return best


def _group(rows: Floats, count: int) -> tuple[Labels, Floats]:
    """Return spherical k-means from seeds that lie far apart; no chance is in it."""
    centres = _seeds(rows, count)
    labels = np.full(len(rows), -1, dtype=np.intp)
    for _ in range(ROUNDS):
        nearest = np.argmax(rows @ centres.T, axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        centres = _centres(rows, labels, centres)
    return labels, centres


def _seeds(rows: Floats, count: int) -> Floats:
    """Return `count` rows: one in the thick of things, then each time one far from all before, yet not alone."""
    crowd = _crowd(rows)
    chosen = [int(np.argmax(crowd))]
    nearest = rows @ rows[chosen[0]]
    while len(chosen) < count:
        chosen.append(int(np.argmax((1.0 - nearest) * crowd)))
        nearest = np.maximum(nearest, rows @ rows[chosen[-1]])
    return rows[chosen].copy()


def _crowd(rows: Floats) -> Floats:
    """Return how thickly each row is surrounded: its mean likeness to those of a sample that are like it, above 0."""
    sample = rows[:: max(1, len(rows) // 500)]
    return np.asarray(np.maximum(rows @ sample.T, 0.0).mean(axis=1))


def _centres(rows: Floats, labels: Labels, before: Floats) -> Floats:
    sums = np.eye(len(before))[:, labels] @ rows
    empty = np.linalg.norm(sums, axis=1) < 1e-9  # noqa: PLR2004 - rounding is no direction
    sums[empty] = before[empty]
    return _unit(sums)


def _silhouette(rows: Floats, labels: Labels, centres: Floats) -> float:
    """Return how much nearer comments are to their own centre than to the next, in [-1, 1]; shares of the distance."""
    away = 1.0 - rows @ centres.T
    own = away[np.arange(len(rows)), labels]
    away[np.arange(len(rows)), labels] = np.inf
    other = away.min(axis=1)
    return float(np.mean((other - own) / np.maximum(np.maximum(other, own), 1e-9)))


def _drop_small(rows: Floats, labels: Labels) -> tuple[Labels, Floats]:
    """Give the comments of groups that are too small the label -1; number the others anew."""
    sizes = np.bincount(labels)
    kept = np.flatnonzero(sizes >= FEWEST_COMMENTS)
    renamed = np.full(len(sizes), -1, dtype=np.intp)
    renamed[kept] = np.arange(len(kept))
    labels = renamed[labels]
    sums = np.array([rows[labels == one].sum(axis=0) for one in range(len(kept))])
    return labels, _unit(sums)


def _by_nearness(known: Labels, rows: Floats, labels: Labels, centres: Floats, one: int) -> tuple[int, ...]:
    members = np.flatnonzero(labels == one)
    order = np.argsort(-(rows[members] @ centres[one]), kind="stable")
    return tuple(int(place) for place in known[members[order]])


def _on_a_map(centres: Floats) -> list[tuple[float, float]]:
    """Return where each centre lies on the two main axes of the comments, in [-1, 1]."""
    flat = np.pad(centres[:, :2], ((0, 0), (0, max(0, 2 - centres.shape[1]))))
    flat = flat / max(float(np.abs(flat).max(initial=0.0)), 1e-9)
    return [(float(x), float(y)) for x, y in flat]


def _names(counts: Sequence[Counter[str]], labels: Labels, groups: int, taken: frozenset[str]) -> list[tuple[str, ...]]:
    """Name each group by the words whose use in it differs most from that in all other comments.

    The log-odds ratio with an informative Dirichlet prior, in units of its deviation: Monroe, Colaresi and Quinn 2008
    (Fightin' Words). Counted are comments, not uses, so that one who repeats himself names nothing.
    """
    spelt, within = _documents(counts, labels, groups, taken)
    everywhere: Counter[str] = Counter()
    for one in within:
        everywhere.update(one)
    return [tuple(_as_written(spelt[term]) for term in _own_terms(one, everywhere)) for one in within]


def _as_written(spellings: Counter[str]) -> str:
    """Return a word as it is mostly written; with a capital only where it hardly ever stands without, as names do."""
    small = Counter({word: count for word, count in spellings.items() if word[:1].islower()})
    chosen = small if small.total() >= SMALL_SHARE * spellings.total() else spellings
    return min(chosen.items(), key=lambda pair: (-pair[1], pair[0]))[0]


def _own_terms(inside: Counter[str], everywhere: Counter[str]) -> list[str]:
    """Return the terms that set a group apart; one that has none is called by its commonest."""
    size, total = sum(inside.values()), sum(everywhere.values())
    ranked = sorted(
        ((_difference(count, size, everywhere[term], total), term) for term, count in inside.items() if count > 1),
        key=lambda pair: (-pair[0], pair[1]),
    )
    found = [term for difference, term in ranked if difference > LEAST_DIFFERENCE][:WORDS_OF_A_NAME]
    return found or [term for term, _ in sorted(inside.items(), key=lambda pair: (-pair[1], pair[0]))[:1]]


def _documents(
    counts: Sequence[Counter[str]], labels: Labels, groups: int, taken: frozenset[str]
) -> tuple[dict[str, Counter[str]], list[Counter[str]]]:
    """Return how each stem is spelt, and in how many comments of each group it stands."""
    spelt: dict[str, Counter[str]] = {}
    within: list[Counter[str]] = [Counter() for _ in range(groups)]
    for words, label in zip(counts, labels, strict=True):
        for word, count in words.items():
            spelt.setdefault(stem(word), Counter())[word] += count
        if label >= 0:
            within[label].update({stem(word) for word in words} - taken)
    return spelt, within


def _difference(inside: int, size: int, everywhere: int, total: int) -> float:
    """Return by how many deviations a word is likelier inside a group than outside it."""
    outside, others = everywhere - inside, total - size
    prior, mass = PRIOR * everywhere / total * size, PRIOR * size
    within = math.log((inside + prior) / (size + mass - inside - prior + 1))
    without = math.log((outside + prior) / (others + mass - outside - prior + 1))
    return (within - without) / math.sqrt(1 / (inside + prior) + 1 / (outside + prior))
