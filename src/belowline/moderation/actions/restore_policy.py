"""An earlier policy acts again: its text becomes a new version, so the list of versions stays whole."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.engine.policy import default_policy_text
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.models import PolicyVersion
from belowline.stories.models import Site


def restore_policy(
    *, site: Site, earlier: PolicyVersion | None, by: User | None = None, last_seen: int | None = None
) -> PolicyVersion:
    """Let an earlier version act on its site again; None: the policy that is shipped. The rest as in activate_policy.

    Raises:
        ValueError: the version is another site's.
        PermissionDenied: no administrator.
        PolicyError: this release no longer understands the text.
        ActivatingError: `policy_changed`: another version has begun to act since.
    """
    if earlier is not None and earlier.site_id != site.pk:
        raise ValueError("a policy acts again only where it acted before")
    text = earlier.text if earlier else default_policy_text()
    with transaction.atomic():
        row = activate_policy(site=site, text=text, by=by, last_seen=last_seen)
        record_event(
            tags.POLICY_RESTORED,
            subject_id=row.pk,
            site_id=site.pk,
            actor_id=by.pk if by else None,
            version=row.version,
            earlier=earlier.pk if earlier else None,
        )
    return row
