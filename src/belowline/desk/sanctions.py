"""The measures against accounts: the appeals that wait, and what is in force or was."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, sites_for, within
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.decide_sanction_appeal import decide_sanction_appeal, why_not_decide
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.errors import DecidingError, SanctionError
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.sanctions import open_sanction_appeals

PER_PAGE = 30
STATES = {"uphold": SanctionAppeal.State.UPHELD, "overturn": SanctionAppeal.State.OVERTURNED}


@require_safe
@never_cache
@allowed(Action.SEE_DESK)
def show_sanctions(request: HttpRequest) -> HttpResponse:
    """Show the appeals that wait, the oldest first, and the measures: those in force, or all with `?all=1`."""
    return _page(request)


@require_POST
@allowed(Action.DECIDE_APPEAL)
@saved_or_said
def settle(request: HttpRequest, appeal_id: int) -> HttpResponse:
    """Uphold or overturn; an error comes back with the reason still in the form."""
    appeal = get_object_or_404(SanctionAppeal.objects.select_related("sanction__site", "sanction__user"), pk=appeal_id)
    state = STATES.get(request.POST.get("state", ""))
    reason = request.POST.get("reason", "").replace("\x00", "").replace("\r\n", "\n")
    try:
        if state is None:
            raise SanctionError("Choose to uphold or to overturn.", code="reason_required")
        decide_sanction_appeal(appeal=appeal, moderator=staff_of(request), state=state, reason=reason)
    except (SanctionError, DecidingError) as error:
        return _page(request, status=422, settling=appeal_id, problem=error.message, reason=reason)
    done = "The measure stands" if state == SanctionAppeal.State.UPHELD else "Lifted"
    name = appeal.sanction.user.display_name
    messages.success(request, f"{done}: {name} will be told, with your reason.", extra_tags="good")
    return redirect("desk-sanctions")


def _page(request: HttpRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator = staff_of(request)
    kind = request.GET.get("kind", "")
    shows_all = "all" in request.GET
    rows = _seen(moderator, Sanction.objects.all() if shows_all else Sanction.objects.acting())
    if kind in Sanction.Kind.values:
        rows = rows.filter(kind=kind)
    related = ("user", "site", "given_by", "lifted_by", "comment", "appeal")
    appeals = [
        {
            "row": appeal,
            "why_not": why_not_decide(appeal.sanction, moderator),
            "may": may(moderator, Action.DECIDE_APPEAL, site=appeal.sanction.site),
        }
        for appeal in within(moderator, Action.SEE_DESK, open_sanction_appeals(), site="sanction__site", section=None)
    ]
    context = {
        "appeals": appeals,
        "page": Paginator(rows.select_related(*related).order_by("-id"), PER_PAGE).get_page(request.GET.get("page")),
        "kind": kind if kind in Sanction.Kind.values else "",
        "kinds": Sanction.Kind.choices,
        "shows_all": shows_all,
        "max_characters": MAX_NOTE_CHARACTERS,
        **extra,
    }
    return render(request, "desk/sanctions.html", context, status=status)


def _seen(moderator: User, rows: QuerySet[Sanction]) -> QuerySet[Sanction]:
    """Return the measures on sites that somebody sees as a whole, and, for whoever sees any, those on all sites."""
    sites = sites_for(moderator, Action.SEE_DESK, whole=True)
    return rows.filter(Q(site__in=sites) | Q(site=None)) if sites else rows.none()
