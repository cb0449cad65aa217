"""Trains and measures the topic model.

python -m belowline.lab.train_topic --data DIR             # trains, writes src/belowline/weights/topic, cross-validates
python -m belowline.lab.train_topic --data DIR --evaluate  # measures the shipped model on DIR/test/topic

DIR holds train/topic, train/abuse and test/topic as JSON lines; the word vectors must have been written before, by
belowline.lab.distil_words. Comments under debates are paired once with their own story and once with another of the
same fold. The stories have no body, so half of the pairs get one made of three to eight other comments under the same
story; half of the comments are cut to a sentence or two. Our own chatter is paired with its own stories and debates.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load as read_tensors
from safetensors.numpy import save as write_tensors
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from belowline.engine.models.bundle import FORMAT, MANIFEST, Manifest
from belowline.engine.signals.topic import (
    FEATURES,
    MOST_FOR_META,
    VERSION,
    Subject,
    TopicModel,
    TopicSignal,
    belief,
    is_about_reporting,
)
from belowline.engine.signals.topic_features import Rarity, Reading
from belowline.engine.signals.topic_vectors import BANK, TABLE, WORDS, Vectors
from belowline.engine.text.sentences import sentence_spans
from belowline.engine.text.words import terms
from belowline.lab.chatter import SUBJECTS

OUT = Path(__file__).parents[1] / "weights" / "topic"
COUNTED = (
    "civil_spans",
    "jigsaw_wikipedia",
    "wikiconv_cat",
    "gab",
    "implicit_hate",
    "convabuse",
    "madlibs_fuzzed_nonfuzzed",
    "measuring_hate",
    "hatexplain",
)
"""The files of train/abuse whose words are counted for the table of rare words; their labels are not read."""
RAREST = 4
FOLDS = 5
SEED = 7
INVERSE_PENALTY = 0.3
CHATTER_TURNS = 12
"""How often a line of our own is used, under its own story and under another; half of the times with a body."""
BANKED = "civil_spans"
"""Comments under the news, on anything: what a comment's likeness to its story is compared with."""
BANK_SIZE = 256
LENGTHS = ((4, 8), (9, 14), (15, 25), (26, 999))
LONG_ENOUGH = 15
"""Different terms of a comment in the bank, at least."""
type_of_row = dict[str, Any]


class Pair(NamedTuple):
    """A comment with a story, a body or none, and whether they were drawn apart."""

    comment: str
    head: tuple[str, ...]
    body: tuple[str, ...]
    is_apart: bool
    fold: int
    parent: str = ""


def read_rows(path: Path) -> list[type_of_row]:
    """Read gzip-compressed JSON lines; raises OSError when the file is missing."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def count_terms(texts: Iterable[str]) -> Rarity:
    """Count in how many texts each term stands; rare and odd ones are left out."""
    counts: Counter[str] = Counter()
    total = 0
    for text in texts:
        counts.update(set(terms(text)))
        total += 1
    kept = {term: n for term, n in sorted(counts.items()) if n >= RAREST and re.fullmatch("[a-z']{2,18}", term)}
    return Rarity(total, kept, RAREST)


def make_pairs(rows: Sequence[type_of_row], seed: int = SEED, *, may_cut: bool = True) -> list[Pair]:
    """Return four pairs for each comment: with and without body, own story and another of the same fold."""
    rng = random.Random(seed)  # noqa: S311 - sampling
    stories: dict[str, list[type_of_row]] = defaultdict(list)
    for row in rows:
        stories[row["story_id"]].append(row)
    names = sorted(stories)
    rng.shuffle(names)
    folds = {name: place % FOLDS for place, name in enumerate(names)}
    pairs = []
    for row in rows:
        own = row["story_id"]
        others = [name for name in names if name != own and folds[name] == folds[own]]
        for has_body in (False, True):
            comment = _cut(row["comment"], rng) if may_cut else row["comment"]
            for name in (own, rng.choice(others)):
                body = _body(stories[name], row["comment"], rng) if has_body else ()
                first = stories[name][0]
                pairs.append(Pair(comment, (first["title"], first["abstract"]), body, name != own, folds[own]))
    return pairs


def _cut(comment: str, rng: random.Random) -> str:
    spans = sentence_spans(comment)
    if rng.random() < 0.5 or not spans:  # noqa: PLR2004 - a coin
        return comment
    first = rng.randrange(len(spans))
    last = min(first + rng.randint(0, 1), len(spans) - 1)
    return comment[spans[first][0] : spans[last][1]]


def _body(rows: list[type_of_row], comment: str, rng: random.Random) -> tuple[str, ...]:
    texts = [row["comment"] for row in rows if row["comment"] != comment]
    return tuple(rng.sample(texts, min(len(texts), rng.randint(3, 8))))


def make_chatter(rows: Sequence[type_of_row], pairs: Sequence[Pair], seed: int = SEED) -> list[Pair]:
    """Return pairs of our own lines: each as often under its own story as under a debate of the same fold.

    `pairs` are those of `rows`; they say which fold a debate belongs to.
    """
    rng = random.Random(seed)  # noqa: S311 - sampling
    folds = {pair.head: pair.fold for pair in pairs}
    debates: dict[tuple[str, ...], list[type_of_row]] = defaultdict(list)
    for row in rows:
        debates[row["title"], row["abstract"]].append(row)
    found = []
    for number, subject in enumerate(SUBJECTS):
        fold = number % FOLDS
        far = [head for head in sorted(debates) if folds.get(head) == fold and not subject.is_near(*head)]
        if not far:
            continue
        own = [{"comment": line} for line in subject.lines]
        for line in subject.lines:
            for turn in range(CHATTER_TURNS):
                has_body = bool(turn % 2)
                other = rng.choice(far)
                mine = _body(own, line, rng) if has_body else ()
                body = _body(debates[other], line, rng) if has_body else ()
                found.append(Pair(line, (subject.title, subject.standfirst), mine, is_apart=False, fold=fold))
                found.append(Pair(line, other, body, is_apart=True, fold=fold))
    return found


def matrix(pairs: Sequence[Pair], subject: Subject) -> NDArray[np.float64]:
    """Return the features of each pair, shape (pairs, FEATURES)."""
    rows = [
        subject.compare(Counter(terms(one.comment)), [subject.know(reading) for reading in _readings(one)])
        for one in pairs
    ]
    return np.array(rows, dtype=np.float64)


def quantise(table: NDArray[Any]) -> NDArray[np.int8]:
    """Return the rows in whole numbers up to 127; the length of a row is lost, only its direction is used."""
    largest = np.abs(table).max(axis=1, keepdims=True)
    whole: NDArray[np.int8] = np.round(table / np.where(largest > 0, largest, 1) * 127).astype(np.int8)
    return whole


def make_bank(texts: Sequence[str], words: Sequence[str], table: NDArray[Any], rarity: Rarity) -> NDArray[np.int8]:
    """Return the vectors of some long comments on anything, in whole numbers up to 127."""
    vectors = Vectors(words, table, table[:0])
    counted = [Counter(terms(text)) for text in texts]
    long = [one for one in counted if len(one) >= LONG_ENOUGH]
    chosen = random.Random(SEED).sample(long, min(len(long), BANK_SIZE))  # noqa: S311 - sampling
    rows = np.stack([vectors.sense(one, rarity.idf).mean for one in chosen])
    return quantise(rows)


def _readings(pair: Pair) -> list[Reading]:
    story = Reading(pair.head, pair.body)
    return [story, Reading((), (pair.parent,))] if pair.parent else [story]


def fit(values: NDArray[np.float64], apart: NDArray[np.bool_]) -> TopicModel:
    """Fit the logistic model on scaled features, and write the scale into the weights."""
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=2_000).fit(scaler.transform(values), apart)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    return TopicModel(FEATURES, tuple(round(float(one), 6) for one in weights), round(bias, 6))


def score_pairs(model: TopicModel, pairs: Sequence[Pair], values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the model's probability and `off_topic` as the signal gives it, shape (pairs, 2)."""
    found = []
    for pair, row in zip(pairs, values, strict=True):
        raw = model.probability(list(row))
        value = raw * belief(len(set(terms(pair.comment))), is_reply=bool(pair.parent))
        found.append((raw, min(value, MOST_FOR_META) if is_about_reporting(pair.comment) else value))
    return np.array(found)


def report(name: str, scores: NDArray[np.float64], apart: NDArray[np.bool_]) -> None:
    """Print AUCs (model alone, `off_topic`) and, for some thresholds, the share wrongly held and rightly held.

    Prints nothing where one kind of pair is missing.
    """
    if apart.all() or not apart.any():
        return
    own, other = scores[~apart, 1], scores[apart, 1]
    areas = " ".join(f"{roc_auc_score(apart, column):.3f}" for column in scores.T)
    line = f"{name:34} n {len(own):5}  AUC {areas}"
    for threshold in (0.6, 0.7, 0.75, 0.8, 0.82, 0.85, 0.88, 0.9, 0.95):
        line += f" | {threshold:.2f}: {(own >= threshold).mean():.3f} / {(other >= threshold).mean():.2f}"
    print(line)


def cross_validate(pairs: Sequence[Pair], values: NDArray[np.float64], own: int = 0) -> None:
    """Print what models that never saw a story say about it; the last `own` pairs are our own lines."""
    apart = np.array([one.is_apart for one in pairs])
    folds = np.array([one.fold for one in pairs])
    scores = np.zeros((len(pairs), 2))
    for fold in range(FOLDS):
        model = fit(values[folds != fold], apart[folds != fold])
        inside = np.flatnonzero(folds == fold).tolist()
        scores[inside] = score_pairs(model, [pairs[place] for place in inside], values[inside])
    has_body = np.array([bool(one.body) for one in pairs])
    is_own = np.arange(len(pairs)) >= len(pairs) - own
    lengths = np.array([len(set(terms(one.comment))) for one in pairs])
    print("cross-validated by story; threshold: share of matched held / share of mismatched held")
    for name, chosen in (("title and abstract", ~has_body), ("with body of other comments", has_body)):
        report(name, scores[chosen & ~is_own], apart[chosen & ~is_own])
        for least, most in LENGTHS:
            among = chosen & ~is_own & (lengths >= least) & (lengths <= most)
            report(f"- {least} to {most} different terms", scores[among], apart[among])
        report("- our own lines", scores[chosen & is_own], apart[chosen & is_own])


def write(model: TopicModel, contents: dict[str, bytes], folder: Path) -> None:
    """Write the bundle, whose other files are `contents`; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {**contents, "model.json": msgspec.json.format(msgspec.json.encode(model))}
    digests = {}
    for name, data in sorted(contents.items()):
        (folder / name).write_bytes(data)
        digests[name] = hashlib.sha256(data).hexdigest()
    manifest = Manifest(format=FORMAT, name="topic", version=VERSION, labels=("off_topic",), files=digests)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


def train(data: Path, out: Path) -> None:
    """Count, pair, cross-validate, fit on everything, write; the word vectors must be in `out` already."""
    rows = read_rows(data / "train/topic/room_for_debate.jsonl.gz")
    texts = {name: [row["text"] for row in read_rows(data / f"train/abuse/{name}.jsonl.gz")] for name in COUNTED}
    rarity = count_terms([*chain(*texts.values()), *(row["comment"] for row in rows)])
    words, table = read_vectors(out)
    bank = make_bank(texts[BANKED], words, table, rarity)
    subject = Subject(rarity, Vectors(words, table, bank))
    debates = make_pairs(rows)
    chatter = make_chatter(rows, debates)
    pairs = [*debates, *chatter]
    values = matrix(pairs, subject)
    cross_validate(pairs, values, len(chatter))
    model = fit(values, np.array([one.is_apart for one in pairs]))
    contents = {name: (out / name).read_bytes() for name in (WORDS, TABLE)}
    contents |= {"idf.json": msgspec.json.encode(rarity), BANK: write_tensors({"bank": bank})}
    write(model, contents, out)
    print(f"{len(rarity.counts)} terms of {rarity.documents} texts, {len(words)} vectors; written to {out.name}")


def read_vectors(folder: Path) -> tuple[list[str], NDArray[np.int8]]:
    """Return the words and their vectors as distil_words wrote them; raises SystemExit when they are missing."""
    if not (folder / TABLE).exists():
        raise SystemExit(f"there are no word vectors in {folder}; run python -m belowline.lab.distil_words first")
    return (folder / WORDS).read_text("utf-8").split(), read_tensors((folder / TABLE).read_bytes())["vectors"]


def evaluate(data: Path, folder: Path) -> None:
    """Print the shipped model's figures on the test stories, which no training has seen."""
    signal = TopicSignal.load(folder)
    debates = make_pairs(read_rows(data / "test/topic/room_for_debate.jsonl.gz"), may_cut=False)
    for name, has_body in (("room_for_debate, title, abstract", False), ("room_for_debate, with body", True)):
        _measure(name, [one for one in debates if bool(one.body) == has_body], signal)
    news = read_rows(data / "test/topic/reddit_news.jsonl.gz")
    _measure("reddit_news, headline only", _headline_pairs(news, with_parent=False), signal)
    direct = [row for row in news if row["extra"]["depth"] == 1]
    _measure("reddit_news, direct replies only", _headline_pairs(direct, with_parent=False), signal)
    _measure("reddit_news, with parent", _headline_pairs(news, with_parent=True), signal)


def _headline_pairs(rows: Sequence[type_of_row], *, with_parent: bool) -> list[Pair]:
    rng = random.Random(SEED)  # noqa: S311 - sampling
    pairs = []
    for row in rows:
        other = rng.choice([one for one in rng.sample(rows, 20) if one["story_id"] != row["story_id"]])
        for chosen in (row, other):
            parent = (chosen.get("parent") or "") if with_parent else ""
            pairs.append(Pair(row["comment"], (chosen["title"],), (), chosen is other, 0, parent))
    return pairs


def _measure(name: str, pairs: Sequence[Pair], signal: TopicSignal) -> None:
    scores = score_pairs(signal.model, pairs, matrix(pairs, signal.subject))
    report(name, scores, np.array([one.is_apart for one in pairs]))


def main() -> None:
    """Read the arguments, and train or evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/ and test/")
    parser.add_argument("--out", type=Path, default=OUT, help="where the model is written to or read from")
    parser.add_argument("--evaluate", action="store_true", help="measure the model on the test files only")
    options = parser.parse_args()
    (evaluate if options.evaluate else train)(options.data, options.out)


if __name__ == "__main__":
    main()
