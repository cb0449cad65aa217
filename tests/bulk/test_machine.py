"""What a machine computes, as a digest."""

from belowline.bulk.machine import TOPIC_AND_ABUSE, probe, usable_cores
from belowline.engine.decision import Score
from belowline.engine.judge import Engine
from belowline.engine.policy import load_policy


class Fixed:
    """Gives the same number for everything."""

    name, scores, version = "fixed", TOPIC_AND_ABUSE, "fixed-1"

    def __init__(self, value):
        self.value = value

    def measure(self, prepared):
        return {name: Score(value=self.value) for name in self.scores}


def of(value):
    return probe(Engine([Fixed(value)], load_policy()))


def test_the_last_bit_counts():
    assert of(0.5) == of(0.5)
    assert len({of(0.5), of(0.5 + 2**-53), of(None)}) == 3


def test_there_is_a_core():
    assert usable_cores() >= 1
