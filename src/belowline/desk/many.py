"""What a form of the desk asks to be done to many comments at once."""

from collections.abc import Mapping

from django.http import QueryDict

from belowline.accounts.models import User
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.escalate_batch import escalate_batch
from belowline.moderation.actions.tag_batch import tag_batch
from belowline.moderation.batches import Batch
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision

OUTCOMES = {
    "publish": Decision.Outcome.PUBLISH,
    "reject": Decision.Outcome.REJECT,
    "hold": Decision.Outcome.HOLD,
    "remove": Decision.Outcome.REMOVE,
}
TYPED = ("reject_rule", "note_to_author", "word", "staff_note")
"""The fields of such a form that come back where something is missing."""


def act_on_many(*, moderator: User, said: Mapping[str, str], seen: Mapping[int, int], chosen: str) -> Batch:
    """Do what the field `act` names to the comments of `seen`: tag or escalate them, or decide about them.

    `seen` has the newest decision that was seen of each comment (0: none), `chosen` says in words how they were found.

    Raises:
        PermissionDenied: the moderator may do that nowhere.
        DecidingError: something is missing or too long, or no act is named; nothing was changed.
        DatabaseError: nothing could be saved, and nothing was changed.
    """
    act = said.get("act", "")
    if act == "tag":
        return tag_batch(comments=seen, moderator=moderator, word=said.get("word", ""), chosen=chosen)
    if act == "escalate":
        note = said.get("staff_note", "")
        return escalate_batch(comments=seen, moderator=moderator, note=note, seen=seen, chosen=chosen)
    if act not in OUTCOMES:
        raise DecidingError("Choose what to do with these comments.", code="unknown_outcome")
    return decide_batch(
        comments=seen,
        moderator=moderator,
        outcome=OUTCOMES[act],
        rule=said.get("reject_rule", ""),
        note_to_author=said.get("note_to_author", ""),
        seen=seen,
        chosen=chosen,
    )


def said_in(form: QueryDict) -> dict[str, str]:
    """Return the fields of a form or an address; a zero byte has no place in any."""
    return {name: str(value).replace("\x00", "") for name, value in form.dict().items()}
