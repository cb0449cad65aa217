"""Who holds which role where."""

from typing import NamedTuple

from django.db.models import Q

from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import RANKS


class HeldRole(NamedTuple):
    """A role and where it holds, in words for people."""

    role: str
    site_id: int | None
    section: str
    place: str


class Person(NamedTuple):
    """A member of staff."""

    user: User
    roles: list[HeldRole]
    """For everything first, then by place."""


def staff() -> list[Person]:
    """Return the open accounts that hold a role, the highest role first, in two queries."""
    named = Q(has_local_role=True) | ~Q(role=User.Role.READER)
    users = User.objects.filter(named, is_active=True)
    local: dict[int, list[HeldRole]] = {}
    for grant in Grant.objects.filter(user__in=users).select_related("site").order_by("site__name", "section"):
        local.setdefault(grant.user_id, []).append(held_role(grant))
    found = [Person(user, everywhere(user) + local.get(user.pk, [])) for user in users]
    return sorted((one for one in found if one.roles), key=_order)


def held_role(grant: Grant) -> HeldRole:
    """Return what a grant says."""
    place = f"{grant.site.name}: {grant.section}" if grant.section else grant.site.name
    return HeldRole(grant.role, grant.site_id, grant.section, place)


def everywhere(user: User) -> list[HeldRole]:
    """Return the role for everything, or nothing for a reader."""
    return [] if user.role == User.Role.READER else [HeldRole(user.role, None, "", "everything")]


def _order(person: Person) -> tuple[int, str]:
    return -max(RANKS[User.Role(held.role)] for held in person.roles), person.user.display_name.casefold()
