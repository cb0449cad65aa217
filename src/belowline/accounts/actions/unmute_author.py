"""A reader wants to see again what somebody writes. No event: it is their own affair."""

from belowline.accounts.models import Mute, User


def unmute_author(*, muted: User, by: User) -> bool:
    """Take a mute back; return whether there was one. Raises nothing."""
    return bool(Mute.objects.filter(user=by, muted=muted).delete()[0])
