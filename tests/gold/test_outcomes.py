"""The gold comments under our own telling of the story: what must not get worse."""

import json
from pathlib import Path

import pytest
from outcomes import HERE, by_category, judge_gold, markdown, read_story

from belowline.engine.decision import Outcome
from belowline.engine.policy import load_policy

WELCOME = ("on_topic_politics", "on_topic_reply", "about_this_reporting", "counter_speech", "short_ok")
"""Nobody who writes like this may be held."""
KNOWN = {"s005", "s044", "s048"}
"""Held all the same: a prayer, talk of a grandfather, and "a stupid idea". docs/explanation/outcomes.md names them."""
CAUGHT = {
    "other_language": 4,
    "obfuscated": 6,
    "personal_data": 2,
    "shouting": 2,
    "links": 1,
    "abuse": 7,
    "identity_attack": 5,
    "threat": 3,
}
"""At least so many are held."""


@pytest.fixture(scope="module")
def rows():
    return judge_gold(read_story(HERE / "story.md"))


@pytest.mark.parametrize("category", WELCOME)
def test_welcome_comments_are_published(rows, category):
    held = [row.comment["id"] for row in by_category(rows)[category] if row.decision.outcome != Outcome.PUBLISH]
    assert set(held) <= KNOWN


@pytest.mark.parametrize(("category", "least"), CAUGHT.items(), ids=CAUGHT)
def test_caught_comments_are_held(rows, category, least):
    assert sum(row.decision.outcome == Outcome.HOLD for row in by_category(rows)[category]) >= least


def test_grief_and_experience_are_hardly_ever_held(rows):
    groups = by_category(rows)
    held = [row for name in ("reported_violence", "personal_story") for row in groups[name] if not row.is_right]
    assert len(held) <= 1


def test_as_many_are_right_as_the_table_says(rows):
    assert sum(row.is_right for row in rows) >= 92


def test_machine_rejects_nothing(rows):
    assert not [row.comment["id"] for row in rows if row.decision.outcome == Outcome.REJECT]


def test_file_is_sound():
    lines = Path(HERE / "seed_comments.jsonl").read_text("utf-8").splitlines()
    comments = [json.loads(line) for line in lines]
    seen: set[str] = set()
    for comment in comments:
        assert comment["parent"] is None or comment["parent"] in seen
        assert set(comment["expected_rules"]) <= set(load_policy().rules)
        assert bool(comment["expected_rules"]) == (comment["expected"] == "hold")
        seen.add(comment["id"])
    assert len(seen) == len(comments) >= 60


def test_table_names_every_error(rows):
    table = markdown(rows)
    assert all(f"| {row.comment['id']} |" in table for row in rows if not row.is_right)
