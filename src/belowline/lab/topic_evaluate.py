"""Evaluating the on-topic judgement: draws pairs, scores them, and says how well they are told apart."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from belowline import __version__
from belowline.engine.policy import load_policy
from belowline.engine.signals.topic import OFF_TOPIC, TopicSignal
from belowline.engine.submission import Story
from belowline.lab.clusters import Resampling, caught_at, cluster_estimate, cluster_estimates, cluster_share
from belowline.lab.distinct import Watch
from belowline.lab.metrics import (
    Estimate,
    Measure,
    Numbers,
    Truth,
    auroc,
    average_precision,
    expected_calibration_error,
    reliability,
)
from belowline.lab.topic_levels import Ask, Level, Pairing, StoryIndex, draw_levels
from belowline.lab.topic_report import Baseline, FileResult, LevelResult, RiskPoint, SameEvent, Slice, Step, TopicReport
from belowline.lab.topic_rows import FIRST_LEVEL, Corpus, Posted, read_corpus
from belowline.lab.topic_scores import Scored

MEASURES: dict[str, Measure] = {
    "auroc": auroc,
    "average_precision": average_precision,
    "caught_at_1": caught_at(0.01),
    "caught_at_5": caught_at(0.05),
}
LENGTHS = ((0, 7, "fewer than 8 words"), (8, 20, "8 to 20"), (21, 60, "21 to 60"), (61, 10**9, "more than 60"))
DEEP = 4
FEWEST_IN_SLICE = 10
SAME_EVENT = "N4"
RISING = ("N0", "N1", "N2", "N3")
FOLDS = 5
SURE = (*(round(0.5 + step * 0.025, 3) for step in range(20)), 0.99, 0.995)
BINS = 10


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """What whoever runs an evaluation may choose."""

    sample: int | None = None
    seed: int = 0
    resamples: int = 200


class Pairs(NamedTuple):
    """The pairs of a level that have scores: first each comment with what it belongs to, then with what it does not."""

    truth: Truth
    """What does not belong."""
    scores: Numbers
    asks: Sequence[Ask]
    comments: NDArray[np.intp]
    """The place of each pair's comment in the file."""
    clusters: NDArray[np.intp]
    """Its own story."""


def evaluate(signal: TopicSignal, paths: Sequence[Path], choices: Choices, watch: Watch = iter) -> TopicReport:
    """Read all files, score what has to be scored, and return what they show.

    Raises:
        FileError: a file cannot be used.
    """
    corpora = [read_corpus(path, choices.sample, choices.seed) for path in paths]
    return TopicReport(
        belowline=__version__,
        model=signal.version,
        threshold=threshold(),
        sample=choices.sample,
        seed=choices.seed,
        resamples=choices.resamples,
        files=[evaluate_corpus(signal, corpus, choices, watch) for corpus in corpora],
    )


def threshold() -> float:
    """Return from which score on the shipped policy holds a comment as off-topic, in [0, 1]."""
    return next(rule.hold for rule in load_policy().rules.values() if rule.score == OFF_TOPIC)


def evaluate_corpus(signal: TopicSignal, corpus: Corpus, choices: Choices, watch: Watch = iter) -> FileResult:
    """Return what one file shows; raises nothing."""
    whole = [one.story for one in corpus.stories]
    cut = _ablations(whole)
    scored = Scored(signal, [*whole, *(story for stories in cut.values() for story in stories)])
    index = StoryIndex(corpus, scored.story_vectors()[: len(whole)])
    levels = draw_levels(corpus, index, choices.seed)
    first = levels.drawn[0] if levels.drawn else None
    steps = _steps(first, levels.drawn, list(cut), len(whole))
    asked = (level.pairings for level in (*levels.drawn, *steps))
    scored.read((ask for pairings in asked for pair in pairings for ask in (pair.own, pair.other)), watch)
    judge = _Judge(corpus, scored, index, choices)
    results = [judge.level(level) for level in levels.drawn if level.name != SAME_EVENT]
    means = {one.level: one.mean_other for one in results if one.level in RISING}
    if results:
        means["matched"] = results[0].mean_own
    pairs = judge.pairs(first) if first else None
    leak = judge.leak(pairs) if pairs else None
    return FileResult(
        file=corpus.file,
        rows_in_file=corpus.rows_in_file,
        comments=len(corpus.comments),
        stories=len(corpus.stories),
        levels=results,
        same_event=next((judge.same_event(level) for level in levels.drawn if level.name == SAME_EVENT), None),
        missing=levels.missing,
        unchecked=scored.unchecked,
        means=means,
        in_order=[*means.values()] == sorted(means.values(), reverse=True),
        leak=leak,
        ablation=[*_alone(leak, pairs), *(judge.step(level) for level in steps)],
        risk=risk_curve(pairs.truth, pairs.scores) if pairs else [],
        bins=reliability(pairs.truth.astype(np.float64), pairs.scores, BINS) if pairs else [],
    )


class _Judge:
    """Turns levels into figures."""

    def __init__(self, corpus: Corpus, scored: Scored, index: StoryIndex, choices: Choices) -> None:
        self.corpus, self.scored = corpus, scored
        self.holds = threshold()
        self.draws = Resampling(choices.resamples, choices.seed)
        self._shared = _SharedWords(index)

    def pairs(self, level: Level) -> Pairs:
        """Return the pairs of a level of which both halves have a score."""
        found = [
            pair for pair in level.pairings if not np.isnan(self.scored.value(pair.own) + self.scored.value(pair.other))
        ]
        asks = [*(pair.own for pair in found), *(pair.other for pair in found)]
        comments = np.array([pair.comment for pair in found] * 2, dtype=np.intp)
        return Pairs(
            truth=np.arange(len(asks)) >= len(found),
            scores=np.array([self.scored.value(ask) for ask in asks]),
            asks=asks,
            comments=comments,
            clusters=np.array([self.corpus.comments[place].story for place in comments], dtype=np.intp),
        )

    def level(self, level: Level) -> LevelResult:
        pairs = self.pairs(level)
        found = cluster_estimates(MEASURES, pairs.truth, pairs.scores, pairs.clusters, self.draws)
        own, other = (pairs.scores[pairs.truth == side] for side in (False, True))
        half = pairs.clusters[: len(own)]
        return LevelResult(
            level=level.name,
            what=level.what,
            comments=len(own),
            stories=len(np.unique(half)),
            **found,
            held=cluster_share(own >= self.holds, half, self.draws),
            caught=cluster_share(other >= self.holds, half, self.draws),
            mean_own=float(own.mean()),
            mean_other=float(other.mean()),
            ece=expected_calibration_error(pairs.truth.astype(np.float64), pairs.scores, BINS),
            brier=float(((pairs.scores - pairs.truth) ** 2).mean()),
            baselines={
                "TF-IDF": self._baseline(pairs, -self._shared.cosines(pairs.asks)),
                "nearest passage": self._baseline(pairs, -np.array([self.scored.nearest(ask) for ask in pairs.asks])),
            },
            by_length=self._slices(pairs, [_length(ask.text) for ask in pairs.asks[: len(own)]]),
            by_depth=self._slices(pairs, [_depth(self._comment(pairs, at).depth) for at in range(len(own))]),
            by_section=self._slices(pairs, [self._section(pairs, at) for at in range(len(own))], fewest=2),
        )

    def same_event(self, level: Level) -> SameEvent:
        pairs = self.pairs(level)
        half = pairs.clusters[: len(pairs.clusters) // 2]
        own, other = (pairs.scores[pairs.truth == side] >= self.holds for side in (False, True))
        shares = [cluster_share(side, half, self.draws) for side in (other, own)]
        return SameEvent(what=level.what, comments=len(half), held=shares[0], own=shares[1])

    def step(self, level: Level) -> Step:
        pairs = self.pairs(level)
        found = cluster_estimate(auroc, pairs.truth, pairs.scores, pairs.clusters, self.draws)
        return Step(known=level.name, comments=len(pairs.truth) // 2, auroc=found)

    def leak(self, pairs: Pairs) -> Estimate | None:
        """Return the AUROC of a model of the comment's vector and length, cross-validated by story."""
        values = np.array([[*self.scored.vector(ask.text), np.log1p(len(ask.text))] for ask in pairs.asks])
        folds = np.unique(pairs.clusters, return_inverse=True)[1] % FOLDS
        scores = np.zeros(len(values))
        if len(np.unique(folds)) < FOLDS:
            return None
        for fold in range(FOLDS):
            model = LogisticRegression(max_iter=1_000).fit(values[folds != fold], pairs.truth[folds != fold])
            scores[folds == fold] = model.decision_function(values[folds == fold])
        return cluster_estimate(auroc, pairs.truth, scores.round(9), pairs.clusters, self.draws)

    def _baseline(self, pairs: Pairs, scores: Numbers) -> Baseline:
        measures = {name: MEASURES[name] for name in ("auroc", "caught_at_1")}
        return Baseline(**cluster_estimates(measures, pairs.truth, scores, pairs.clusters, self.draws))

    def _slices(self, pairs: Pairs, names: Sequence[str], fewest: int = 1) -> list[Slice]:
        """Return the slices that have enough comments; none where there are fewer than `fewest` names."""
        found = []
        labels = np.array([*names, *names])
        kinds = [name for name in dict.fromkeys(sorted(names, key=_order)) if name]
        for name in kinds if len(kinds) >= fewest else ():
            here = labels == name
            if here.sum() < 2 * FEWEST_IN_SLICE:
                continue
            held = here & ~pairs.truth
            found.append(
                Slice(
                    name=name,
                    comments=int(held.sum()),
                    auroc=cluster_estimate(
                        auroc, pairs.truth[here], pairs.scores[here], pairs.clusters[here], self.draws
                    ),
                    held=cluster_share(pairs.scores[held] >= self.holds, pairs.clusters[held], self.draws),
                )
            )
        return found

    def _comment(self, pairs: Pairs, at: int) -> Posted:
        return self.corpus.comments[int(pairs.comments[at])]

    def _section(self, pairs: Pairs, at: int) -> str:
        return self.corpus.stories[self._comment(pairs, at).story].story.section


class _SharedWords:
    """TF-IDF cosines of texts and stories, parents apart."""

    def __init__(self, index: StoryIndex) -> None:
        self._index = index

    def cosines(self, asks: Sequence[Ask]) -> Numbers:
        """Return the cosine of each text with its story, in [0, 1]."""
        texts = self._index.words.transform([ask.text for ask in asks])
        stories = self._index.counts[[ask.story for ask in asks]]
        found: Numbers = np.asarray(texts.multiply(stories).sum(axis=1))[:, 0]
        return found


def risk_curve(truth: Truth, scores: Numbers) -> list[RiskPoint]:
    """Return what comes of ever more doubt: the machine decides less, and is wrong less often; raises nothing."""
    points = []
    for sure in SURE:
        accepted, held = 1 - scores >= sure, scores >= sure
        decided = accepted | held
        wrong = (accepted & truth) | (held & ~accepted & ~truth)
        points.append(
            RiskPoint(
                sure=sure,
                accepted=float(accepted.mean()),
                human=float((~decided).mean()),
                held=float((held & ~accepted).mean()),
                risk=float(wrong.sum() / max(int(decided.sum()), 1)),
            )
        )
    return points


def _alone(leak: Estimate | None, pairs: Pairs | None) -> list[Step]:
    return [Step(known="comment alone", comments=len(pairs.truth) // 2, auroc=leak)] if leak and pairs else []


def _ablations(stories: Sequence[Story]) -> dict[str, list[Story]]:
    """Return what is known -> the stories with no more than that, each step with more."""
    steps = {"title": [Story(title=one.title) for one in stories]}
    if any(one.standfirst for one in stories):
        steps["+ abstract"] = [Story(title=one.title, standfirst=one.standfirst) for one in stories]
    if any(one.body for one in stories):
        steps["+ body"] = [Story(title=one.title, standfirst=one.standfirst, body=one.body) for one in stories]
    return steps


def _steps(
    first: Level | None, levels: Iterable[Level], known: Sequence[str], stories: int
) -> Iterator[Level] | list[Level]:
    """Return the pairs of N0 again with cut stories, and last with the comments above."""
    if first is None:
        return []

    def moved(ask: Ask, turn: int) -> Ask:
        return ask._replace(story=ask.story + (turn + 1) * stories)

    found = [
        Level(
            name, "", [Pairing(pair.comment, moved(pair.own, turn), moved(pair.other, turn)) for pair in first.pairings]
        )
        for turn, name in enumerate(known)
    ]
    threads = next((level for level in levels if level.name == "R0"), None)
    if threads is not None:
        with_parent = {pair.comment: pair for pair in threads.pairings}
        merged = [with_parent.get(pair.comment, pair) for pair in first.pairings]
        found.append(Level("+ parent", "", merged))
    return found


def _length(text: str) -> str:
    words = len(text.split())
    return next(name for least, most, name in LENGTHS if least <= words <= most)


def _depth(depth: int | None) -> str:
    if depth is None:
        return "answer of unknown depth"
    if depth == FIRST_LEVEL:
        return "first level"
    return f"depth {depth}" if depth < DEEP else f"depth {DEEP} or more"


def _order(name: str) -> tuple[int, str]:
    fixed = [*(name for _, _, name in LENGTHS), "first level"]
    return (fixed.index(name), name) if name in fixed else (len(fixed), name)
