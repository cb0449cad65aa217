"""Guarantees: cut-offs of which past decisions prove, with a stated confidence, that they keep two promises.

The method is "learn, then test" (Angelopoulos, Bates, Candès, Jordan and Lei 2021, arXiv 2110.01052): one part of the
history chooses a path through the cut-offs, another part tests along that path, one step after the other, until the
first step that fails (fixed-sequence testing). The tests are exact (Clopper and Pearson 1934).
docs/explanation/guarantees.md explains it, and says what it does not promise.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

import msgspec
import numpy as np

from belowline.engine import cutoffs
from belowline.engine.cutoffs import NEVER, Cutoffs, Marks, Numbers, Past, Table
from belowline.engine.policy import Policy

Status = Literal["calibrated", "too_few", "not_kept"]


class Promise(msgspec.Struct, frozen=True, kw_only=True):
    """What the machine shall keep to."""

    bad_published: float
    """In (0, 1): of the comments that the machine publishes, at most this share would have been refused."""
    good_refused: float
    """In [0, 1): of the comments that moderators would publish, the machine rejects at most this share; 0: none."""
    confidence: float
    """In (0, 1): how probable it is, over the draw of the history, that both are kept."""

    @property
    def delta(self) -> float:
        """The chance of error that each promise may have, in (0, 1): half of the whole where there are two."""
        return (1 - self.confidence) / (2 if self.good_refused else 1)


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Errors among comments, with the share and the exact upper bound of the true share."""

    errors: int
    of: int
    rate: float | None
    """In [0, 1]; None: there is no comment to count."""
    bound: float
    """In [0, 1]; the true share is at most this, with a confidence of `bounds_at`, each bound for itself."""


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a policy does on the test part."""

    published: int
    rejected: int
    coverage: float
    """Share in [0, 1] that the machine settles: published and rejected."""
    bad_published: Rate
    good_refused: Rate


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A part of the history."""

    decisions: int
    first_at: datetime | None
    last_at: datetime | None


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """What the policy that acts afterwards publishes in one section or one language, on the test part."""

    decisions: int
    published: int
    errors: int | None
    """None, as the bound: too few are published here to say."""
    bound: float | None


class RuleFigures(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's numbers in [0, 1], how many comments of the test part they stop, and how often moderators named it."""

    hold_before: float
    hold_after: float
    reject_before: float | None
    reject_after: float | None
    met_before: int
    met_after: int
    named: int
    """Decisions of the whole history for which the moderators gave this rule."""


class Need(msgspec.Struct, frozen=True, kw_only=True):
    """What was missing."""

    published: int
    """So many published comments of the test part must be without an error."""
    more_decisions: int | None
    """Estimate, from the share that is published now; None: no cut-off at all would publish anything."""


class Certificate(msgspec.Struct, frozen=True, kw_only=True):
    """What was promised, on what evidence, and what it changed; kept with the policy."""

    status: Status
    promise: Promise
    bounds_at: float
    """The confidence of each single bound, in (0, 1)."""
    made_at: datetime
    history: int
    path: Part
    """The older decisions, which chose the path."""
    test: Part
    """The newer decisions, which tested."""
    before: Figures
    after: Figures
    rules: dict[str, RuleFigures]
    sections: dict[str, Group]
    languages: dict[str, Group]
    unknown_rules: dict[str, int]
    """Rules that moderators named and the policy does not have."""
    policy_before: str
    policy_after: str
    models: dict[str, int]
    """Version of what scored, with the number of decisions; an empty name: not stated."""
    need: Need | None = None


def binomial_cdf(errors: int, n: int, rate: float) -> float:
    """Return the chance in [0, 1] of at most `errors` (-1 to n) errors among `n` at a true `rate` in (0, 1)."""
    if errors < 0:
        return 0.0
    if errors >= n:
        return 1.0
    logs = _log_chances(errors, n, rate)
    most = float(logs.max())
    return min(1.0, math.exp(most) * float(np.exp(logs - most).sum()))


def _log_chances(errors: int, n: int, rate: float) -> Numbers:
    """Return the logarithms of the chances of 0, 1, ..., `errors` errors; no number here can overflow."""
    count = np.arange(errors + 1, dtype=float)
    ways = np.concatenate(([0.0], np.cumsum(np.log((n - count[1:] + 1) / count[1:]))))
    logs: Numbers = ways + count * math.log(rate) + (n - count) * math.log1p(-rate)
    return logs


def upper_bound(errors: int, n: int, delta: float) -> float:
    """Return the exact upper bound in [0, 1] of a rate, which is wrong with a chance of at most `delta` in (0, 1).

    It is the greatest rate at which so few errors (0 to n) are not yet rarer than `delta` (Clopper and Pearson 1934).
    """
    if errors >= n:
        return 1.0
    low, high = errors / n, 1.0
    while low < (middle := (low + high) / 2) < high:
        if binomial_cdf(errors, n, middle) <= delta:
            high = middle
        else:
            low = middle
    return high


def needed(limit: float, delta: float) -> int:
    """Return how many comments without an error prove a rate of at most `limit` in (0, 1), at `delta` in (0, 1)."""
    about = math.ceil(math.log(delta) / math.log1p(-limit))
    near = (n for n in (about - 1, about) if proves(0, n, limit, delta))  # where a logarithm was a hair too long
    return next(near, about + 1)


def proves(errors: int, n: int, limit: float, delta: float) -> bool:
    """Say whether `errors` among `n` prove a rate of at most `limit`; wrong with a chance of at most `delta`."""
    return n > 0 and binomial_cdf(errors, n, limit) <= delta


def last_proven(tests: Iterable[tuple[int, int]], limit: float, delta: float) -> int | None:
    """Return the number (from 0) of the last test before the first that fails; None: the first one fails.

    A test is its errors and its comments. The order must not depend on the decisions that are counted here.
    """
    last = None
    for number, (errors, n) in enumerate(tests):
        if not proves(errors, n, limit, delta):
            break
        last = number
    return last


def hope(errors: int, n: int, more: float, limit: float, delta: float) -> float:
    """Return the chance in [0, 1] that another part of the history, `more` times as large, proves what this one shows.

    The rate is taken for (errors + 1) / (n + 2), so that little evidence gives little hope.
    """
    size = int(n * more)
    if size < needed(limit, delta):
        return 0.0
    most = int(size * limit)
    chances = np.cumsum(np.exp(_log_chances(most, size, limit)))
    allowed = int(np.searchsorted(chances, delta, side="right")) - 1
    return binomial_cdf(allowed, size, (errors + 1) / (n + 2))


class Split(NamedTuple):
    """The history in three: two that choose, taken in turns from the older half, and the newer half, which tests."""

    path: Table
    start: Table
    test: Table


def split(table: Table) -> Split:
    """Return the parts of a history that is in the order of time."""
    half = len(table.is_good) // 2
    older = table.rows(slice(half))
    return Split(older.rows(slice(0, None, 2)), older.rows(slice(1, None, 2)), table.rows(slice(half, None)))


def choose_holds(parts: Split, given: Numbers, promise: Promise) -> Numbers | None:
    """Return the laxest holds that are proven to keep the promise about bad comments; None: none are.

    `given` are the policy's own numbers in [0, 1]. The first step that is tested is the one with most hope, as the
    older decisions see it: the newer ones have no say in where the test begins.
    """
    path = cutoffs.hold_path(parts.path, given)
    more = len(parts.test.is_good) / max(1, len(parts.start.is_good))
    seen = _published_tests(parts.start, path)
    hopes = [hope(*one, more, promise.bad_published, promise.delta) for one in seen]
    path = path[int(np.argmax(hopes)) :]
    last = last_proven(_published_tests(parts.test, path), promise.bad_published, promise.delta)
    return None if last is None else path[last]


def choose_rejects(parts: Split, promise: Promise) -> Numbers:
    """Return the laxest rejects that are proven to keep the promise about good comments; NEVER where none are."""
    nothing = np.full(len(parts.test.codes), NEVER)
    if not promise.good_refused:
        return nothing
    path = cutoffs.reject_path(parts.path)
    good = int(parts.test.is_good.sum())
    tests = ((int((parts.test.rejected(reject) & parts.test.is_good).sum()), good) for reject in path)
    last = last_proven(tests, promise.good_refused, promise.delta)
    return nothing if last is None else path[last]


def _published_tests(table: Table, path: Sequence[Numbers]) -> Iterator[tuple[int, int]]:
    for hold in path:
        published = table.published(hold)
        yield int((published & ~table.is_good).sum()), int(published.sum())


def choose(table: Table, given: Cutoffs, promise: Promise) -> Cutoffs | None:
    """Return cut-offs that keep both promises, by a history in the order of time; None: nothing is proven.

    Rejects are raised to the holds where they lie below: who rejects fewer rejects fewer good ones.
    """
    parts = split(table)
    hold = choose_holds(parts, given.hold, promise)
    return None if hold is None else Cutoffs(hold, np.maximum(choose_rejects(parts, promise), hold))


def measure(table: Table, found: Cutoffs, delta: float) -> Figures:
    """Return what cut-offs do on decisions; each bound is wrong with a chance of at most `delta` in (0, 1)."""
    rejected = table.rejected(found.reject)
    published = table.published(found.hold) & ~rejected
    settled = int(published.sum() + rejected.sum())
    return Figures(
        published=int(published.sum()),
        rejected=int(rejected.sum()),
        coverage=settled / max(1, len(published)),
        bad_published=_rate(~table.is_good, published, delta),
        good_refused=_rate(rejected, table.is_good, delta),
    )


def _rate(wrong: Marks, among: Marks, delta: float) -> Rate:
    errors, n = int((wrong & among).sum()), int(among.sum())
    return Rate(errors=errors, of=n, rate=errors / n if n else None, bound=upper_bound(errors, n, delta))


class Calibration(NamedTuple):
    """What came of a calibration; `cutoffs` are those of the policy where nothing is proven."""

    status: Status
    codes: tuple[str, ...]
    before: Cutoffs
    cutoffs: Cutoffs
    table: Table
    need: Need | None


def calibrate(policy: Policy, history: Sequence[Past], promise: Promise) -> Calibration:
    """Return the cut-offs that keep the promise, by a history in the order of time, or what is missing for them."""
    table, given = cutoffs.tabulate(policy, history), cutoffs.cutoffs_of(policy)
    need = _missing(table, given, promise)
    found = None if need else choose(table, given, promise)
    status: Status = "too_few" if need else "calibrated" if found else "not_kept"
    return Calibration(status, table.codes, given, found or given, table, need)


def _missing(table: Table, given: Cutoffs, promise: Promise) -> Need | None:
    """Return what is missing where even a test part without any error would prove nothing."""
    parts = split(table)
    least = needed(promise.bad_published, promise.delta)
    laxest = int(parts.test.published(np.full(len(table.codes), 1.0)).sum())
    if laxest >= least:
        return None
    now = int(parts.test.published(given.hold).sum()) or laxest
    total = math.ceil(least * len(table.is_good) / now) if now else None
    return Need(published=least, more_decisions=total and max(1, total - len(table.is_good)))


def certify(  # noqa: PLR0913 - all that a certificate names
    policy: Policy,
    history: Sequence[Past],
    promise: Promise,
    found: Calibration,
    *,
    policy_after: str,
    models: dict[str, int],
    made_at: datetime,
) -> Certificate:
    """Return the certificate of a calibration; `policy_after` is the version of the policy with the new cut-offs."""
    half = len(history) // 2
    test = split(found.table).test
    codes = set(policy.rules)
    named = Counter(past.rule for past in history if past.rule)
    return Certificate(
        status=found.status,
        promise=promise,
        bounds_at=1 - promise.delta,
        made_at=made_at,
        history=len(history),
        path=_part(history[:half]),
        test=_part(history[half:]),
        before=measure(test, found.before, promise.delta),
        after=measure(test, found.cutoffs, promise.delta),
        rules=_rule_figures(found, test, named),
        sections=_groups(found, test, history[half:], promise, lambda past: past.section),
        languages=_groups(found, test, history[half:], promise, lambda past: past.language),
        unknown_rules={code: count for code, count in sorted(named.items()) if code not in codes},
        policy_before=policy.version,
        policy_after=policy_after,
        models=models,
        need=found.need,
    )


def _part(history: Sequence[Past]) -> Part:
    times = [past.at for past in history if past.at]
    return Part(decisions=len(history), first_at=min(times, default=None), last_at=max(times, default=None))


def _rule_figures(found: Calibration, test: Table, named: Counter[str]) -> dict[str, RuleFigures]:
    before, after = found.before, found.cutoffs
    return {
        code: RuleFigures(
            hold_before=float(before.hold[at]),
            hold_after=float(after.hold[at]),
            reject_before=_number(before.reject[at]),
            reject_after=_number(after.reject[at]),
            met_before=int((test.hold[:, at] >= before.hold[at]).sum()),
            met_after=int((test.hold[:, at] >= after.hold[at]).sum()),
            named=named[code],
        )
        for at, code in enumerate(found.codes)
    }


def _number(reject: float) -> float | None:
    return None if reject == NEVER else float(reject)


def _groups(
    found: Calibration, test: Table, history: Sequence[Past], promise: Promise, name: Callable[[Past], str]
) -> dict[str, Group]:
    published = test.published(found.cutoffs.hold)
    names = np.array([name(past) for past in history], dtype=object)
    least = needed(promise.bad_published, promise.delta)
    groups = {}
    for one in sorted(set(names) - {""}):
        here = names == one
        rate = _rate(~test.is_good, published & here, promise.delta)
        errors, bound = (rate.errors, rate.bound) if rate.of >= least else (None, None)
        groups[one] = Group(decisions=int(here.sum()), published=rate.of, errors=errors, bound=bound)
    return groups
