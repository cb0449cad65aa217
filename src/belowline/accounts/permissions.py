"""What each role may do, and where: the one place that says so. docs/reference/permissions.md is made of it.

A role is held for everything (`User.role`), on one site, or in one section of it (`Grant`). Whoever acts asks `require`
with the site and section of what they act on; whoever shows a list narrows it by `within`.
"""

from enum import StrEnum
from typing import Any, NamedTuple, TypeVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet, prefetch_related_objects

from belowline.accounts.models import Grant, User

Place = Model | int | None
"""A site, by its row or its id; None: everything."""
Rows = TypeVar("Rows", bound=QuerySet[Any, Any])
READER, AUDITOR, MODERATOR = User.Role.READER, User.Role.AUDITOR, User.Role.MODERATOR
SENIOR, EDITOR, ADMIN = User.Role.SENIOR, User.Role.EDITOR, User.Role.ADMIN
ROLES = (AUDITOR, MODERATOR, SENIOR, EDITOR, ADMIN)
"""Those of staff; each may do all that the one before it may."""
STAFF = frozenset(ROLES)
MODERATORS = STAFF - {AUDITOR}
SENIORS = MODERATORS - {MODERATOR}
EDITORS = SENIORS - {SENIOR}
ADMINS = frozenset({ADMIN})
TITLES = {
    READER: "Reader",
    AUDITOR: "Auditor",
    MODERATOR: "Moderator",
    SENIOR: "Senior moderator",
    EDITOR: "Editor",
    ADMIN: "Administrator",
}
"""As the desk and the documentation call them; the desk is not translated yet."""
RANKS = {role: rank for rank, role in enumerate((READER, *ROLES))}


class Action(StrEnum):
    """What a role lets somebody do."""

    SEE_DESK = "see_desk"
    SEE_INSIGHTS = "see_insights"
    SEARCH = "search"
    SEE_PRIVATE = "see_private"
    DECIDE = "decide"
    DECIDE_BATCH = "decide_batch"
    REMOVE = "remove"
    UNDO_OTHERS = "undo_others"
    ESCALATE = "escalate"
    ANSWER_ESCALATION = "answer_escalation"
    DECIDE_APPEAL = "decide_appeal"
    DECIDE_NOTICE = "decide_notice"
    ANSWER_REPORTS = "answer_reports"
    MUTE_REPORTER = "mute_reporter"
    AUDIT = "audit"
    WARN = "warn"
    PREMODERATE = "premoderate"
    SUSPEND = "suspend"
    BAN = "ban"
    LIFT_SANCTION = "lift_sanction"
    WRITE_NOTE = "write_note"
    WRITE_HANDOVER = "write_handover"
    PICK = "pick"
    CONTROL_STORY = "control_story"
    SET_SECTION = "set_section"
    EDIT_TEMPLATES = "edit_templates"
    EDIT_FAQ = "edit_faq"
    CHANGE_POLICY = "change_policy"
    MANAGE_PEOPLE = "manage_people"


class Row(NamedTuple):
    """One line of the matrix."""

    roles: frozenset[User.Role]
    words: str
    """What follows “may”."""


MATRIX = {
    Action.SEE_DESK: Row(STAFF, "open the desk and read what waits there"),
    Action.SEE_INSIGHTS: Row(STAFF, "see how moderation goes, in pictures and figures"),
    Action.SEARCH: Row(STAFF, "search all comments"),
    Action.SEE_PRIVATE: Row(MODERATORS, "see addresses and notes about people; every look is logged"),
    Action.DECIDE: Row(MODERATORS, "publish, reject, hold or tag a comment that waits"),
    Action.DECIDE_BATCH: Row(MODERATORS, "decide about many comments at once"),
    Action.REMOVE: Row(MODERATORS, "remove a published comment"),
    Action.UNDO_OTHERS: Row(SENIORS, "take back what a colleague decided"),
    Action.ESCALATE: Row(MODERATORS, "hand a comment on, or ask a colleague"),
    Action.ANSWER_ESCALATION: Row(SENIORS, "answer what was handed on to senior moderators"),
    Action.DECIDE_APPEAL: Row(MODERATORS, "decide an appeal"),
    Action.DECIDE_NOTICE: Row(MODERATORS, "decide about a notice of illegal content"),
    Action.ANSWER_REPORTS: Row(MODERATORS, "answer readers' reports"),
    Action.MUTE_REPORTER: Row(SENIORS, "mute a reader who abuses reports"),
    Action.AUDIT: Row(MODERATORS, "review the machine's decisions blind"),
    Action.WARN: Row(MODERATORS, "warn a commenter"),
    Action.PREMODERATE: Row(MODERATORS, "have all comments of a commenter wait for a person"),
    Action.SUSPEND: Row(MODERATORS, "suspend a commenter for a time"),
    Action.BAN: Row(SENIORS, "ban a commenter"),
    Action.LIFT_SANCTION: Row(SENIORS, "lift a sanction before its end"),
    Action.WRITE_NOTE: Row(MODERATORS, "write a note about a commenter for the team"),
    Action.WRITE_HANDOVER: Row(MODERATORS, "write a handover note, and tick one off"),
    Action.PICK: Row(MODERATORS, "pick a comment, or fold a digression"),
    Action.CONTROL_STORY: Row(MODERATORS, "control the discussion under a story"),
    Action.SET_SECTION: Row(SENIORS, "say how a section, or the whole site, is discussed"),
    Action.EDIT_TEMPLATES: Row(SENIORS, "write the templates of messages to readers"),
    Action.EDIT_FAQ: Row(EDITORS, "put the newsroom's own words into the FAQ"),
    Action.CHANGE_POLICY: Row(ADMINS, "change the policy"),
    Action.MANAGE_PEOPLE: Row(ADMINS, "give and withdraw roles, and read the log of looks at private data"),
}


class Held(NamedTuple):
    """A role that somebody holds, and where."""

    role: str
    site_id: int | None
    """None: everywhere."""
    section: str
    """Empty: the whole site."""

    def covers(self, site_id: int | None, section: str) -> bool:
        """Say whether the role holds there; None: on every site."""
        return self.site_id is None or (self.site_id == site_id and self.section in {"", section})


def roles_of(user: User | AnonymousUser) -> tuple[Held, ...]:
    """Return what an account may use now: nothing where it is closed, or lacks a second factor that it has to have."""
    if not (isinstance(user, User) and user.is_staff):
        return ()
    everywhere = (Held(user.role, None, ""),) if user.role != READER else ()
    if not user.has_local_role:
        return everywhere
    # Read once for an account's object: refresh_from_db forgets it.
    prefetch_related_objects([user], "grants")
    return everywhere + tuple(Held(grant.role, grant.site_id, grant.section) for grant in user.grants.all())


def rank_of(user: User) -> int:
    """Return the rank of the highest role that an account holds anywhere, whatever may keep it from using it."""
    local = Grant.objects.filter(user=user).values_list("role", flat=True) if user.has_local_role else ()
    return max(RANKS[User.Role(role)] for role in (user.role, *local))


def may(user: User | AnonymousUser, action: Action, *, site: Place = None, section: str = "") -> bool:
    """Say whether somebody may do this there.

    No site asks for all of them; no section for the whole site, which is also where stories without a section belong.
    Whether a page is worth showing at all, asks `may_somewhere`.
    """
    return any(held.covers(_id_of(site), section) for held in _allowing(user, action))


def may_somewhere(user: User | AnonymousUser, action: Action) -> bool:
    """Say whether there is a site or a section where somebody may do this; never enough to act on something."""
    return bool(_allowing(user, action))


def require(user: User | AnonymousUser, action: Action, *, site: Place = None, section: str = "") -> None:
    """Let an action go on where `may` says yes.

    Raises:
        PermissionDenied: somebody's role does not let them do this there.
    """
    if not may(user, action, site=site, section=section):
        raise _refusal(action)


def require_somewhere(user: User | AnonymousUser, action: Action) -> None:
    """Let a page go on where `may_somewhere` says yes; what it lists goes through `within`.

    Raises:
        PermissionDenied: somebody's role does not let them do this anywhere.
    """
    if not may_somewhere(user, action):
        raise _refusal(action)


def within(
    user: User | AnonymousUser,
    action: Action,
    queryset: Rows,
    *,
    site: str = "story__site",
    section: str | None = "story__section",
) -> Rows:
    """Return the rows that somebody may do this to.

    `site` and `section` are the paths from a row to its site and to its section's name. None: rows have no section,
    so that only a role on the whole site counts.
    """
    places = Q(pk__in=[])
    for held in _allowing(user, action):
        if held.site_id is None:
            return queryset
        if not held.section:
            places |= Q(**{site: held.site_id})
        elif section is not None:
            places |= Q(**{site: held.site_id, section: held.section})
    return queryset.filter(places)


def sites_for(user: User | AnonymousUser, action: Action, *, whole: bool = False) -> QuerySet[Any]:
    """Return the sites where somebody may do this, be it in one section only; `whole`: on the whole site."""
    sites = apps.get_model("stories", "Site")._default_manager.order_by("pk")  # noqa: SLF001 - Django's documented way
    held = [one for one in _allowing(user, action) if not (whole and one.section)]
    if any(one.site_id is None for one in held):
        return sites
    return sites.filter(pk__in={one.site_id for one in held})


def people_who_may(action: Action, *, site: Place = None, section: str | None = "") -> QuerySet[User]:
    """Return the open accounts whose role lets them do this there; `section` None: somewhere on the site."""
    roles = MATRIX[action].roles
    named = Q(role__in=roles)
    if (site_id := _id_of(site)) is not None:
        local = Grant.objects.filter(site_id=site_id, role__in=roles)
        if section is not None:
            local = local.filter(section__in={"", section})
        named |= Q(pk__in=local.values("user"))
    return User.objects.filter(named, is_active=True)


def _id_of(site: Place) -> int | None:
    return site.pk if isinstance(site, Model) else site


def _allowing(user: User | AnonymousUser, action: Action) -> list[Held]:
    roles = MATRIX[action].roles
    return [held for held in roles_of(user) if held.role in roles]


def _refusal(action: Action) -> PermissionDenied:
    return PermissionDenied(f"this account may not {MATRIX[action].words.partition(';')[0]} there")
