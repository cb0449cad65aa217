"""A share of what people decide is drawn, at random, for a colleague to answer blind."""

import secrets

from django.conf import settings

from belowline.accounts.permissions import Action
from belowline.moderation.impartial import others_moderate
from belowline.moderation.models import Decision
from belowline.moderation.second_opinions import SecondOpinion

PERCENT = 100

_chance = secrets.SystemRandom()
"""As for audits: nobody can foresee a draw."""


def draw_second_opinion(*, decision: Decision) -> SecondOpinion | None:
    """Draw a person's decision, or not; call it inside the transaction that writes the decision.

    Each is drawn with BELOWLINE_SECOND_OPINION_PERCENT, whoever decided and whatever; not what takes another decision
    back, and not where no other moderator could be asked. None: it was not drawn.
    """
    if decision.maker != Decision.Maker.PERSON or decision.outcome == Decision.Outcome.HOLD or decision.undoes_id:
        return None
    if PERCENT * _chance.random() >= settings.SECOND_OPINION_PERCENT:
        return None
    involved = {person for person in (decision.moderator_id, decision.comment.author_id) if person is not None}
    return (
        SecondOpinion.objects.create(decision=decision)
        if others_moderate(involved, decision.comment, Action.AUDIT)
        else None
    )
