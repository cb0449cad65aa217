"""A moderator answers an audit: what they would have decided, without knowing what the machine did."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.void_certificate import void_certificate
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Audit, Decision
from belowline.stories.models import Site

ANSWERS = (Decision.Outcome.PUBLISH, Decision.Outcome.REJECT)


def review_audit(*, audit: Audit, reviewer: User, outcome: str, rule: str = "") -> Audit:
    """Store an answer; the comment stays as it is. Where the answers break the promise, the band is widened at once.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `already_reviewed` (the first answer stands), `unknown_outcome`, `rule_required` or
            `unknown_rule`.
    """
    story = audit.decision.comment.story
    require(reviewer, Action.AUDIT, site=story.site_id, section=story.section)
    with transaction.atomic():
        locked = (
            Audit.objects.select_for_update(of=("self",))
            .select_related("decision__comment__story__site", "policy_version__site")
            .get(pk=audit.pk)
        )
        if locked.reviewed_at is not None:
            raise DecidingError(
                "Somebody has answered this audit meanwhile. Their answer stands.", code="already_reviewed"
            )
        site = locked.decision.comment.story.site
        locked.outcome, locked.rule = check_answer(site, outcome, rule)
        locked.reviewer, locked.reviewed_at = reviewer, timezone.now()
        locked.save(update_fields=["outcome", "rule", "reviewer", "reviewed_at"])
        record_event(
            tags.AUDIT_REVIEWED,
            subject_id=locked.pk,
            site_id=site.pk,
            actor_id=reviewer.pk,
            outcome=locked.outcome,
            rule=locked.rule,
        )
        if locked.policy_version is not None:
            void_certificate(version=locked.policy_version)
    return locked


def check_answer(site: Site, outcome: str, rule: str) -> tuple[str, str]:
    """Return outcome and rule as they are stored: only a refusal has a rule.

    Raises:
        DecidingError: `unknown_outcome`, `rule_required` or `unknown_rule`.
    """
    if outcome not in ANSWERS:
        raise DecidingError("Choose to publish or to reject.", code="unknown_outcome")
    if outcome == Decision.Outcome.PUBLISH:
        return outcome, ""
    if not rule:
        raise DecidingError("Choose the rule that the comment breaks.", code="rule_required")
    if rule not in site_policy(site).rules:
        raise DecidingError(f"There is no rule “{rule}” in the policy.", code="unknown_rule")
    return outcome, rule
