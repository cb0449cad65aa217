"""The desk's page about people: who holds which role where; administrators give roles and withdraw them."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.actions.log_look import log_look
from belowline.accounts.actions.withdraw_role import withdraw_role
from belowline.accounts.errors import RoleError
from belowline.accounts.models import User
from belowline.accounts.people import HeldRole, Person, staff
from belowline.accounts.permission_table import table_rows
from belowline.accounts.permissions import ROLES, TITLES, Action, may, may_somewhere
from belowline.accounts.second_factor import with_second_factor
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.desk.people_form import GrantForm, place_words
from belowline.desk.role_history import role_changes
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.models import Decision
from belowline.stories.models import Site


class RoleRow(NamedTuple):
    """A role as the page shows it."""

    held: HeldRole
    title: str
    may_withdraw: bool


class PersonRow(NamedTuple):
    """A member of staff as the page shows them."""

    user: User
    roles: list[RoleRow]
    has_factor: bool
    decided_at: Any
    """When they decided last about a comment; None: never."""


@require_safe
@never_cache
@moderators_only
def show_people(request: HttpRequest) -> HttpResponse:
    """Show who holds which role where, and what each role may do."""
    return _page(request, GrantForm(by=staff_of(request)))


@require_POST
@allowed(Action.MANAGE_PEOPLE)
@saved_or_said
def grant(request: HttpRequest) -> HttpResponse:
    """Give somebody a role; what is wrong comes back with all that was typed."""
    by = staff_of(request)
    form = GrantForm(request.POST, by=by)
    if not form.is_valid():
        return _page(request, form, status=422)
    given = form.given()
    try:
        is_new = grant_role(by=by, **given._asdict())
    except RoleError as error:
        form.add_error(None, error.message)
        return _page(request, form, status=422)
    where = place_words(given.site, given.section)
    said = f"{given.user.display_name} {'is' if is_new else 'was already'} {TITLES[given.role].lower()} for {where}."
    messages.success(request, said, extra_tags="good")
    return redirect("desk-people")


@require_POST
@allowed(Action.MANAGE_PEOPLE)
@saved_or_said
def withdraw(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a role from somebody, as the page showed it; where it is another one meanwhile, nothing happens."""
    user = get_object_or_404(User, pk=user_id)
    site_id = parse_id(request.POST.get("site", ""))
    site = get_object_or_404(Site, pk=site_id) if site_id else None
    role, section = request.POST.get("role", ""), request.POST.get("section", "")
    try:
        withdraw_role(user=user, role=role, by=staff_of(request), site=site, section=section)
    except RoleError as error:
        messages.error(request, error.message, extra_tags="bad")
        return redirect("desk-people")
    title = TITLES[User.Role(role)].lower()
    said = f"Withdrawn: {user.display_name} is no longer {title} for {place_words(site, section)}."
    messages.success(request, said, extra_tags="good")
    # Whoever has withdrawn their own last role may not see the desk any more.
    return redirect("desk-people" if User.objects.get(pk=staff_of(request).pk).is_staff else "my-comments")


@require_POST
@never_cache
@allowed(Action.MANAGE_PEOPLE)
@saved_or_said
def show_address(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show the page with the e-mail address of one member of staff; the look is logged first."""
    person = get_object_or_404(User.objects.filter(pk__in=[one.user.pk for one in staff()]), pk=user_id)
    log_look(by=staff_of(request), about=person, what="e-mail address")
    return _page(request, GrantForm(by=staff_of(request)), shown=person)


def _page(request: HttpRequest, form: GrantForm, *, status: int = 200, **extra: Any) -> HttpResponse:
    by, found = staff_of(request), staff()
    context = {
        "rows": _rows(by, found),
        "form": form,
        "may_manage": may_somewhere(by, Action.MANAGE_PEOPLE),
        "titles": [TITLES[role] for role in ROLES],
        "table": table_rows(),
        "changes": role_changes(by),
        **extra,
    }
    return render(request, "desk/people.html", context, status=status)


def _rows(by: User, found: list[Person]) -> list[PersonRow]:
    ids = [person.user.pk for person in found]
    factors = with_second_factor(ids)
    decided = dict(
        Decision.objects.filter(moderator__in=ids).values_list("moderator").annotate(Max("created_at")).order_by()
    )
    return [
        PersonRow(
            person.user,
            [RoleRow(held, TITLES[User.Role(held.role)], _may_withdraw(by, held)) for held in person.roles],
            person.user.pk in factors,
            decided.get(person.user.pk),
        )
        for person in found
    ]


def _may_withdraw(by: User, held: HeldRole) -> bool:
    return may(by, Action.MANAGE_PEOPLE, site=held.site_id, section=held.section)
