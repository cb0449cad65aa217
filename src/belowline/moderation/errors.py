"""Why a moderator's decision cannot be taken.

BelowlineError
└── DecidingError   `not_waiting`, `not_published`, `rule_required`, `unknown_rule`, `cannot_undo`
"""

from belowline.engine.errors import BelowlineError


class DecidingError(BelowlineError):
    """The decision cannot be taken; the message says why and what to do."""

    code = "deciding_error"
