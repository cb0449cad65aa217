"""A commenter's page on the desk: the record, measures, notes of the team, reports, comments; and what can be done."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belowline.accounts.actions.log_look import log_look
from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, may_somewhere, sites_for
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.commenter_chart import week_chart
from belowline.desk.doors import allowed, seen_by, staff_of
from belowline.desk.measure_form import measure_form, sent
from belowline.desk.views import saved_or_said
from belowline.moderation.acquaintance import concerns, require_concern
from belowline.moderation.actions.delete_team_note import delete_team_note
from belowline.moderation.actions.lift_sanction import action_to_lift, lift_sanction
from belowline.moderation.actions.restore_all_by import batches_about
from belowline.moderation.actions.sanction_commenter import sanction_commenter
from belowline.moderation.actions.write_team_note import MAX_NOTE, write_team_note
from belowline.moderation.commenters import (
    REFUSED,
    WAITING,
    commenter_record,
    latest_reports,
    refused_by_rule,
    reports_made,
    weeks_of,
    with_first_signal,
)
from belowline.moderation.errors import DecidingError, NoteError, SanctionError
from belowline.moderation.sanction_models import Sanction
from belowline.moderation.sanctions import home_site
from belowline.moderation.team_models import TeamNote
from belowline.stories.models import Site

PER_PAGE = 20
FILTERS = {
    "published": ("Published", (Comment.Status.PUBLISHED,)),
    "refused": ("Refused", REFUSED),
    "waiting": ("Waiting", WAITING),
    "deleted": ("Deleted", (Comment.Status.DELETED,)),
}
SENT = ("kind", "rule", "words", "where", "hours-premoderate", "hours-suspend", "hours-ban", "template", "comment")


@require_safe
@never_cache
@allowed(Action.SEE_DESK)
def show_commenter(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show everything; `?comment=` is what a measure would be taken for, `?site=` whose rules are offered."""
    return _page(request, get_object_or_404(User, pk=user_id))


@require_POST
@allowed(Action.SEE_DESK)
@saved_or_said
def sanction(request: HttpRequest, user_id: int) -> HttpResponse:
    """Take a measure; what is missing comes back with all that was typed."""
    user = get_object_or_404(User, pk=user_id)
    comment = _cause(request.POST.get("comment", ""), user)
    site = _site(request, user, comment)
    typed = {name: request.POST.get(name, "").replace("\x00", "") for name in SENT}
    if site is None:
        raise Http404("there is no site yet, so there is no rule")
    try:
        row = sanction_commenter(user=user, by=staff_of(request), comment=comment, **sent(request, user, site, comment))
    except SanctionError as error:
        return _page(request, user, status=422, problem=error.message, typed=typed)
    said = f"{row.get_kind_display()}: {user.display_name} is told in a minute. Until then you can take it back unseen."
    messages.success(request, said, extra_tags="good")
    return redirect(f"{_address(user)}#measures")


@require_POST
@allowed(Action.SEE_DESK)
@saved_or_said
def lift(request: HttpRequest, sanction_id: int) -> HttpResponse:
    """Lift a measure, and lead back to the commenter."""
    row = get_object_or_404(Sanction.objects.select_related("site", "user"), pk=sanction_id)
    reason = request.POST.get("reason", "").replace("\x00", "").replace("\r\n", "\n")
    try:
        lift_sanction(sanction=row, by=staff_of(request), reason=reason)
    except (SanctionError, DecidingError) as error:
        return _page(request, row.user, status=422, lifting=row.pk, lift_problem=error.message, lift_reason=reason)
    messages.success(request, f"Lifted. {row.user.display_name} is told where they knew of it.", extra_tags="good")
    return redirect(f"{_address(row.user)}#measures")


@require_POST
@allowed(Action.SEE_DESK)
@saved_or_said
def note(request: HttpRequest, user_id: int) -> HttpResponse:
    """Add a note for the team."""
    user = get_object_or_404(User, pk=user_id)
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n")
    try:
        write_team_note(about=user, by=staff_of(request), text_source=text)
    except NoteError as error:
        return _page(request, user, status=422, note_problem=error.message, note_text=text)
    messages.success(request, "Noted for the team.", extra_tags="good")
    return redirect(f"{_address(user)}#notes")


@require_POST
@allowed(Action.SEE_DESK)
@saved_or_said
def unnote(request: HttpRequest, note_id: int) -> HttpResponse:
    """Take a note away."""
    row = get_object_or_404(TeamNote.objects.select_related("about"), pk=note_id)
    delete_team_note(note=row, by=staff_of(request))
    messages.success(request, "The note is gone.", extra_tags="good")
    return redirect(f"{_address(row.about)}#notes")


@require_POST
@never_cache
@allowed(Action.SEE_DESK)
@saved_or_said
def reveal(request: HttpRequest, user_id: int) -> HttpResponse:
    """Show the e-mail address, once, and log that it was looked at."""
    user = get_object_or_404(User, pk=user_id)
    require_concern(user, staff_of(request))
    log_look(by=staff_of(request), about=user, what="e-mail address")
    return _page(request, user, address=user.email if user.has_address else "none")


def _page(request: HttpRequest, user: User, *, status: int = 200, **extra: Any) -> HttpResponse:
    moderator = staff_of(request)
    theirs = seen_by(moderator, Comment.objects.filter(author=user))
    comment = _cause(request.POST.get("comment", "") or request.GET.get("comment", ""), user)
    site = _site(request, user, comment)
    context = {
        "commenter": user,
        "place": site,
        "sites": list(sites_for(moderator, Action.WARN, whole=True)),
        "record": commenter_record(user, theirs),
        "rules_broken": refused_by_rule(theirs),
        "chart": week_chart(weeks_of(theirs)),
        "reports": reports_made(user),
        "latest_reports": latest_reports(user),
        "measures": _measures(user, moderator),
        "form": measure_form(user, moderator, site, comment, extra.pop("typed", None)) if site else None,
        "max_note": MAX_NOTE,
        "may_reject_all": may_somewhere(moderator, Action.DECIDE_BATCH),
        "batches": batches_about(user),
        **_notes(user, moderator),
        **_listed(request, theirs),
        **extra,
    }
    return render(request, "desk/commenter.html", context, status=status)


def _notes(user: User, moderator: User) -> dict[str, Any]:
    """Return the notes of the team, for those who may see them; that they were looked at is logged."""
    if not concerns(user, moderator):
        return {"may_see": False}
    found = list(TeamNote.objects.filter(about=user).select_related("written_by").order_by("-id"))
    if found:
        log_look(by=moderator, about=user, what="notes")
    return {
        "may_see": True,
        "may_note": concerns(user, moderator, Action.WRITE_NOTE),
        "may_delete_any": may(moderator, Action.MANAGE_PEOPLE),
        "notes": found,
    }


def _measures(user: User, moderator: User) -> list[dict[str, Any]]:
    """Return every measure, those in force first, with whether this moderator may lift it."""
    related = ("site", "given_by", "lifted_by", "comment__story", "appeal")
    rows = Sanction.objects.filter(user=user).select_related(*related).order_by("-id")
    found = [
        {"row": row, "may_lift": row.is_acting and may(moderator, action_to_lift(row, moderator), site=row.site)}
        for row in rows
    ]
    return sorted(found, key=lambda one: not one["row"].is_acting)


def _listed(request: HttpRequest, theirs: Any) -> dict[str, Any]:
    """Return one page of the comments, those of one kind where `?status=` asks for them."""
    wanted = request.GET.get("status", "")
    chosen = theirs.filter(status__in=FILTERS[wanted][1]) if wanted in FILTERS else theirs
    rows = with_first_signal(chosen).select_related("story", "parent__author").order_by("-created_at", "-pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return {"page": page, "wanted": wanted if wanted in FILTERS else "", "filters": FILTERS}


def _cause(value: str, user: User) -> Comment | None:
    """Return the comment of theirs that a measure is taken for."""
    wanted = parse_id(value)
    if wanted is None:
        return None
    return Comment.objects.select_related("story__site").filter(pk=wanted, author=user).first()


def _site(request: HttpRequest, user: User, comment: Comment | None) -> Site | None:
    """Return the site whose rules are offered: the comment's, the one asked for, else where they wrote last."""
    if comment is not None:
        return comment.story.site
    asked = Site.objects.filter(key=request.POST.get("site", "") or request.GET.get("site", "")).first()
    return asked or home_site(user)


def _address(user: User) -> str:
    return reverse("desk-commenter", args=[user.pk])
