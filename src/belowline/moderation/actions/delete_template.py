"""Somebody takes a message template away."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.team_models import MessageTemplate


def delete_template(*, template: MessageTemplate, by: User) -> None:
    """Delete a template; what was written with it stays.

    Raises:
        PermissionDenied: they may not edit templates there.
    """
    require(by, Action.EDIT_TEMPLATES, site=template.site)
    with transaction.atomic():
        record_event(tags.TEMPLATE_DELETED, subject_id=template.pk, site_id=template.site_id, actor_id=by.pk)
        template.delete()
