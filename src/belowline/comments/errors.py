"""Why a comment cannot be posted, changed, recommended, picked or folded: codes after the Guardian's posting states.

BelowlineError
├── PostingError
│   └── SlowDownError   `slow_down`
├── RecommendingError   `cannot_recommend`
└── CuratingError       `not_published`, `own_comment`, `sentence_too_long`
"""

import math

from django.utils.translation import ngettext

from belowline.engine.errors import BelowlineError

LONG_SECONDS = 120
"""From then on minutes are said."""


class PostingError(BelowlineError):
    """The comment cannot be posted; the code says why, the message says what to do.

    `empty_comment_body`, `comment_too_long`, `discussion_closed`, `parent_not_available`, `replies_off`,
    `email_not_verified`, `account_not_active`, `invalid_key`, `cannot_resubmit`, `edit_window_over`, `cannot_edit`.
    """

    code = "posting_error"


class SlowDownError(PostingError):
    """The author posts too fast; `seconds` says for how long they have to wait."""

    code = "slow_down"

    def __init__(self, seconds: int) -> None:
        minutes = math.ceil(seconds / 60)
        sentence = (
            ngettext(
                "You can post your next comment in %(seconds)d second. Your text stays in the form.",
                "You can post your next comment in %(seconds)d seconds. Your text stays in the form.",
                seconds,
            )
            if seconds <= LONG_SECONDS
            else ngettext(
                "You can post your next comment in %(minutes)d minute. Your text stays in the form.",
                "You can post your next comment in %(minutes)d minutes. Your text stays in the form.",
                minutes,
            )
        )
        super().__init__(sentence % {"seconds": seconds, "minutes": minutes}, code="slow_down")
        self.seconds = seconds


class RecommendingError(BelowlineError):
    """The comment cannot be recommended; the message says why."""

    code = "cannot_recommend"


class CuratingError(BelowlineError):
    """An editor cannot pick or fold the comment; the message says why and what to do."""

    code = "curating_error"
