"""A digest of the desk gets somewhere to go: a channel of Slack or Mattermost, or a moderator's own mail."""

from typing import NamedTuple

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.notifications.channel_models import Channel
from belowline.notifications.desk_tasks import has_confirmed
from belowline.notifications.errors import ChannelError
from belowline.notifications.hooks import check_hook
from belowline.stories.models import Site

LABEL_CHARACTERS, ADDRESS_CHARACTERS = 100, 500


class ChannelFields(NamedTuple):
    """What somebody fills in."""

    kind: str
    frequency: str
    site: Site | None = None
    """None: every site."""
    section: str = ""
    label: str = ""
    address: str = ""
    """Of the incoming webhook; empty for mail."""
    has_excerpts: bool = False
    tells_escalations: bool = True


def add_channel(*, fields: ChannelFields, by: User) -> Channel:
    """Add a channel that many read (by an administrator), or one's own mail, which there is once.

    Raises:
        PermissionDenied: only administrators add channels that others read; only who may decide gets mail.
        ChannelError: `channel_error` (a field is wrong), `hook_not_allowed`, `no_address` (one's address is not
            confirmed) or `channel_there` (the mail is on already).
    """
    is_mail = fields.kind == Channel.Kind.MAIL
    require(by, Action.DECIDE if is_mail else Action.MANAGE_PEOPLE, site=fields.site, section=fields.section)
    _check(fields)
    if is_mail and not has_confirmed(by):
        raise ChannelError("Confirm your e-mail address first.", code="no_address")
    if not is_mail:
        check_hook(fields.address)
    with transaction.atomic():
        if is_mail and Channel.objects.select_for_update().filter(user=by).exists():
            raise ChannelError("You get this mail already: stop it first.", code="channel_there")
        row = Channel.objects.create(
            **fields._replace(address="" if is_mail else fields.address)._asdict(),
            user=by if is_mail else None,
            added_by=by,
        )
        record_event(
            tags.CHANNEL_ADDED,
            subject_id=row.pk,
            site_id=fields.site.pk if fields.site else None,
            actor_id=by.pk,
            kind=row.kind,
            frequency=row.frequency,
            has_excerpts=row.has_excerpts,
        )
    return row


def _check(fields: ChannelFields) -> None:
    if fields.kind not in Channel.Kind.values or fields.frequency not in Channel.Frequency.values:
        raise ChannelError("Choose what it is, and how often.")
    if fields.section and fields.site is None:
        raise ChannelError("A section belongs to a site: choose the site, too.")
    if len(fields.label) > LABEL_CHARACTERS or len(fields.section) > LABEL_CHARACTERS:
        raise ChannelError(f"A name has at most {LABEL_CHARACTERS} characters.")
    if len(fields.address) > ADDRESS_CHARACTERS:
        raise ChannelError(f"An address has at most {ADDRESS_CHARACTERS} characters.")
