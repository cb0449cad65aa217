"""A moderator says what they would have decided, without knowing what a colleague did."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.review_audit import check_answer
from belowline.moderation.errors import DecidingError
from belowline.moderation.impartial import check_not_own
from belowline.moderation.second_opinions import SecondOpinion


def give_second_opinion(*, opinion: SecondOpinion, giver: User, outcome: str, rule: str = "") -> SecondOpinion:
    """Store an answer; the comment and the decision stay as they are.

    Raises:
        PermissionDenied: they may not audit there.
        DecidingError: `already_reviewed` (the first answer stands, or they decided first themselves), `own_comment`,
            `unknown_outcome`, `rule_required` or `unknown_rule`.
    """
    story = opinion.decision.comment.story
    require(giver, Action.AUDIT, site=story.site_id, section=story.section)
    with transaction.atomic():
        locked = (
            SecondOpinion.objects.select_for_update(of=("self",))
            .select_related("decision__comment__story__site")
            .get(pk=opinion.pk)
        )
        comment = locked.decision.comment
        if locked.given_at is not None or comment.decisions.filter(moderator=giver).exists():
            raise DecidingError(
                "This question is answered already, or you have decided about the comment yourself.",
                code="already_reviewed",
            )
        check_not_own(comment, giver)
        locked.outcome, locked.rule = check_answer(comment.story.site, outcome, rule)
        locked.giver, locked.given_at = giver, timezone.now()
        locked.save(update_fields=["outcome", "rule", "giver", "given_at"])
        record_event(
            tags.OPINION_GIVEN,
            subject_id=locked.pk,
            site_id=comment.story.site_id,
            actor_id=giver.pk,
            outcome=locked.outcome,
            rule=locked.rule,
        )
    return locked
