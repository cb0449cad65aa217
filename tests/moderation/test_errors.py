"""Why a decision cannot be taken: an error with a code and a sentence."""

from belowline.engine.errors import BelowlineError
from belowline.moderation.errors import DecidingError


def test_it_is_one_of_ours():
    error = DecidingError("Somebody was faster.", code="not_waiting")

    assert isinstance(error, BelowlineError)
    assert (error.code, error.message) == ("not_waiting", "Somebody was faster.")
    assert DecidingError("No.").code == "deciding_error"
