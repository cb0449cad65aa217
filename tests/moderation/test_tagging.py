"""Tags are kept in one form, so that each is found again."""

import pytest

from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.tagging import known_words, tidy


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Letters page", "letters page"),
        ("  two \n  words ", "two words"),
        ("ÄRGER", "ärger"),
        ("a\x00b", "ab"),
        (" ", ""),
    ],
)
def test_one_form(typed, kept):
    assert tidy(typed) == kept


def test_the_words_used_last_come_first_and_once(post, moderator):
    for number, word in enumerate(["letters", "to check", "letters"]):
        tag_comment(comment=post(f"Remark {number} on tolls.").comment, by=moderator, word=word)

    assert known_words() == ["letters", "to check"]
    assert known_words(limit=1) == ["letters"]
