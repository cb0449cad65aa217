"""Why something was not done: a decision, an appeal, a notice, a statement, a head, a post to be seen again first ...

BelowlineError
├── DecidingError     `not_waiting`, `not_published`, `rule_required`, `unknown_rule`, `cannot_undo`, `not_listed`,
│                     `note_too_long`, `under_appeal`, `appeal_settled`, `own_decision`, `reason_required`,
│                     `already_reviewed`, `not_rejected`, `unknown_outcome`, `own_comment`, `nothing_chosen`,
│                     `batch_too_large`, `nothing_to_undo`, `tag_empty`, `tag_too_long`, `already_tagged`,
│                     `claimed`, `unknown_excerpt`, `note_required`, `already_escalated`, `nobody_to_answer`,
│                     `unknown_colleague`, `not_open`, `unknown_desk`, `already_there`, `no_rule_for_desk`,
│                     `text_erased`
├── RelationError     `nothing_to_explain`, `relation_empty`, `relation_too_long`
├── AppealError       `cannot_appeal`, `appeal_too_late`, `already_appealed`, `appeal_too_long`
├── NudgedError       `nudged`
├── NoticeError       `notice_incomplete`, `not_published`, `notice_decided`, `notice_reason_required`
├── ReportError       `cannot_report`, `unknown_category`, `report_too_long`, `too_many_reports`, `reports_decided`,
│                     `nothing_to_reopen`, `unknown_days`, `mute_reason_required`, `mute_reason_too_long`,
│                     `already_muted`, `own_report`, `not_muted`
├── StatementError    `invalid_address`, `token_refused`, `database_unreachable`, `database_refused`
├── ActivatingError   `policy_changed`
├── HeadError         `head_unusable`
├── HandoverError     `handover_empty`, `handover_too_long`, `handover_closed`
├── SanctionError     `cannot_sanction`, `unknown_kind`, `rule_required`, `unknown_rule`, `topic_alone`,
│                     `words_required`, `note_too_long`, `end_required`, `already_sanctioned`, `not_acting`,
│                     `sanction_contested`, `contested_before`, `contest_too_late`, `contest_too_long`,
│                     `sanction_appeal_settled`, `own_sanction`, `reason_required`
├── NoteError         `note_empty`, `note_too_long`
├── TemplateError     `template_incomplete`, `template_too_long`, `template_exists`, `unknown_language`, `unknown_gap`
├── PostingError (of comments)
│   └── SanctionedError  `warned`, `suspended`, `banned`
└── FaqError          `unknown_question`, `faq_answer_too_long`
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext

from belowline.comments.errors import PostingError
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


class ReportError(BelowlineError):
    """A report cannot be received or answered; the message says why and what to do."""

    code = "report_error"


class StatementError(BelowlineError):
    """Statements cannot be sent; what was sent before stays sent, and the next run goes on from there."""

    code = "statement_error"


class FaqError(BelowlineError):
    """A site's own words for the FAQ cannot be kept; the message says why and what to do."""

    code = "faq_error"


class RelationError(BelowlineError):
    """The author cannot say how their comment belongs here; the message says why and what to do."""

    code = "relation_error"


class AppealError(BelowlineError):
    """The decision cannot be contested; the message says why, in words for the author."""

    code = "cannot_appeal"


class NudgedError(BelowlineError):
    """Nothing is posted yet: the author sees first why the comment would be held."""

    code = "nudged"

    def __init__(self, reasons: Sequence[Mapping[str, Any]]) -> None:
        super().__init__(gettext("Nothing is posted yet: your comment would be held. Change it, or post it as it is."))
        self.reasons = reasons


class ActivatingError(BelowlineError):
    """The policy cannot begin to act now; the message says why and what to do."""

    code = "policy_changed"


class HeadError(BelowlineError):
    """A head that was learned cannot act; the message says why and what to do."""

    code = "head_unusable"


class HandoverError(BelowlineError):
    """A handover note cannot be kept or ticked off; the message says why and what to do."""

    code = "handover_error"


class ClosingError(BelowlineError):
    """The account cannot be closed; the message says why and what to do."""

    code = "closing_error"


class SanctionError(BelowlineError):
    """A measure against an account cannot be taken, lifted or contested; the message says why and what to do."""

    code = "sanction_error"


class SanctionedError(PostingError):
    """The account cannot post now, by a measure of a moderator; the message says which, by what rule, until when."""

    code = "suspended"
    by_measure = True
    """Pages lead to the measure then."""


class NoteError(BelowlineError):
    """A note for the team cannot be kept; the message says why and what to do."""

    code = "note_error"


class TemplateError(BelowlineError):
    """A message template cannot be kept; the message says why and what to do."""

    code = "template_error"
