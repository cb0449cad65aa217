"""Somebody can always change the rules of a server: the last administrator stays one."""

from belowline.accounts.models import User


def lock_administrators() -> list[int]:
    """Lock the rows of all open accounts that are administrators for everything, and return their ids.

    Call it before anything else that a transaction locks: of two who withdraw each other's role at once, the second
    waits here and then sees itself alone.
    """
    admins = User.objects.filter(role=User.Role.ADMIN, is_active=True).order_by("pk")
    return list(admins.select_for_update(no_key=True).values_list("pk", flat=True))
