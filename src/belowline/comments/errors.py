"""Why a comment cannot be posted, changed, recommended, picked or folded: codes after the Guardian's posting states.

BelowlineError
├── PostingError
│   └── SlowDownError   `slow_down`
├── RecommendingError   `cannot_recommend`
└── CuratingError       `not_published`, `own_comment`, `sentence_too_long`
"""

from django.utils.translation import ngettext

from belowline.engine.errors import BelowlineError


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
        sentence = ngettext(
            "You can post your next comment in %(seconds)d second. Your text stays in the form.",
            "You can post your next comment in %(seconds)d seconds. Your text stays in the form.",
            seconds,
        )
        super().__init__(sentence % {"seconds": seconds}, code="slow_down")
        self.seconds = seconds


class RecommendingError(BelowlineError):
    """The comment cannot be recommended; the message says why."""

    code = "cannot_recommend"


class CuratingError(BelowlineError):
    """An editor cannot pick or fold the comment; the message says why and what to do."""

    code = "curating_error"
