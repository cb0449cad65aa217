"""Errors about stories: one tree, stable codes."""

import pytest

from belowline.engine.errors import BelowlineError
from belowline.stories.errors import StoryError, StoryFetchError, StoryInputError


@pytest.mark.parametrize(
    ("kind", "code"),
    [(StoryError, "story_error"), (StoryInputError, "invalid_story"), (StoryFetchError, "fetch_failed")],
)
def test_each_has_its_code(kind, code):
    error = kind("say what to do")

    assert isinstance(error, BelowlineError)
    assert (error.code, error.message) == (code, "say what to do")


def test_a_code_may_be_narrower():
    assert StoryFetchError("no", code="url_private").code == "url_private"
