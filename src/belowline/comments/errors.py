"""Why a comment cannot be posted, changed, recommended, picked or folded: codes after the Guardian's posting states.

BelowlineError
├── PostingError
├── RecommendingError   `cannot_recommend`
└── CuratingError       `not_published`, `own_comment`, `sentence_too_long`
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


class CuratingError(BelowlineError):
    """An editor cannot pick or fold the comment; the message says why and what to do."""

    code = "curating_error"
