"""Scores for a rehearsal: each comment is measured as either policy's settings have it, and nothing is measured twice.

Most scores do not depend on the settings. Those that do are measured again where the settings differ, by the signals
that give them and no others.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from belowline.engine.decision import Score
from belowline.engine.judge import Engine
from belowline.engine.policy import SCORE_NAMES, Policy, Settings
from belowline.engine.standing import Causes, Scores
from belowline.engine.submission import Submission

READERS: Mapping[str, frozenset[str]] = {
    "languages": frozenset(SCORE_NAMES),
    "region": frozenset({"personal_data"}),
    "own_domains": frozenset({"links", "personal_data"}),
    "max_links": frozenset({"links"}),
    "banned_words": frozenset({"banned_word"}),
    "watched_words": frozenset({"watched_word"}),
}
"""A key of the settings -> the scores that may differ with it. The language found in a text may change any score; the
time that a signal may take changes none where it keeps to it."""


def scores_that_differ(one: Settings, other: Settings) -> frozenset[str]:
    """Return the scores that the same text may get anew under other settings."""
    changed = (names for key, names in READERS.items() if getattr(one, key) != getattr(other, key))
    return frozenset[str]().union(*changed)


class Given(NamedTuple):
    """Scores that are there already, and the settings under which they were measured."""

    scores: Scores
    settings: Settings
    causes: Causes = {}
    """Why scores are unchecked, where that was kept."""
    stale: frozenset[str] = frozenset()
    """Scores that something else would give now, whatever the settings: another head has been learned since."""


class Measured(NamedTuple):
    """A comment's scores for each of the two policies."""

    before: Scores
    after: Scores
    is_stale: bool = False
    """Whether a score should have been measured again, but there is no text."""
    causes: tuple[Causes, Causes] = ({}, {})
    """Why scores are unchecked, for each of the two."""


class Scorer:
    """Measures comments for two policies; loads the models when they are first needed."""

    def __init__(self, before: Policy, after: Policy, load: Callable[[], Engine]) -> None:
        self.policies = before, after
        self._load = load
        self._engines: list[Engine] = []
        self._wanted = frozenset(rule.score for policy in self.policies for rule in policy.rules.values())
        self._is_alike = before.settings == after.settings
        self._missing: dict[int, tuple[Settings, tuple[frozenset[str], ...]]] = {}
        """By the identity of the settings, which are kept so that it stays theirs: long lists of words hash slowly."""

    def load(self) -> None:
        """Load the models now, and not when a first comment needs them.

        Raises:
            ModelError: a model is missing or damaged.
        """
        if not self._engines:
            engine = self._load()
            self._engines = [engine.with_policy(policy) for policy in self.policies]

    @property
    def engine(self) -> Engine:
        """The engine of the first policy, loaded."""
        self.load()
        return self._engines[0]

    def needs_text(self, given: Given | None) -> bool:
        """Say whether the comment itself is needed, or its given scores are enough for both policies."""
        return given is None or any(self.missing(given.settings)) or bool(given.stale & self._wanted)

    def missing(self, settings: Settings) -> tuple[frozenset[str], ...]:
        """Return for each policy the scores that rules look at and that these settings do not give as its own would."""
        if id(settings) not in self._missing:
            found = (scores_that_differ(settings, policy.settings) & self._wanted for policy in self.policies)
            self._missing[id(settings)] = settings, tuple(found)
        return self._missing[id(settings)][1]

    def measure(self, submission: Submission | None, given: Given | None = None) -> Measured:
        """Return the scores for both policies; those given are used wherever the settings do not change them.

        Raises:
            SubmissionError: there are no scores, and the text cannot be judged.
            ModelError: a model is missing or damaged.
        """
        if given is None:
            if submission is None:
                return Measured({}, {}, is_stale=True)
            given = self._given(submission)
        found: list[Given] = []
        is_stale = False
        for place, missing in enumerate(self.missing(given.settings)):
            names = missing | (given.stale & self._wanted)
            if place and self._is_alike:
                found.append(found[0])
            elif not names:
                found.append(given)
            elif submission is None or not submission.text.strip():
                found.append(given)
                is_stale = True
            else:
                found.append(_renewed(given, self._measured(place, submission, names)))
        before, after = found
        return Measured(before.scores, after.scores, is_stale, (before.causes, after.causes))

    def _given(self, submission: Submission) -> Given:
        return _renewed(Given({}, self.policies[0].settings), self._measured(0, submission, self._wanted))

    def _measured(self, place: int, submission: Submission, names: frozenset[str]) -> dict[str, Score]:
        """Return these scores as one of the two policies' settings have them."""
        self.load()
        return self._engines[place].measure(submission, names)


def _renewed(given: Given, scores: Mapping[str, Score]) -> Given:
    """Return what was given, with some scores measured anew."""
    return Given(
        {**given.scores, **{name: score.value for name, score in scores.items()}},
        given.settings,
        {**given.causes, **{name: score.cause for name, score in scores.items()}},
    )
