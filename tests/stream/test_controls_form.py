"""The form with a story's controls: what it begins with, and what was changed in it."""

from datetime import UTC, datetime

import pytest

from belowline.stories.discussion import inherited_state
from belowline.stories.models import Section
from belowline.stream.controls_form import StoryControlsForm, as_the_section_says


@pytest.fixture
def sent(story):
    """What a browser sends for the story as it is."""
    form = StoryControlsForm(story=story)
    data = {}
    for field in form:
        value = "" if field.value() in (None, []) else field.value()
        data |= {field.html_name: value, field.html_initial_name: value}
    return data


def test_it_begins_with_the_story(story):
    story.mode, story.slow_seconds, story.takes_replies = "closed", 12, False
    story.author_emails, story.closes_at = (
        ["a@paper.example", "b@paper.example"],
        datetime(2027, 1, 2, 3, 4, tzinfo=UTC),
    )
    html = str(StoryControlsForm(story=story))

    assert 'value="closed"' in html
    assert 'value="12"' in html
    assert "a@paper.example\nb@paper.example</textarea>" in html
    assert 'value="2027-01-02T03:04"' in html


@pytest.mark.parametrize(
    ("typed", "changes"),
    [
        ({}, {}),
        ({"mode": "closed"}, {"mode": "closed"}),
        ({"takes_replies": ""}, {"takes_replies": False}),
        ({"slow_seconds": "0"}, {"slow_seconds": 0}),
        ({"message": " Hello. "}, {"message": "Hello."}),
        ({"author_emails": "A@Paper.example; a@paper.example"}, {"author_emails": ["a@paper.example"]}),
        ({"closes_at": "2027-01-02T03:04"}, {"closes_at": datetime(2027, 1, 2, 3, 4, tzinfo=UTC)}),
    ],
    ids=str,
)
def test_what_was_changed(story, sent, typed, changes):
    form = StoryControlsForm(sent | typed, story=story)

    assert form.is_valid(), form.errors
    assert form.changes() == changes


def test_what_stood_there_can_be_taken_away(story):
    story.closes_at, story.author_emails = datetime(2027, 1, 2, 3, 4, tzinfo=UTC), ["a@paper.example"]
    sent = {
        "takes_replies": "on",
        "initial-takes_replies": "True",
        "initial-closes_at": "2027-01-02 03:04:00",
        "initial-author_emails": "a@paper.example",
    }
    form = StoryControlsForm(sent, story=story)

    assert form.is_valid()
    assert form.changes() == {"closes_at": None, "author_emails": []}


@pytest.mark.parametrize(
    ("mode", "said"),
    [("", "most comments appear at once"), ("premoderated", "a moderator reads"), ("closed", "closed")],
)
def test_what_the_section_says(story, mode, said):
    Section.objects.create(site=story.site, name="news", mode=mode)

    assert said in as_the_section_says(inherited_state(story))
