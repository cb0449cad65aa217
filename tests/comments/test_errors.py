"""Why a comment cannot be posted: an error with a code and a sentence."""

from belowline.comments.errors import PostingError
from belowline.engine.errors import BelowlineError


def test_it_is_one_of_ours():
    error = PostingError("Please write something first.", code="empty_comment_body")

    assert isinstance(error, BelowlineError)
    assert (error.code, error.message, str(error)) == ("empty_comment_body", *["Please write something first."] * 2)


def test_without_a_code_it_has_the_general_one():
    assert PostingError("No.").code == "posting_error"
