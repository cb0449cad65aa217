"""Somebody at the desk writes a note for the colleagues who come next."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require, require_somewhere, sites_for
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import HandoverError
from belowline.moderation.handover import Handover
from belowline.stories.models import Site

MAX_CHARACTERS = 2_000


def write_handover(*, by: User, text_source: str, site: Site | None = None) -> Handover:
    """Keep a note for a site, or for every site; it is shown at the desk until somebody ticks it off.

    Raises:
        PermissionDenied: no moderator, or of no part of the site; for every site, none of everything.
        HandoverError: `handover_empty` or `handover_too_long`.
    """
    check_place(by, site)
    text = text_source.replace("\r\n", "\n").replace("\x00", "").strip()
    if not text:
        raise HandoverError("Write what the colleagues who come next should know.", code="handover_empty")
    if len(text) > MAX_CHARACTERS:
        raise HandoverError(
            f"The note has {len(text):,} characters; at most {MAX_CHARACTERS:,} fit. Please shorten it.",
            code="handover_too_long",
        )
    with transaction.atomic():
        note = Handover.objects.create(site=site, author=by, text_source=text)
        record_event(
            tags.HANDOVER_WRITTEN,
            subject_id=note.pk,
            site_id=site.pk if site else None,
            actor_id=by.pk,
            characters=len(text),
        )
    return note


def check_place(by: User, site: Site | None) -> None:
    """Let those through who write notes for a site, be it with a role in one section; None: with one for everything.

    Raises:
        PermissionDenied: they do not.
    """
    require_somewhere(by, Action.WRITE_HANDOVER)
    if site is None:
        require(by, Action.WRITE_HANDOVER)
    elif not sites_for(by, Action.WRITE_HANDOVER).filter(pk=site.pk).exists():
        raise PermissionDenied("this account may not write handover notes there")
