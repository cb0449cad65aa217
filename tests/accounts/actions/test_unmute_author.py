"""A reader takes a mute back: their own alone."""

from belowline.accounts.actions.mute_author import mute_author
from belowline.accounts.actions.unmute_author import unmute_author
from belowline.accounts.models import Mute


def test_unmuting(reader, other_reader, moderator):
    mute_author(muted=other_reader, by=reader)
    mute_author(muted=other_reader, by=moderator)

    assert unmute_author(muted=other_reader, by=reader)
    assert not unmute_author(muted=other_reader, by=reader)
    assert Mute.objects.get().user_id == moderator.pk
