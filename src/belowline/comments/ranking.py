"""The order "best": constructive comments first. Pure: what was measured goes in, a number comes out.

Two steps, because they change at different times. `constructiveness` rests on what the engine measured of the text,
and stays until the text changes. `best_rank` adds what readers and editors make of it, and is cheap to keep up to date.

- Who is uncivil stands below everybody who is not, however often recommended: uncivil comments on top breed more of
  their kind. What could not be measured counts for half, neither for nor against.
- Recommendations count by their logarithm: the fiftieth says less than the second.
- Late comments start with a lead that early ones have gathered meanwhile: nobody is read only who gets up first.
"""

import math
from collections.abc import Mapping

from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.text.sentences import sentence_spans
from belowline.engine.text.words import find_words

UNCIVIL_FROM = 0.5
"""From this value of an abuse score, of shouting or of incoherence on, a comment counts as uncivil."""
CIVIL = 0.2
"""Civil comments have at least this constructiveness, uncivil ones less."""
FULL_WORDS, FULL_SENTENCES = 60, 3
"""A text of so many words and sentences says as much as one can ask; longer ones gain nothing."""
UNMEASURED = 0.5
FULL_RECOMMENDATIONS = 50
FULL_HOURS = 72
LIKED, PICKED, LATE = 0.5, 0.3, 0.2
"""What recommendations, a pick and coming late can add, beside at most 1 for constructiveness."""
RUDE = (*ABUSE_SCORES, "shouting", "incoherence")


def constructiveness(text: str, scores: Mapping[str, float | None]) -> float:
    """Return how much a text adds to a discussion, in [0, 1]: civil, on the subject, and with something to say.

    `scores` are the engine's by name, in [0, 1]; None or absent: unchecked. Raises nothing.
    """
    measured = [value for name in RUDE if (value := scores.get(name)) is not None]
    rudeness = max(measured, default=UNMEASURED / 2)
    if rudeness >= UNCIVIL_FROM:
        return CIVIL * (1.0 - rudeness)
    topic = scores.get("off_topic")
    to_the_point = 1.0 - (UNMEASURED if topic is None else topic)
    worth = (1.0 - rudeness) * (0.4 * to_the_point + 0.6 * substance(text))
    return CIVIL + (1.0 - CIVIL) * worth


def substance(text: str) -> float:
    """Return how much a text says by its words and sentences, in [0, 1]; each word counts once. Raises nothing."""
    words = len({word.text.lower() for word in find_words(text)})
    sentences = len(sentence_spans(text))
    return 0.7 * min(1.0, words / FULL_WORDS) + 0.3 * min(1.0, sentences / FULL_SENTENCES)


def best_rank(constructive: float, recommendations: int, *, is_picked: bool, hours_late: float) -> float:
    """Return where a comment stands in the order "best", in [0, 2]: the higher, the further up. Raises nothing.

    `hours_late` is how long after the story's publication it was written.
    """
    if constructive < CIVIL and not is_picked:
        return constructive
    liked = min(1.0, math.log1p(recommendations) / math.log1p(FULL_RECOMMENDATIONS))
    late = min(1.0, math.log1p(max(0.0, hours_late)) / math.log1p(FULL_HOURS))
    return constructive + LIKED * liked + PICKED * is_picked + LATE * late
