"""An administrator withdraws a role: for everything, on one site, or in one section of it."""

from django.db import models, transaction

from belowline.accounts.actions.grant_role import LAST
from belowline.accounts.administrators import lock_administrators
from belowline.accounts.errors import RoleError
from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event


def withdraw_role(
    *, user: User, role: str, by: User | None, site: models.Model | None = None, section: str = ""
) -> None:
    """Take a role away from an account that holds it there; what it holds elsewhere stays.

    `by` is None for the operator at the command line. No site: for everything; no section: for the whole site.

    Raises:
        PermissionDenied: no administrator, or of another place.
        RoleError: `nothing_to_withdraw`: it does not hold this role there (any more), or `last_administrator`: nobody
            else could change the rules of this server.
    """
    if by is not None:
        require(by, Action.MANAGE_PEOPLE, site=site, section=section)
    with transaction.atomic():
        admins = lock_administrators() if site is None else []
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        gone = _everywhere(locked, role, admins) if site is None else _locally(locked, role, site, section)
        if not gone:
            raise RoleError(
                "The account does not hold this role there any more. Nothing was changed.", code="nothing_to_withdraw"
            )
        record_event(
            tags.ACCOUNT_ROLE_WITHDRAWN,
            subject_id=user.pk,
            site_id=site.pk if site else None,
            actor_id=by.pk if by else None,
            role=role,
            section=section,
        )
    user.refresh_from_db()


def _everywhere(user: User, role: str, admins: list[int]) -> bool:
    """Take the role for everything; return False where it is another one. `admins`: the ids of all administrators."""
    if user.role != role or role == User.Role.READER:
        return False
    if admins == [user.pk]:
        raise RoleError(LAST, code="last_administrator")
    user.role = User.Role.READER
    user.save(update_fields=["role"])
    return True


def _locally(user: User, role: str, site: models.Model, section: str) -> bool:
    """Delete the grant; return False where there is none like it."""
    gone, _ = Grant.objects.filter(user=user, role=role, site=site.pk, section=section).delete()
    User.objects.filter(pk=user.pk).update(has_local_role=Grant.objects.filter(user=user).exists())
    return bool(gone)
