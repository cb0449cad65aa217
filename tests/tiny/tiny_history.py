"""Made-up decisions of moderators, drawn from a world whose true rates are known."""

from typing import NamedTuple

import numpy as np

from belowline.engine.cutoffs import NEVER, Cutoffs, Table

CROWD = 200_000
"""So many comments stand for all that will ever come."""


class World(NamedTuple):
    """`rules` scores for each comment; the chance that a moderator refuses it rises with each of them."""

    rules: int
    flat: float | None = None
    """Where given, every comment is refused with this chance, whatever its scores."""

    def draw(self, random, count):
        """Return scores with four digits, and the chance that each comment is refused."""
        scores = np.round(random.beta(0.5, 6, (self.rules, count)), 4).T
        if self.flat is not None:
            return scores, np.full(count, self.flat)
        return scores, 1 - np.prod(1 - 1 / (1 + np.exp(-18 * (scores - 0.45))), axis=1)

    def history(self, random, count):
        """Return `count` decisions."""
        scores, risk = self.draw(random, count)
        return self.table(scores, random.random(count) >= risk)

    def table(self, scores, is_good):
        return Table(tuple(f"rule_{number}" for number in range(self.rules)), scores, scores, is_good)

    def given(self):
        """The cut-offs that the policy had."""
        return Cutoffs(np.full(self.rules, 0.5), np.full(self.rules, NEVER))


class Truth:
    """What cut-offs really do in a world."""

    def __init__(self, world, seed=1948):
        self.scores, self.risk = world.draw(np.random.default_rng(seed), CROWD)
        self.table = world.table(self.scores, np.ones(CROWD, dtype=bool))

    def bad_published(self, hold):
        """The true share of bad ones among the published, and the share that is published."""
        published = self.table.published(hold)
        return (self.risk[published].mean() if published.any() else 0.0), published.mean()

    def good_refused(self, reject):
        """The true share of good comments that is rejected."""
        good = 1 - self.risk
        return good[self.table.rejected(reject)].sum() / good.sum()

    def is_broken(self, found, promise):
        """Whether cut-offs break a promise."""
        bad, _ = self.bad_published(found.hold)
        return bad > promise.bad_published or self.good_refused(found.reject) > promise.good_refused
