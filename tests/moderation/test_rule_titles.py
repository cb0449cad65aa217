"""Rules are named for people, also those that no longer exist."""

import pytest

from belowline.engine.policy import load_policy
from belowline.moderation.rule_titles import reason_title


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("spam", "Advertising and spam"),
        ("old_rule", "Old rule"),
        ("engine_failed", "Checks not available"),
        ("", "No rule named"),
    ],
)
def test_titles(code, title):
    assert reason_title(load_policy(), code) == title
