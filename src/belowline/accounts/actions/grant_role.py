"""An administrator gives somebody a role: for everything, on one site, or in one section of it."""

from django.db import models, transaction

from belowline.accounts.administrators import lock_administrators
from belowline.accounts.errors import RoleError
from belowline.accounts.models import Grant, User
from belowline.accounts.permissions import ROLES, Action, require
from belowline.events import tags
from belowline.events.models import record_event

MAX_SECTION_CHARACTERS = 100
LAST = "This is the only administrator. Make somebody else an administrator for everything first."


def grant_role(*, user: User, role: str, by: User | None, site: models.Model | None = None, section: str = "") -> bool:
    """Give an account a role there, in the place of the one that it has there; return False where it has it already.

    `by` is None for the operator at the command line. No site: for everything; no section: for the whole site. Whether
    the site has such a section is for the caller to see: what it is called may come before its first story.

    Raises:
        PermissionDenied: no administrator, or of another place.
        RoleError: `unknown_role`, `unknown_section`, `account_not_active`, or `last_administrator`: nobody else could
            change the rules of this server.
    """
    if by is not None:
        require(by, Action.MANAGE_PEOPLE, site=site, section=section)
    if role not in ROLES:
        raise RoleError(f"There is no role “{role}” to give.", code="unknown_role")
    _check_section(site, section)
    with transaction.atomic():
        admins = lock_administrators() if site is None else []
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not locked.is_active:
            raise RoleError("This account is closed: it can hold no role.", code="account_not_active")
        earlier = _everywhere(locked, role, admins) if site is None else _locally(locked, role, site, section, by)
        if earlier == role:
            return False
        record_event(
            tags.ACCOUNT_ROLE_GRANTED,
            subject_id=user.pk,
            site_id=site.pk if site else None,
            actor_id=by.pk if by else None,
            role=role,
            earlier=earlier,
            section=section,
        )
    user.refresh_from_db()
    return True


def _check_section(site: models.Model | None, section: str) -> None:
    if section and site is None:
        raise RoleError("Choose the site whose section it is.", code="unknown_section")
    if len(section) > MAX_SECTION_CHARACTERS or "\x00" in section:
        raise RoleError(
            f"A section's name has at most {MAX_SECTION_CHARACTERS} characters, and no null character.",
            code="unknown_section",
        )


def _everywhere(user: User, role: str, admins: list[int]) -> str:
    """Give the role for everything; return the one before. `admins`: the ids of all administrators."""
    earlier = user.role
    if admins == [user.pk] and role != User.Role.ADMIN:
        raise RoleError(LAST, code="last_administrator")
    user.role = role
    user.save(update_fields=["role"])
    return earlier


def _locally(user: User, role: str, site: models.Model, section: str, by: User | None) -> str:
    """Give the role there; return the one before, or that of readers."""
    before = Grant.objects.filter(user=user, site=site.pk, section=section).first()
    if before is not None and before.role == role:
        return role
    Grant.objects.update_or_create(
        user=user, site_id=site.pk, section=section, defaults={"role": role, "granted_by": by}
    )
    User.objects.filter(pk=user.pk).update(has_local_role=True)
    return before.role if before else User.Role.READER
