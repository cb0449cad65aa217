"""A site goes on without a head: its versions stay."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.models import HeadVersion
from belowline.stories.models import Site


def deactivate_head(*, site: Site, by: User | None = None) -> HeadVersion | None:
    """Let the site's head rest from the next comment on, and return it; None: no head acted, and nothing happens.

    `by` is None for the operator, or the machine.

    Raises:
        PermissionDenied: no administrator of the site.
    """
    if by is not None:
        require(by, Action.CHANGE_POLICY, site=site)
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        head = HeadVersion.objects.filter(site=site, is_active=True).first()
        if head is None:
            return None
        head.is_active = False
        head.save(update_fields=["is_active"])
        record_event(
            tags.HEAD_DEACTIVATED,
            subject_id=head.pk,
            site_id=site.pk,
            actor_id=by.pk if by else None,
        )
    return head
