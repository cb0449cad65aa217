"""What the machine settled, day by day or week by week."""

import pytest
from django.utils import timezone

from belowline.moderation.insights.settled import Settled, settled_by_machine
from belowline.moderation.premoderation import PREMODERATED


@pytest.fixture
def judged(site, write_comment, write_decision, ago):
    """Let the machine decide, so many days ago."""

    def call(outcome, days, maker="engine", **more):
        return write_decision(write_comment(site, at=ago(days)), outcome, maker, **more)

    return call


def test_each_day_by_what_the_machine_decided(scope, judged):
    for outcome, days in (("publish", 0), ("publish", 0), ("reject", 0), ("hold", 0), ("hold", 3)):
        judged(outcome, days)
    found = settled_by_machine(scope(7))

    assert len(found) == 7
    assert found[-1][1:] == (2, 1, 1)
    assert found[-1].share == 0.75
    assert found[-4][1:] == (0, 0, 1)
    assert found[-4].share == 0
    assert found[0] == Settled(found[0].first_day, 0, 0, 0)
    assert found[0].share is None
    assert found[-1].first_day == timezone.localdate()


def test_weeks_where_the_period_is_long(scope, judged):
    judged("publish", 1)
    judged("publish", 80)
    found = settled_by_machine(scope(90))

    assert len(found) == 13
    assert sum(one.total for one in found) == 2


@pytest.mark.parametrize(
    ("outcome", "maker", "more"),
    [
        pytest.param("publish", "person", {}, id="what people decide"),
        pytest.param("hold", "engine", {"rule": PREMODERATED}, id="what waits for pre-moderation alone"),
    ],
)
def test_what_does_not_count(scope, judged, outcome, maker, more):
    judged(outcome, 1, maker, **more)

    assert sum(one.total for one in settled_by_machine(scope(7))) == 0


def test_what_was_held_without_a_reason_counts(scope, judged):
    judged("hold", 1)
    judged("hold", 1, rule="links")

    assert sum(one.held for one in settled_by_machine(scope(7))) == 2
