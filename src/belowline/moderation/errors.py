"""Why a decision cannot be taken or answered, a notice not be received, a statement not be sent ...

BelowlineError
├── DecidingError     `not_waiting`, `not_published`, `rule_required`, `unknown_rule`, `cannot_undo`, `not_listed`
├── RelationError     `nothing_to_explain`, `relation_empty`, `relation_too_long`
├── NoticeError       `notice_incomplete`, `not_published`, `notice_decided`, `notice_reason_required`
├── StatementError    `invalid_address`, `token_refused`, `database_unreachable`, `database_refused`
└── FaqError          `unknown_question`, `faq_answer_too_long`
"""

from collections.abc import Mapping

from belowline.engine.errors import BelowlineError


class DecidingError(BelowlineError):
    """The decision cannot be taken; the message says why and what to do."""

    code = "deciding_error"


class NoticeError(BelowlineError):
    """A notice cannot be received or decided; `problems` has a sentence for each field that is wrong."""

    code = "notice_error"

    def __init__(self, message: str, *, code: str, problems: Mapping[str, str] | None = None) -> None:
        super().__init__(message, code=code)
        self.problems = dict(problems or {})


class StatementError(BelowlineError):
    """Statements cannot be sent; what was sent before stays sent, and the next run goes on from there."""

    code = "statement_error"


class FaqError(BelowlineError):
    """A site's own words for the FAQ cannot be kept; the message says why and what to do."""

    code = "faq_error"


class RelationError(BelowlineError):
    """The author cannot say how their comment belongs here; the message says why and what to do."""

    code = "relation_error"
