"""A made-up newsroom with a calibrated policy, whose moderators' labels may drift."""

import numpy as np

from belowline.engine.cutoffs import Past
from belowline.engine.policy import Policy, Rule
from belowline.engine.widening import widen

LIMIT, CONFIDENCE = 0.01, 0.95
WEEK = 70
"""Audits of published comments in a week: 2 % of 4,000 comments, of which the machine publishes seven in eight."""
RULES = 3
CROWD = 40_000
STEEP = 18
MIDDLE = 0.45
"""From about this score on, moderators refuse."""


class Newsroom:
    """Three scores for each comment; the chance that a moderator refuses it rises with each of them."""

    def __init__(self, target=0.5 * LIMIT, seed=1948):
        self.scores = np.round(np.random.default_rng(seed).beta(0.5, 6, (CROWD, RULES)), 4)
        holds = np.arange(0.05, 1.0, 0.005)
        rates = np.array([self.rate(np.full(RULES, hold)) for hold in holds])
        self.hold = np.full(RULES, holds[np.flatnonzero(rates <= target)[-1]])
        """The laxest cut-offs, the same for each rule, under which at most the target is refused."""
        words = {"title": "A rule", "for_readers": "No.", "for_moderators": "Weigh.", "explanation": "Because."}
        self.policy = Policy(
            name="Newsroom",
            sentence="Be kind.",
            rules={code(at): Rule(score=code(at), hold=float(self.hold[at]), **words) for at in range(RULES)},
        )

    def risk(self, scores, shift=0.0, more=0.0):
        """The chance of a refusal; with a shift, from lower scores on; with more, whatever the scores are."""
        kept = np.prod(1 - 1 / (1 + np.exp(-STEEP * (scores - MIDDLE + shift))), axis=1)
        return 1 - kept * (1 - more)

    def passed(self, hold):
        """Which of the crowd the machine publishes."""
        return (self.scores < hold).all(axis=1)

    def published(self, hold):
        """The share that the machine publishes."""
        return self.passed(hold).mean()

    def rate(self, hold, **drift):
        """The true share of errors among the published; 0 where nothing is."""
        passed = self.passed(hold)
        return float(self.risk(self.scores[passed], **drift).mean()) if passed.any() else 0.0

    def audits(self, random, count, **drift):
        """Answered audits of published comments; the moderator names the rule of the highest score."""
        published = np.flatnonzero(self.passed(self.hold))
        scores = self.scores[random.choice(published, count)]
        refused = random.random(count) < self.risk(scores, **drift)
        return [
            Past(
                scores={code(at): float(value) for at, value in enumerate(row)},
                is_good=not bad,
                rule=code(int(row.argmax())) if bad else "",
            )
            for row, bad in zip(scores, refused, strict=True)
        ]

    def widened(self, audits, since):
        """The holds after widening by audits, in order; the change is at number `since`, from 1."""
        return widen(self.policy, audits, since, LIMIT).cutoffs.hold


def code(at):
    return f"rule_{at}"
