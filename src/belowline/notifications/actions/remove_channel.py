"""No more digests go somewhere; its address is forgotten."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.channel_models import Channel


def remove_channel(*, channel: Channel, by: User) -> None:
    """Remove one's own mail, or, as an administrator, any channel; what is gone already is no error.

    Raises:
        PermissionDenied: it is somebody else's, and they are no administrator.
    """
    if channel.user_id != by.pk:
        require(by, Action.MANAGE_PEOPLE, site=channel.site, section=channel.section)
    with transaction.atomic():
        gone, _ = Channel.objects.filter(pk=channel.pk).delete()
        if gone:
            record_event(
                tags.CHANNEL_REMOVED,
                subject_id=channel.pk,
                site_id=channel.site_id,
                actor_id=by.pk,
                kind=channel.kind,
            )
