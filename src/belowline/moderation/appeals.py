"""Reading appeals: what can be contested and until when, what waits, and who may decide it.

After articles 17 and 20 of Regulation (EU) 2022/2065, and the Santa Clara Principles 2.0 on appeals: free, for half a
year at least, decided by a person who was not there the first time.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.accounts.permissions import Action
from belowline.comments.models import Comment
from belowline.engine.policy import Policy
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.impartial import others_moderate, why_own
from belowline.moderation.models import Appeal, Decision, PolicyVersion
from belowline.stories.models import Site

CONTESTABLE = {
    Decision.Outcome.REJECT: Comment.Status.REJECTED,
    Decision.Outcome.REMOVE: Comment.Status.REMOVED,
}
"""Outcomes that an author can contest, with the status that they left; what is held waits for a person anyway."""


def is_contestable(comment: Comment, decision: Decision) -> bool:
    """Say whether this decision, the newest about the comment, took it from readers."""
    return CONTESTABLE.get(Decision.Outcome(decision.outcome)) == comment.status


def appeal_until(decision: Decision, site: Site) -> datetime:
    """Return the moment until which the decision can be contested."""
    days = appeal_days(site, site_policy(site), {decision.policy})
    return decision.created_at + timedelta(days=days[decision.policy])


def appeal_days(site: Site, today: Policy, versions: Collection[str]) -> dict[str, int]:
    """Return for each policy version so many days as its authors were promised, and never fewer than today's policy."""
    days = dict.fromkeys(versions, today.settings.appeal_days)
    if older := set(versions) - {today.version}:
        for row in PolicyVersion.objects.filter(site=site, version__in=older):
            days[row.version] = max(days[row.version], row.parse().settings.appeal_days)
    return days


def why_not_appeal(comment: Comment, decision: Decision) -> tuple[str, str] | None:
    """Return the code and the words why the newest decision about a comment cannot be contested; None: it can."""
    if not is_contestable(comment, decision):
        return "cannot_appeal", gettext("There is nothing to contest: the comment is neither rejected nor removed.")
    if hasattr(decision, "appeal"):
        return "already_appealed", gettext(
            "You have contested this decision already. A decision can be contested once."
        )
    if timezone.now() > (until := appeal_until(decision, comment.story.site)):
        day = date_format(timezone.localtime(until), "DATE_FORMAT")
        return "appeal_too_late", gettext("This decision could be contested until %(day)s.") % {"day": day}
    return None


def open_appeals() -> QuerySet[Appeal]:
    """Return what waits for a moderator, the oldest first; what its author deleted waits no longer."""
    return (
        Appeal.objects.filter(state=Appeal.State.OPEN)
        .exclude(decision__comment__status=Comment.Status.DELETED)
        .select_related("decision__moderator", "decision__comment__author", "decision__comment__story__site")
        .order_by("created_at", "pk")
    )


def why_not_decide(appeal: Appeal, moderator: User) -> str:
    """Return why this moderator must leave an appeal to others, as a sentence; empty: they may decide it.

    Whoever decided first decides only where no other moderator could; the author of the comment only where there is
    nobody else at all.
    """
    comment = appeal.decision.comment
    first, author = appeal.decision.moderator_id, comment.author_id
    if why := why_own(comment, moderator):
        return why
    if moderator.pk == first and others_moderate({moderator.pk, author}, comment, Action.DECIDE_APPEAL):
        return "You took the decision that is contested: another moderator decides."
    return ""


def check_not_contested(comment: Comment) -> None:
    """Refuse to decide about a comment whose author contests what was decided: the appeal is to be decided.

    Raises:
        DecidingError: `under_appeal`.
    """
    if Appeal.objects.filter(decision__comment=comment, state=Appeal.State.OPEN).exists():
        raise DecidingError(
            "The author contests this decision: decide the appeal, or leave it to a colleague.", code="under_appeal"
        )


def was_first_decider(appeal: Appeal) -> bool:
    """Say whether an appeal was decided by whoever decided first, because there was no other moderator."""
    return appeal.decided_by_id is not None and appeal.decided_by_id == appeal.decision.moderator_id
