"""Why a comment cannot be posted, changed or recommended: codes after the Guardian's posting states.

BelowlineError
├── PostingError
└── RecommendingError   `cannot_recommend`
"""

from belowline.engine.errors import BelowlineError


class PostingError(BelowlineError):
    """The comment cannot be posted; the code says why, the message says what to do.

    `empty_comment_body`, `comment_too_long`, `discussion_closed`, `parent_not_available`, `email_not_verified`,
    `account_not_active`, `invalid_key`, `cannot_resubmit`.
    """

    code = "posting_error"


class RecommendingError(BelowlineError):
    """The comment cannot be recommended; the message says why."""

    code = "cannot_recommend"
