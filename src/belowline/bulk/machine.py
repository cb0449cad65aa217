"""What this machine computes, to the last bit: machines that compute differently must not share one output."""

import hashlib
import os

from belowline.engine.judge import Engine
from belowline.engine.submission import Parent, Story, Submission

TEXTS = (
    "You are a complete idiot, and whoever voted for this should be ashamed of himself.",
    "The ferry could run until the bridge is mended; who pays for it, the town or the harbour?",
    "Nobody asked the people who live there. They never do, do they? My mother has waited three years for a reply.",
)
STORY = Story(
    title="The harbour bridge is closed until spring",
    body="The town has closed the harbour bridge.\nEngineers found cracks in two of its six pillars on Monday.",
)
TOPIC_AND_ABUSE = ("toxicity", "insult", "identity_attack", "off_topic", "correction", "insubstantial")
"""Scores that come out of the encoders, whose arithmetic depends on the processor."""


def probe(engine: Engine) -> str:
    """Return a digest of what the encoders make of some texts, unrounded: equal where arithmetic is. Raises nothing."""
    digest = hashlib.sha256()
    for number, text in enumerate(TEXTS):
        parent = Parent(text=TEXTS[number - 1]) if number else None
        found = engine.measure(Submission(text=text, language="en", story=STORY, parent=parent), TOPIC_AND_ABUSE)
        values = (found[name].value for name in TOPIC_AND_ABUSE)
        digest.update(repr([None if value is None else float(value).hex() for value in values]).encode())
    return digest.hexdigest()[:16]


def usable_cores() -> int:
    """Return how many cores this process may use; at least 1. Raises nothing."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
