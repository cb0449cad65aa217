"""Whether a comment has to do with the article or with what it answers. (Being trained.)"""

from belowline.engine.decision import Score
from belowline.engine.signals.base import Prepared


class TopicSignal:
    """`off_topic`, in [0, 1]."""

    name = "topic"
    scores = ("off_topic",)
    version = "topic-lexical-1"

    @classmethod
    def load(cls) -> "TopicSignal":
        """Load the shipped model."""
        return cls()

    def measure(self, prepared: Prepared) -> dict[str, Score]:
        """Return `off_topic`; unchecked without a story."""
        if prepared.submission.story is None:
            return {"off_topic": Score.unchecked("no_story")}
        return {"off_topic": Score(value=0.0)}
