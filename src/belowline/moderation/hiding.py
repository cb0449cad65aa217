"""A comment that is hidden because of reports until a person has looked: the reason it has, and how it is told.

It accuses nobody: no rule is met by it, and a person decides. Its author is told at once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from belowline.comments.models import Comment
from belowline.moderation.models import Decision

REPORTED = "reported"
"""The code of the reason; no rule of a policy has it."""
HIDDEN_TITLE = gettext_noop("Reported by several readers")
HIDDEN_WORDS = gettext_noop(
    "Several readers whose earlier reports were right have reported it. It is hidden until a moderator has looked at "
    "it; if it breaks no rule, it comes back."
)


def hiding_reason() -> dict[str, Any]:
    """Return the reason of a decision that hides a comment."""
    return {
        "rule": REPORTED,
        "title": HIDDEN_TITLE,
        "outcome": Decision.Outcome.HOLD.value,
        "signal": "reports",
        "score": None,
        "threshold": 0.0,
        "start": None,
        "end": None,
        "explanation": HIDDEN_WORDS,
        "desk": "moderators",
    }


def is_hiding(reasons: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether reasons are those for which a comment is hidden."""
    return bool(reasons) and reasons[0].get("rule") == REPORTED


def hides(decision: Decision | None) -> bool:
    """Say whether a decision hides a comment, be it one that was taken back to that."""
    return decision is not None and decision.outcome == Decision.Outcome.HOLD and is_hiding(decision.reasons)


def is_hidden(comment: Comment, newest: Decision | None) -> bool:
    """Say whether a comment is hidden because of reports and waits; `newest` is its newest decision."""
    return comment.status == Comment.Status.HELD and hides(newest)
