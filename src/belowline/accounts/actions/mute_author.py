"""A reader does not want to see what somebody writes. No event: whom somebody mutes is their own affair."""

from belowline.accounts.models import Mute, User


def mute_author(*, muted: User, by: User) -> bool:
    """Mute somebody for one reader alone; return whether that is new. Nobody mutes themselves. Raises nothing."""
    if muted.pk == by.pk:
        return False
    return Mute.objects.get_or_create(user=by, muted=muted)[1]
