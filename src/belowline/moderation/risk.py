"""What to look at first: risk of harm x readers reached x waiting time. Pure: what is known goes in, numbers come out.

Three factors, each of which the desk says in words:

- **Risk of harm**: how likely it is that the comment does harm, by how grave that harm is. A threat weighs more than a
  swear word, and being off topic hardly anything. What could not be measured counts for half.
- **Readers reached**: nobody counts readers here, so it is estimated by how much is written under the article, in
  comments a day. It counts by its logarithm: ten times the readers is not ten times the harm.
- **Waiting time**: doubles what comes of the two, every two hours. So nothing waits for ever: what is hardly
  risky overtakes what is most risky within a day.

Because waiting doubles at a steady pace, the order of two comments never changes while both wait. It can be kept as one
number, the rank, and ordering ten thousand by it is reading an index.
"""

import math
from collections.abc import Collection, Mapping
from datetime import UTC, datetime, timedelta

HARM = {
    "threat": 1.0,
    "severe_toxicity": 0.9,
    "identity_attack": 0.9,
    "personal_data": 0.8,
    "sexually_explicit": 0.7,
    "insult": 0.6,
    "banned_word": 0.6,
    "toxicity": 0.5,
    "newsroom_refusal": 0.5,
    "watched_word": 0.4,
    "profanity": 0.3,
    "spam": 0.3,
    "links": 0.2,
    "off_topic": 0.15,
}
"""How grave it is what a score speaks for, in [0, 1]."""
LEAST_HARM = 0.1
"""Of every other score."""
REPORTED_HARM = {
    "hate": 0.9,
    "offensive": 0.9,
    "legal": 0.8,
    "abuse": 0.6,
    "copyright": 0.5,
    "trolling": 0.4,
    "spam": 0.3,
    "other": 0.3,
    "off_topic": 0.15,
}
"""How grave it is what a report says, by its category, in [0, 1]."""
UNCHECKED = 0.5
APPEALED, ROUTED, ESCALATED = 0.5, 0.3, 0.5
"""What an appeal, a message and an escalation weigh: somebody waits, and nobody is hurt."""
HIDDEN = 0.6
"""The least that a comment weighs which reports have hidden: its author waits, and may be wronged."""
LEAST_RISK = 0.01
DOUBLED_EVERY = timedelta(hours=2)
MOST_DOUBLINGS = 1_000.0
"""More than a number can say, and longer than anything should wait: 83 days."""
HARD_TO_READ = ("threat", "identity_attack", "severe_toxicity", "sexually_explicit")
VEILED_FROM = 0.8
"""From this value on of one of these scores, the desk shows a comment only when it is asked to."""
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def machine_risk(values: Mapping[str, float], unchecked: Collection[str] = ()) -> float:
    """Return the risk of harm by the engine's scores, in [0, 1]; `unchecked` names those that it could not compute.

    Raises nothing.
    """
    known = [HARM.get(name, LEAST_HARM) * value for name, value in values.items()]
    unknown = [HARM.get(name, LEAST_HARM) * UNCHECKED for name in unchecked]
    return min(1.0, max([*known, *unknown], default=HARM["threat"] * UNCHECKED))


def gravest_score(values: Mapping[str, float]) -> str:
    """Return the score that the risk comes from; empty where there is none. Raises nothing."""
    return max(values, key=lambda name: HARM.get(name, LEAST_HARM) * values[name], default="")


def report_risk(weights: Mapping[str, float]) -> float:
    """Return the risk of harm by what readers report, in [0, 1]; `weights` is how much each category was reported.

    One report says half of it, two three quarters: many say more than one, and none proves it. Raises nothing.
    """
    found = [REPORTED_HARM.get(name, LEAST_HARM) * (1 - 0.5**weight) for name, weight in weights.items() if weight > 0]
    return max(found, default=0.0)


def comments_a_day(count: int, age: timedelta) -> int:
    """Return how lively a discussion is: its comments by its days, the first day whole. Raises nothing."""
    return round(count / max(1.0, age / timedelta(days=1)))


def reach_factor(reach: int) -> float:
    """Return by how much readers raise the risk: 1 where nobody writes, 2 at one comment a day, 11 at a thousand."""
    return 1.0 + math.log2(1 + reach)


def waiting_factor(waited: timedelta) -> float:
    """Return by how much waiting raises what comes of risk and readers: 1 at once, 2 after two hours, 4 after four."""
    return float(2.0 ** min(waited / DOUBLED_EVERY, MOST_DOUBLINGS))


def rank(risk: float, reach: int, waiting_since: datetime) -> float:
    """Return the base-2 logarithm of risk x readers x waiting time, up to what is the same for all. Raises nothing."""
    return math.log2(max(risk, LEAST_RISK) * reach_factor(reach)) - (waiting_since - BEGIN) / DOUBLED_EVERY


def hardest_score(values: Mapping[str, float]) -> str:
    """Return the score for which a comment is veiled; empty: it is not. Raises nothing."""
    worst = max(HARD_TO_READ, key=lambda name: values.get(name, 0.0))
    return worst if values.get(worst, 0.0) >= VEILED_FROM else ""
