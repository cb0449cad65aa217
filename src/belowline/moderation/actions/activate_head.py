"""A learned head begins to act on a site; the one before it rests, and can come back."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.engine.errors import ModelError
from belowline.engine.models.head import read_head
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.engine import base_engine
from belowline.moderation.errors import HeadError
from belowline.moderation.models import HeadVersion
from belowline.stories.models import Site


def activate_head(*, head: HeadVersion, by: User | None = None) -> None:
    """Let a head act from the next comment on; activating it twice does nothing.

    `by` is None for the operator, or the machine.

    Raises:
        PermissionDenied: no administrator of the site.
        HeadError: `head_unusable`: it is damaged, or was learned on another abuse model.
    """
    if by is not None:
        require(by, Action.CHANGE_POLICY, site=head.site_id)
    abuse = base_engine().abuse
    try:
        read_head(bytes(head.weights)).check_fits(abuse.version, abuse.traits_width)
    except ModelError as error:
        raise HeadError(error.message) from error
    with transaction.atomic():
        Site.objects.select_for_update(no_key=True).get(pk=head.site_id)
        acting = HeadVersion.objects.filter(site=head.site_id, is_active=True)
        if acting.filter(pk=head.pk).exists():
            return
        acting.update(is_active=False)
        head.is_active = True
        head.save(update_fields=["is_active"])
        record_event(
            tags.HEAD_ACTIVATED,
            subject_id=head.pk,
            site_id=head.site_id,
            actor_id=by.pk if by else None,
        )
