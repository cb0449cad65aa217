"""A moderator takes the next audit; for half an hour, nobody else gets it."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere
from belowline.events import tags
from belowline.events.models import Event, record_event
from belowline.moderation.audits import audits_for, claimed_by
from belowline.moderation.models import Audit

CANDIDATES = 20
"""So many moderators may stand in each other's way at the same moment."""
CLAIM = timedelta(minutes=30)


def claim_audit(*, moderator: User) -> Audit | None:
    """Return the audit that the moderator has claimed, or claim the one that waits longest; None: none waits for them.

    Raises:
        PermissionDenied: no moderator.
    """
    require_somewhere(moderator, Action.AUDIT)
    since = timezone.now() - CLAIM
    waiting = audits_for(moderator)
    if own := waiting.filter(pk__in=claimed_by(moderator, since)).first():
        return own
    for audit in waiting.exclude(pk__in=claimed_by(None, since))[:CANDIDATES]:
        if _claim(audit, moderator):
            return audit
    return None


def _claim(audit: Audit, moderator: User) -> bool:
    """Claim one audit; False: somebody was faster."""
    since = timezone.now() - CLAIM
    with transaction.atomic():
        # Behind the lock the question is asked anew: whoever held it may have claimed the audit, or answered it.
        locked = Audit.objects.select_for_update(of=("self",), no_key=True).get(pk=audit.pk)
        taken = Event.objects.filter(tag=tags.AUDIT_CLAIMED, subject_id=audit.pk, created_at__gte=since)
        if locked.reviewed_at is not None or taken.exists():
            return False
        site_id = audit.decision.comment.story.site_id
        record_event(tags.AUDIT_CLAIMED, subject_id=audit.pk, site_id=site_id, actor_id=moderator.pk)
    return True
