"""Our own suites of comments, and what the abuse model makes of them: tests/gold/abuse says what each is for."""

import importlib.util
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import numpy as np
from scipy.stats import spearmanr

from belowline.lab.distinct import Scores, column
from belowline.lab.metrics import auroc
from belowline.lab.quality_table import Line

MAJORITY = 0.5
HELD_BY = ("toxicity", "identity_attack", "threat", "insult")
"""The labels of which one alone would hold a comment."""
PLAINLY, HARDLY = 0.7, 0.2
"""A comment of a thread is plainly given a label from the one on, and hardly up to the other; between is doubtful."""


class Twin(msgspec.Struct):
    """A harmless sentence and an abusive one that share most words."""

    id: str
    kind: str
    harmless: str
    abusive: str
    label: str


class Sentence(msgspec.Struct):
    """A sentence of ours with its label, "none" for a harmless one."""

    id: str
    text: str
    label: str
    kind: str = ""
    words: list[str] = []


class Rated(msgspec.Struct):
    """A comment of ours with the share of readers who, by its writer's reckoning, would give each label."""

    id: str
    story: str
    text: str
    labels: dict[str, float]
    """In [0, 1]; absent is 0."""


class Suites(NamedTuple):
    """All suites but the functional one, which the audit reads."""

    twins: list[Twin]
    veiled: list[Sentence]
    newsroom: list[Sentence]
    threads: list[Rated]
    plain: list[Sentence]
    disguised: dict[str, list[str]]
    """Disguise: the sentences of `plain` under it."""

    def texts(self) -> Iterator[str]:
        """Yield every text, some of them again."""
        for twin in self.twins:
            yield from (twin.harmless, twin.abusive)
        yield from (sentence.text for sentence in (*self.veiled, *self.newsroom, *self.plain))
        yield from (comment.text for comment in self.threads)
        for texts in self.disguised.values():
            yield from texts


def read_suites(folder: Path) -> Suites:
    """Read the suites in a folder.

    Raises:
        OSError: a file is missing. msgspec.ValidationError: one is of another form.
    """
    plain = read_lines(folder / "plain.jsonl", Sentence)
    return Suites(
        twins=read_lines(folder / "twins.jsonl", Twin),
        veiled=read_lines(folder / "veiled.jsonl", Sentence),
        newsroom=read_lines(folder / "newsroom.jsonl", Sentence),
        threads=read_lines(folder / "threads.jsonl", Rated),
        plain=plain,
        disguised=_disguised(folder / "obfuscation.py", plain),
    )


def read_lines(path: Path, kind: type[Any]) -> list[Any]:
    """Return what a file of JSON lines holds; raises OSError, and msgspec.ValidationError where a line differs."""
    return [msgspec.json.decode(line, type=kind) for line in path.read_bytes().splitlines() if line.strip()]


def _disguised(module: Path, plain: Sequence[Sentence]) -> dict[str, list[str]]:
    specification = importlib.util.spec_from_file_location("obfuscation", module)
    if specification is None or specification.loader is None:
        raise OSError(f"{module} cannot be loaded")
    loaded = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(loaded)
    disguises: Callable[..., dict[str, str]] = loaded.disguises
    found: dict[str, list[str]] = {}
    for number, sentence in enumerate(plain):
        for name, text in disguises(sentence.text, sentence.words, number).items():
            found.setdefault(name, []).append(text)
    return found


def own_lines(suites: Suites, scores: Scores) -> Iterator[Line]:
    """Yield what our own pairs, veiled threats and disguises show."""
    kinds = sorted({twin.kind for twin in suites.twins})
    for kind in ("all", *kinds):
        twins = [twin for twin in suites.twins if kind in {"all", twin.kind}]
        apart = [scores[twin.abusive][twin.label] > scores[twin.harmless][twin.label] for twin in twins]
        harmless = column(scores, (twin.harmless for twin in twins), *HELD_BY)
        abusive = column(scores, (twin.abusive for twin in twins), *HELD_BY)
        figure = (
            f"{np.mean(apart):.0%} in order; at .5: {np.mean(harmless >= MAJORITY):.0%} of the harmless, "
            f"{np.mean(abusive >= MAJORITY):.0%} of the abusive"
        )
        yield Line(f"our twins, {kind} ({len(twins)} pairs)", figure)
    yield from newsroom_lines(suites.newsroom, scores)
    yield from thread_lines(suites.threads, scores)
    truth = np.array([sentence.label != "none" for sentence in suites.veiled])
    values = column(scores, (sentence.text for sentence in suites.veiled), "threat", "toxicity")
    yield Line("our veiled threats against their likes: AUC", f"{auroc(truth, values):.3f}")
    truth = np.array([sentence.label != "none" for sentence in suites.plain])
    loud = ("toxicity", "identity_attack", "threat", "insult", "profanity")
    plain = auroc(truth, column(scores, (sentence.text for sentence in suites.plain), *loud))
    yield Line("our sentences, undisguised: AUC", f"{plain:.3f}")
    for name, texts in suites.disguised.items():
        lost = plain - auroc(truth, column(scores, texts, *loud))
        yield Line(f"our sentences, {name}: points of AUC lost", f"{100 * lost:.1f}", "2")


def newsroom_lines(sentences: Sequence[Sentence], scores: Scores) -> Iterator[Line]:
    """Yield how ordinary talk below news stories fares, beside the abuse that readers write there."""
    for kind in ("all", *dict.fromkeys(sentence.kind for sentence in sentences)):
        here = [sentence for sentence in sentences if kind in {"all", sentence.kind}]
        truth = np.array([sentence.label != "none" for sentence in here])
        values = column(scores, (sentence.text for sentence in here), *HELD_BY)
        figure = (
            f"AUC {auroc(truth, values):.3f}; at .5: {np.mean(values[~truth] >= MAJORITY):.0%} of the harmless, "
            f"{np.mean(values[truth] >= MAJORITY):.0%} of the abusive"
        )
        yield Line(f"our newsroom talk, {kind} ({(~truth).sum()} harmless, {truth.sum()} abusive)", figure)


def thread_lines(comments: Sequence[Rated], scores: Scores) -> Iterator[Line]:
    """Yield how whole threads fare: what is plainly given a label beside what is not, and the order of all ratings."""
    for label in HELD_BY:
        ratings = np.array([comment.labels.get(label, 0.0) for comment in comments])
        values = column(scores, (comment.text for comment in comments), label)
        plain, none = ratings >= PLAINLY, ratings <= HARDLY
        area = auroc(plain[plain | none], values[plain | none])
        figure = f"AUC {area:.3f}; rank correlation with the ratings {spearmanr(ratings, values).statistic:.2f}"
        yield Line(f"our threads, {label} ({none.sum()} hardly, {plain.sum()} plainly)", figure)
