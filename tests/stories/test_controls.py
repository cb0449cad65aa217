"""What may be set of a discussion: each value, and what is kept of it."""
# ruff: noqa: DTZ001 - times without a zone are what is tried

from datetime import UTC, datetime, timedelta, timezone

import pytest

from belowline.stories.controls import KEPT, Controls, SectionControls, changed_fields, check_controls, check_section
from belowline.stories.errors import StoryInputError
from belowline.stories.models import Section, Story

NOON = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"mode": ""}, {"mode": ""}, id="as its section says"),
        pytest.param({"mode": "premoderated"}, {"mode": "premoderated"}, id="mode"),
        pytest.param({"closed_reason": "capacity"}, {"closed_reason": "capacity"}, id="reason"),
        pytest.param({"closes_at": None}, {"closes_at": None}, id="no time of its own"),
        pytest.param({"closes_at": datetime(2026, 11, 28, 12)}, {"closes_at": NOON}, id="a time without a zone"),
        pytest.param(
            {"closes_at": datetime(2026, 11, 28, 13, tzinfo=timezone(timedelta(hours=1)))},
            {"closes_at": NOON},
            id="a time of another zone",
        ),
        pytest.param({"slow_seconds": 0}, {"slow_seconds": 0}, id="not slow"),
        pytest.param({"slow_seconds": 86_400}, {"slow_seconds": 86_400}, id="a day"),
        pytest.param({"takes_replies": False}, {"takes_replies": False}, id="no replies"),
        pytest.param({"message": " Be kind.\r\nPlease. "}, {"message": "Be kind.\nPlease."}, id="a message is trimmed"),
        pytest.param({"message": "x" * 500}, {"message": "x" * 500}, id="the longest message"),
        pytest.param(
            {"author_emails": [" Ann@Paper.example", "ann@paper.example", "bo@paper.example"]},
            {"author_emails": ["ann@paper.example", "bo@paper.example"]},
            id="addresses in lower case, each once",
        ),
    ],
)
def test_what_is_kept_of_a_value(given, kept, settings):
    settings.TIME_ZONE = "UTC"
    assert check_controls(given) == kept


@pytest.mark.parametrize(
    ("given", "said"),
    [
        pytest.param({"mode": "open"}, "mode must be one of: standard, premoderated, closed", id="no such mode"),
        pytest.param({"closed_reason": "boredom"}, "closed_reason must be one of: legal, abuse", id="no such reason"),
        pytest.param({"slow_seconds": -1}, "slow_seconds must be a whole number from 0 to 86400", id="negative"),
        pytest.param({"slow_seconds": 86_401}, "slow_seconds must be", id="more than a day"),
        pytest.param({"closes_at": datetime(1, 1, 1)}, "closes_at must lie in the years 1900 to 8999", id="year 1"),
        pytest.param({"closes_at": datetime(9999, 1, 1)}, "closes_at must lie in", id="the last year"),
        pytest.param({"message": "x" * 501}, "message has 501 characters; at most 500 are kept", id="too long"),
        pytest.param({"message": "a\x00b"}, "message holds a null character", id="null character"),
        pytest.param({"author_emails": ["ann"]}, "author_emails: number 1 is no e-mail address", id="no address"),
        pytest.param({"author_emails": ["a@b.example\x00"]}, "number 1 is no e-mail", id="null in an address"),
        pytest.param(
            {"author_emails": [f"a{n}@paper.example" for n in range(21)]}, "has 21 addresses; at most 20", id="too many"
        ),
        pytest.param({"author_emails": [f"{'x' * 60}@{'y.' * 100}example"]}, "number 1", id="too long an address"),
        pytest.param({"title": "New"}, "title cannot be set", id="not a control"),
    ],
)
def test_what_is_no_value_is_refused_by_name(given, said):
    with pytest.raises(StoryInputError) as caught:
        check_controls(given)
    assert said in caught.value.message
    assert caught.value.code == "invalid_story"


@pytest.mark.parametrize("hours", [None, 0, 87_600])
def test_hours_of_a_section(hours):
    assert check_section({"closes_after_hours": hours}) == {"closes_after_hours": hours}


@pytest.mark.parametrize("given", [{"closes_after_hours": 87_601}, {"closes_after_hours": -1}, {"message": "No"}])
def test_no_value_of_a_section(given):
    with pytest.raises(StoryInputError):
        check_section(given)


def test_everything_that_can_be_set_has_a_column_and_a_check():
    for kind, model in ((Controls, Story), (SectionControls, Section)):
        assert set(kind.__annotations__) <= set(KEPT) & {field.name for field in model._meta.get_fields()}


def test_what_is_another_value_now():
    story = Story(mode="closed", message="Hello")
    assert changed_fields(story, {"mode": "closed", "message": "Bye", "slow_seconds": 5}) == ["message", "slow_seconds"]
