"""Makes the topic model.

python -m belowline.lab.train_sentences --data DIR --base MINILM --out TAUGHT
python -m belowline.lab.train_topic --data DIR --base TAUGHT/all --halves TAUGHT/without-0 TAUGHT/without-1

DIR holds train/topic and train/abuse as JSON lines; MINILM is a folder with all-MiniLM-L6-v2 (model.safetensors and
tokenizer.json). The encoder is written in eight bits, and fitted are two logistic models over some forty numbers
(comment against story, reply against parent), and the heads for kinds. With `--halves` each story is read for this by
an encoder that was not taught by it. Cross-validates by story, prints the figures, and writes the bundle; the same
input gives the same bytes.
"""

import argparse
import gzip
import hashlib
import json
import random
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save as write_tensors
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

from belowline.engine.models.bundle import FORMAT, MANIFEST, Manifest
from belowline.engine.models.sentences import SentenceEncoder, to_bytes, type_of_floats
from belowline.engine.models.tokens import GRAPH, TOKENIZER
from belowline.engine.signals.topic import FEATURES, VERSION, Subject, TopicModel, TopicModels, TopicSignal
from belowline.engine.signals.topic_features import Rarity
from belowline.engine.signals.topic_kinds import HEADS as KIND_HEADS
from belowline.engine.signals.topic_kinds import LEARNED
from belowline.engine.signals.topic_passages import encode_passages, passages_of
from belowline.engine.signals.topic_vectors import BANK, Bank
from belowline.engine.submission import Story
from belowline.engine.text.words import terms
from belowline.lab.base_weights import HEADS, base_folder, read_base
from belowline.lab.export_encoder import build_states_graph
from belowline.lab.topic_pairs import (
    FOLDS,
    OwnStory,
    Pair,
    chatter_pairs,
    debate_pairs,
    own_pairs,
    own_reply_pairs,
    read_debates,
    read_own,
    reply_pairs,
    type_of_row,
    without_half,
    without_half_of_own,
)

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
SEED = 7
INVERSE_PENALTY = 0.3
BANKED = "civil_spans"
"""Comments under the news, on anything: what a comment's likeness to its story is compared with."""
BANK_SIZE = 300
"""Comments in each half of the bank."""
BANKED_WORDS = (12, 80)
PLACES = 192
"""Places of tokens that the encoder keeps: a window is shorter."""
REPLIES = 4_000
ANSWERS, STAYS = 0.0, 2.0
"""Log odds before reading that a reply answers its parent, and that a thread began with the article (nine in ten do).
Chosen on the first half of tests/gold/topic."""
LENGTHS = ((0, 8), (9, 20), (21, 60), (61, 999))
ORDINARY = 1_500
"""Comments that stand for no special kind, against which the heads for kinds learn."""
KIND_PENALTY = 8.0
ALARMS = 0.005
"""The share of comments under our own stories that a head for a kind names wrongly, or not: it sets its constant."""


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


def export(base: Path) -> dict[str, bytes]:
    """Return the encoder's files: the graph in eight bits, and the tokenizer as it came.

    Raises:
        OSError: a file is missing. KeyError, ValueError: it holds another kind of model.
    """
    weights = dict(read_base(base))
    weights["places.weight"] = weights["places.weight"][:PLACES]
    return {
        GRAPH: build_states_graph(weights, heads=HEADS),
        TOKENIZER: (base / "tokenizer.json").read_bytes(),
    }


def make_bank(
    texts: Sequence[str], stories: Sequence[OwnStory], encoder: SentenceEncoder
) -> dict[str, NDArray[np.int8] | NDArray[np.int32]]:
    """Return the vectors of some comments on anything, in two halves, and of our own stories, in whole numbers."""
    fewest, most = BANKED_WORDS
    fitting = [text for text in texts if fewest <= len(text.split()) <= most]
    chosen = random.Random(SEED).sample(fitting, min(len(fitting), 2 * BANK_SIZE))  # noqa: S311 - sampling
    for_comments, for_stories = np.array_split(to_bytes(encoder.read_passages(chosen)), 2)
    given = (Story(title=one.title, standfirst=one.standfirst, body=one.body) for one in stories)
    passages = [encode_passages(passages_of(one, encoder.cut), encoder) for one in given]
    return {
        "for_comments": for_comments,
        "for_stories": for_stories,
        "passages": to_bytes(np.vstack(passages)),
        "firsts": np.cumsum([0, *map(len, passages[:-1])], dtype=np.int32),
    }


def matrix(pairs: Sequence[Pair], subject: Subject) -> NDArray[np.float64]:
    """Return the features of each pair, shape (pairs, FEATURES)."""
    rows = [
        subject.compare(pair.text, pair.sense, pair.known, subject.bank.without(*pair.banked) if pair.banked else None)
        for pair in pairs
    ]
    return np.array(rows, dtype=np.float64)


def fit(values: NDArray[np.float64], apart: NDArray[np.bool_]) -> TopicModel:
    """Fit the logistic model on scaled features, and write the scale into the weights."""
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=INVERSE_PENALTY, max_iter=3_000).fit(scaler.transform(values), apart)
    weights = model.coef_[0] / scaler.scale_
    bias = float(model.intercept_[0] - (weights * scaler.mean_).sum())
    return TopicModel(FEATURES, tuple(round(float(one), 6) for one in weights), round(bias, 6))


class Fitted(NamedTuple):
    """Pairs with their features and what a model that never saw their story says of them."""

    pairs: Sequence[Pair]
    values: NDArray[np.float64]
    scores: NDArray[np.float64]
    model: TopicModel
    """Fitted on all of them."""


def cross_fit(pairs: Sequence[Pair], values: NDArray[np.float64]) -> Fitted:
    """Fit on all pairs, whose features are `values`, and on all but each fold to score that."""
    apart, folds = _apart(pairs), np.array([pair.fold for pair in pairs])
    scores = np.zeros(len(pairs))
    for fold in range(FOLDS):
        model = fit(values[folds != fold], apart[folds != fold])
        for place in np.flatnonzero(folds == fold):
            scores[place] = model.probability(values[place].tolist())
    return Fitted(pairs, values, scores, fit(values, apart))


def _apart(pairs: Sequence[Pair]) -> NDArray[np.bool_]:
    return np.array([pair.is_apart for pair in pairs])


def report(name: str, scores: NDArray[np.float64], apart: NDArray[np.bool_]) -> None:
    """Print AUROC, and the share caught where 1 % and 5 % are wrongly held; nothing where one kind is missing."""
    if apart.all() or not apart.any():
        return
    own = np.sort(scores[~apart])[::-1]
    caught = [(scores[apart] > own[int(share * len(own))]).mean() for share in (0.01, 0.05)]
    print(
        f"{name:36} n {len(own):5}  AUROC {roc_auc_score(apart, scores):.4f}"
        f"  caught at 1 % wrongly held {caught[0]:.3f}, at 5 % {caught[1]:.3f}"
    )


def report_fitted(fitted: Fitted) -> None:
    """Print the cross-validated figures by kind of pair and by length."""
    apart = _apart(fitted.pairs)
    names = np.array([pair.name for pair in fitted.pairs])
    lengths = np.array([len(set(terms(pair.text))) for pair in fitted.pairs])
    for name in dict.fromkeys(names.tolist()):
        report(name, fitted.scores[names == name], apart[names == name])
    for least, most in LENGTHS:
        among = (lengths >= least) & (lengths <= most)
        report(f"- of {least} to {most} different words", fitted.scores[among], apart[among])


def leak_test(pairs: Sequence[Pair]) -> float:
    """Return the cross-validated AUROC of a model that sees only the comment: its vector and its length; wanted is .5.

    Raises nothing; folds are by story.
    """
    lengths = np.array([[len(pair.text), len(pair.sense.parts)] for pair in pairs], dtype=float)
    values = np.hstack((np.array([pair.sense.whole for pair in pairs]), np.log1p(lengths)))
    apart, folds = _apart(pairs), np.array([pair.fold for pair in pairs])
    scores = np.zeros(len(pairs))
    for fold in range(FOLDS):
        model = LogisticRegression(max_iter=1_000).fit(values[folds != fold], apart[folds != fold])
        scores[folds == fold] = model.predict_proba(values[folds == fold])[:, 1]
    return float(roc_auc_score(apart, scores))


def read_kinds() -> dict[str, list[str]]:
    """Return our own sentences of each kind."""
    text = resources.files("belowline").joinpath("lab", "topic_material", "kinds.toml").read_text(encoding="utf-8")
    kinds: dict[str, list[str]] = tomllib.loads(text)
    return kinds


def fit_kinds(ordinary: type_of_floats, others: type_of_floats, encoder: SentenceEncoder) -> dict[str, type_of_floats]:
    """Fit a head for each kind on our own sentences; `ordinary` are vectors of comments of no special kind.

    `others` are vectors of further ones, on which the constants are set: at one half, ALARMS of them are named.
    """
    kinds = {name: encoder.read_passages(lines) for name, lines in read_kinds().items()}
    own = np.vstack(list(kinds.values()))
    names = np.array([name for name, rows in kinds.items() for _ in rows])
    values = np.vstack((own, ordinary))
    weights, biases = [], []
    for kind in LEARNED:
        target = np.concatenate((names == kind, np.zeros(len(ordinary), dtype=bool)))
        # Some ordinary comments are of the kind after all: they count little.
        counts = np.concatenate((np.where(names == kind, 1.0, 0.5), np.full(len(ordinary), 40 / len(ordinary))))
        model = LogisticRegression(C=KIND_PENALTY, max_iter=2_000).fit(values, target, sample_weight=counts)
        weights.append(model.coef_[0])
        biases.append(-float(np.quantile(others @ model.coef_[0], 1 - ALARMS)))
    return {"weights": np.array(weights, dtype=np.float32), "biases": np.array(biases, dtype=np.float32)}


def write(contents: Mapping[str, bytes], folder: Path) -> None:
    """Write the bundle out of its files; the same input gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, data in sorted(contents.items()):
        (folder / name).write_bytes(data)
        digests[name] = hashlib.sha256(data).hexdigest()
    manifest = Manifest(format=FORMAT, name="topic", version=VERSION, labels=TopicSignal.scores, files=digests)
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)) + b"\n")


class Sources(NamedTuple):
    """What is learned from."""

    rows: Sequence[type_of_row]
    abuse: Mapping[str, Sequence[type_of_row]]
    own: Sequence[OwnStory]


def read_sources(data: Path) -> Sources:
    """Read everything; raises OSError when a file is missing."""
    abuse = {name: read_rows(data / f"train/abuse/{name}.jsonl.gz") for name in COUNTED}
    return Sources(read_rows(data / "train/topic/room_for_debate.jsonl.gz"), abuse, read_own())


def make_pairs(sources: Sources, subject: Subject, half: int | None) -> tuple[list[Pair], list[Pair]]:
    """Return the pairs with stories, and the pairs with parents, of one half of the stories; None: of all."""
    chosen = {one.key for one in without_half_of_own(sources.own, None if half is None else 1 - half)}
    debates = read_debates(without_half(sources.rows, None if half is None else 1 - half), subject)
    stories = [
        *debate_pairs(debates, subject, SEED),
        *chatter_pairs(debates, subject, SEED),
        *own_pairs(sources.own, subject, SEED, chosen),
    ]
    share = REPLIES if half is None else REPLIES // 2
    replies = reply_pairs(sources.abuse["wikiconv_cat"], subject, share, SEED + (half or 0))
    return stories, [*replies, *own_reply_pairs(sources.own, subject, SEED, chosen)]


def fit_models(sources: Sources, rarity: Rarity, folders: Sequence[Path]) -> TopicModels:
    """Fit both models.

    `folders` hold one encoder that has seen no story, or two that have each seen the half that the other one has not.
    """
    tables: dict[str, list[tuple[Sequence[Pair], NDArray[np.float64]]]] = {"story": [], "parent": []}
    for half, folder in enumerate(folders):
        encoder = SentenceEncoder(*export(folder).values())
        subject = Subject(encoder, rarity, Bank.of(make_bank(_banked(sources), sources.own, encoder)))
        made = make_pairs(sources, subject, half if len(folders) > 1 else None)
        for name, pairs in zip(tables, made, strict=True):
            tables[name].append((pairs, matrix(pairs, subject)))
        print(f"read by {folder.name}", flush=True)
    fitted = {name: cross_fit(*_joined(found)) for name, found in tables.items()}
    print("cross-validated by story")
    for one in fitted.values():
        report_fitted(one)
    print(f"by the comment alone: AUROC {leak_test(fitted['story'].pairs):.3f}")
    return TopicModels(story=fitted["story"].model, parent=fitted["parent"].model, answers=ANSWERS, stays=STAYS)


def _joined(
    found: Sequence[tuple[Sequence[Pair], NDArray[np.float64]]],
) -> tuple[list[Pair], NDArray[np.float64]]:
    return [pair for pairs, _ in found for pair in pairs], np.vstack([values for _, values in found])


def _banked(sources: Sources) -> list[str]:
    return [row["text"] for row in sources.abuse[BANKED]]


def train(data: Path, base: Path, halves: Sequence[Path], out: Path) -> None:
    """Export, count, pair, cross-validate, fit on everything, write."""
    sources = read_sources(data)
    texts = (row["text"] for rows in sources.abuse.values() for row in rows)
    rarity = count_terms(chain(texts, (row["comment"] for row in sources.rows)))
    models = fit_models(sources, rarity, halves or [base])
    contents = export(base)
    encoder = SentenceEncoder(contents[GRAPH], contents[TOKENIZER])
    chosen = random.Random(SEED).sample([row["comment"] for row in sources.rows], ORDINARY)  # noqa: S311 - sampling
    others = [comment.text for one in sources.own for comment in one.comments]
    write(
        contents
        | {
            "model.json": msgspec.json.format(msgspec.json.encode(models)),
            "idf.json": msgspec.json.encode(rarity),
            BANK: write_tensors(make_bank(_banked(sources), sources.own, encoder)),
            KIND_HEADS: write_tensors(fit_kinds(encoder.read_passages(chosen), encoder.read_passages(others), encoder)),
        },
        out,
    )
    print(f"{len(rarity.counts)} terms of {rarity.documents} texts; written to {out.name}")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the folder with train/")
    parser.add_argument("--base", required=True, help="the encoder that ships: all-MiniLM-L6-v2, or TAUGHT/all")
    parser.add_argument("--halves", type=Path, nargs=2, default=[], help="TAUGHT/without-0 TAUGHT/without-1")
    parser.add_argument("--out", type=Path, default=OUT, help="where the bundle is written")
    options = parser.parse_args()
    train(options.data, base_folder(options.base), options.halves, options.out)


if __name__ == "__main__":
    main()
