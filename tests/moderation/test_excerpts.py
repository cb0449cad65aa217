"""The passage that a moderator means, found in the comment."""

import pytest

from belowline.moderation.errors import DecidingError
from belowline.moderation.excerpts import find_excerpt

TEXT = "You 🐨 are a bear.\nA bear, I say."


@pytest.mark.parametrize(
    ("words", "start", "passage"),
    [
        pytest.param("", None, None, id="none"),
        pytest.param(" \r\n ", 3, None, id="blanks alone"),
        pytest.param("bear", None, (12, 16), id="where it stands first"),
        pytest.param("bear", 20, (20, 24), id="where it was marked"),
        pytest.param("bear", 21, (12, 16), id="marked elsewhere"),
        pytest.param("bear", 9_999, (12, 16), id="beyond the end"),
        pytest.param("🐨", 4, (4, 5), id="code points, not bytes"),
        pytest.param("bear.\r\nA bear", None, (12, 24), id="line ends of a form"),
        pytest.param(TEXT, 0, (0, len(TEXT)), id="all of it"),
    ],
)
def test_where_words_stand(words, start, passage):
    assert find_excerpt(TEXT, words, start) == passage


@pytest.mark.parametrize("words", ["Bear", "wombat", TEXT + "!"])
def test_words_that_do_not_stand_there(words):
    with pytest.raises(DecidingError) as raised:
        find_excerpt(TEXT, words)

    assert raised.value.code == "unknown_excerpt"
