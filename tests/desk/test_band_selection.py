"""Which comments are chosen travels through a form and back; what is broken on the way is left out."""

import pytest

from belowline.desk.band_selection import other_titles, read_ids, read_seen, write_seen
from belowline.engine.policy import load_policy
from belowline.moderation.bands import Waiting


@pytest.mark.parametrize("seen", [{}, {1: 2}, {12: 5, 7: 90_000}])
def test_there_and_back(seen):
    assert read_seen(write_seen(seen)) == seen


@pytest.mark.parametrize(
    ("text", "seen"),
    [("", {}), ("7", {}), ("7.", {}), (".7", {}), ("7.8 x.y 9.1 -1.2 3.4.5", {7: 8, 9: 1}), (f"{10**30}.1", {})],
)
def test_what_is_no_pair_is_left_out(text, seen):
    assert read_seen(text) == seen


def test_ids():
    assert read_ids(" 1 x 22  -3 4.5 ") == [1, 22]


def test_the_other_rules_that_were_met():
    policy = load_policy()
    one = Waiting(1, "news", None, {"insult": 0.99, "threat": 0.99, "spam": 0.01})

    assert other_titles(policy, one, "threat") == [policy.rules["personal_abuse"].title]
