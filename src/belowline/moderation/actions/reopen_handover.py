"""A handover note that was ticked off stands again."""

from belowline.accounts.models import User
from belowline.moderation.actions.close_handover import turn_handover
from belowline.moderation.handover import Handover


def reopen_handover(*, note: Handover, by: User) -> Handover:
    """Let the note stand again at the desk.

    Raises:
        PermissionDenied: no moderator.
        HandoverError: `handover_closed`: it stands already, or it does not concern them.
    """
    return turn_handover(note, by, is_closed=False)
