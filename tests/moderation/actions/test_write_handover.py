"""Handover notes: written by moderators, each where they work, and shown to whom they concern."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.events.models import Event
from belowline.moderation.actions.write_handover import MAX_CHARACTERS, write_handover
from belowline.moderation.errors import HandoverError
from belowline.moderation.handover import Handover, open_handovers

TEXT = "The bridge story is heated.\r\nI promised Ken an answer by noon."


@pytest.mark.parametrize("place", ["every site", "one site"])
def test_a_note(moderator, site, place):
    where = site if place == "one site" else None
    note = write_handover(by=moderator, text_source=f"  {TEXT}\x00 ", site=where)

    kept = Handover.objects.get()
    assert (kept, kept.author, kept.site, kept.closed_at) == (note, moderator, where, None)
    assert kept.text_source == "The bridge story is heated.\nI promised Ken an answer by noon."
    event = Event.objects.get(tag="handover:written")
    assert (event.subject_id, event.actor_id, event.site_id) == (note.pk, moderator.pk, where and site.pk)
    assert event.data == {"characters": len(kept.text_source)}


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_writes_none(account, site, role):
    somebody = account("Somebody", role)
    for where in (None, site):
        with pytest.raises(PermissionDenied):
            write_handover(by=somebody, text_source=TEXT, site=where)
    assert not Handover.objects.exists()


@pytest.mark.parametrize("section", ["", "sport"])
def test_a_local_moderator_writes_for_their_site(local, site, other_site, section):
    user = local(site, "moderator", section)
    write_handover(by=user, text_source=TEXT, site=site)

    for where in (None, other_site):
        with pytest.raises(PermissionDenied):
            write_handover(by=user, text_source=TEXT, site=where)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "handover_empty"), (" \x00\n ", "handover_empty"), ("x" * (MAX_CHARACTERS + 1), "handover_too_long")],
)
def test_what_is_no_note(moderator, text, code):
    with pytest.raises(HandoverError) as caught:
        write_handover(by=moderator, text_source=text)

    assert caught.value.code == code
    assert not Handover.objects.exists()


def test_whom_a_note_concerns(local, moderator, auditor, reader, site, other_site):  # noqa: PLR0917
    for text, where in (("all", None), ("gazette", site), ("courier", other_site)):
        write_handover(by=moderator, text_source=text, site=where)

    def seen(user):
        return [note.text_source for note in open_handovers(user)]

    assert seen(moderator) == seen(auditor) == ["courier", "gazette", "all"]
    assert seen(local(site, section="sport")) == ["gazette", "all"]
    assert seen(local(other_site, "auditor", name="Courier's auditor")) == ["courier", "all"]
