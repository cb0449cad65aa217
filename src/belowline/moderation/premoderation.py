"""Where a moderator reads each comment before others can: the engine judges all the same, and nothing goes out.

It accuses nobody: no rule is met by it, no nudge comes of it, and no figure counts it as something that was found.
What the machine rejects by the policy stays rejected: nobody else would have seen it, and its author can appeal.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext, gettext_noop
from msgspec.structs import replace

from belowline.engine.decide import ENGINE_FAILED
from belowline.engine.decision import Decision, Outcome, Reason
from belowline.moderation.hiding import HIDDEN_TITLE, HIDDEN_WORDS, REPORTED
from belowline.moderation.shipped_words import in_present_language

PREMODERATED = "premoderated"
"""The code of the reason; no rule of a policy has it."""
READ_FIRST = "author_premoderated"
"""The code of the reason where it is about the author: a moderator reads their comments first, for some time."""
NO_RULES = frozenset({ENGINE_FAILED, PREMODERATED, READ_FIRST, REPORTED})
"""Codes of reasons that are about the server, the story, the account or what readers say: no text met a rule."""
TITLE = gettext_noop("A moderator reads first")
WORDS = gettext_noop("A moderator reads every comment under this article before others can.")
AUTHOR_WORDS = gettext_noop("A moderator reads your comments before others can, for some time.")
TITLES = {PREMODERATED: TITLE, READ_FIRST: TITLE, REPORTED: HIDDEN_TITLE}
SENTENCES = {PREMODERATED: WORDS, READ_FIRST: AUTHOR_WORDS, REPORTED: HIDDEN_WORDS}


def premoderate(decision: Decision, code: str = PREMODERATED) -> Decision:
    """Return the decision as it is for a pre-moderated story: what would be published is held; the rest gets a reason.

    The reason comes last: a comment goes to the desk of its first one. With the code READ_FIRST it is the author whose
    comments are read first.
    """
    if decision.outcome is Outcome.REJECT:
        return decision
    about = "author" if code == READ_FIRST else "story"
    reason = Reason(
        rule=code, outcome=Outcome.HOLD, signal=about, score=None, threshold=0.0, explanation=SENTENCES[code]
    )
    return replace(decision, outcome=Outcome.HOLD, reasons=(*decision.reasons, reason))


def told(reason: Mapping[str, Any]) -> tuple[str, str]:
    """Return a reason's title and sentence for its author, in the language of the page where the words are ours."""
    if (code := reason["rule"]) in SENTENCES:
        return gettext(TITLES[code]), gettext(SENTENCES[code])
    return in_present_language(reason["title"]), in_present_language(reason["explanation"])
