"""A reader mutes somebody: once, for themselves alone, and never themselves."""

from belowline.accounts.actions.mute_author import mute_author
from belowline.accounts.models import Mute
from belowline.events.models import Event


def test_muting(reader, other_reader, moderator):
    assert mute_author(muted=other_reader, by=reader)
    assert not mute_author(muted=other_reader, by=reader)
    assert mute_author(muted=other_reader, by=moderator)

    assert [(one.user_id, one.muted_id) for one in Mute.objects.order_by("pk")] == [
        (reader.pk, other_reader.pk),
        (moderator.pk, other_reader.pk),
    ]


def test_nobody_mutes_themselves(reader):
    assert not mute_author(muted=reader, by=reader)
    assert not Mute.objects.exists()


def test_it_is_nobody_elses_affair(reader, other_reader):
    before = Event.objects.count()
    mute_author(muted=other_reader, by=reader)

    assert Event.objects.count() == before
