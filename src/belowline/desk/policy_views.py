"""The policy on the desk: what acts, its versions, and an editor that rehearses before anything acts."""

from typing import Any, NamedTuple

import msgspec
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tasks.exceptions import TaskResultDoesNotExist, TaskResultMismatch

from belowline.accounts.permissions import Action, may, require, require_somewhere, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.desk.policy_words import rule_rows
from belowline.desk.rehearsal_report import report_context
from belowline.desk.views import moderators_only
from belowline.engine.errors import BelowlineError, PolicyError
from belowline.engine.policy import default_policy_text, parse_policy
from belowline.engine.rehearsal import Rehearsal
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.restore_policy import restore_policy
from belowline.moderation.engine import active_version, site_policy
from belowline.moderation.models import PolicyVersion
from belowline.moderation.policy_versions import background_rules, certificate_of, policy_steps
from belowline.moderation.rehearsals import NEWEST, compared_policy, rehearse_on_site, rehearse_policy
from belowline.stories.models import Site

REQUEST_SECONDS = 5.0
"""A rehearsal that takes longer becomes a task."""
LINES_AROUND = 2


class Draft(NamedTuple):
    """A policy's text on its way, for a site, with the id of the version that acted when it was begun; 0: none."""

    site: Site
    text: str
    last_seen: int


@require_safe
@never_cache
@moderators_only
def show_policy(request: HttpRequest) -> HttpResponse:
    """Show the policy that acts on a site, and its versions."""
    sites = list(sites_for(staff_of(request), Action.SEE_DESK).order_by("name", "pk"))
    if not sites:
        return render(request, "desk/policy_no_site.html")
    site = next((one for one in sites if one.key == request.GET.get("site", "")), sites[0])
    steps = policy_steps(site)
    active = steps[0].row if steps else None
    context = {
        "sites": sites,
        "site": site,
        "steps": steps,
        "active": active,
        "certificate": certificate_of(active),
        "may_change": may(request.user, Action.CHANGE_POLICY, site=site),
        **_in_words(site),
    }
    return render(request, "desk/policy.html", context)


def _in_words(site: Site) -> dict[str, Any]:
    """Return what is said of the policy that acts, or what is wrong with it: here it can be mended."""
    try:
        policy = site_policy(site)
    except PolicyError as error:
        return {"problem": error.message}
    return {
        "policy": policy,
        "rules": rule_rows(policy),
        "rejects": any(rule.reject is not None and not rule.background for rule in policy.rules.values()),
        "background": background_rules(site, policy),
    }


@require_safe
@never_cache
@moderators_only
def show_version(request: HttpRequest, version_id: int) -> HttpResponse:
    """Show the text of a version."""
    rows = PolicyVersion.objects.filter(site__in=sites_for(staff_of(request), Action.SEE_DESK))
    row = get_object_or_404(rows.select_related("site", "activated_by"), pk=version_id)
    may_change = may(request.user, Action.CHANGE_POLICY, site=row.site)
    return render(request, "desk/policy_version.html", {"row": row, "may_change": may_change})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def edit_policy(request: HttpRequest) -> HttpResponse:
    """Show the editor: with the text that was sent, that of an earlier version, or that which acts."""
    if request.method == "POST":
        draft = _draft(request)
        return draft if isinstance(draft, HttpResponse) else _editor(request, draft)
    return _open_editor(request)


@allowed(Action.CHANGE_POLICY)
def _open_editor(request: HttpRequest) -> HttpResponse:
    site = get_object_or_404(Site, key=request.GET.get("site", ""))
    require(request.user, Action.CHANGE_POLICY, site=site)
    active = active_version(site)
    wanted = parse_id(request.GET.get("from", ""))
    rows = PolicyVersion.objects.filter(site=site)
    row = rows.filter(pk=wanted).first() if wanted is not None else None
    row = row or (rows.get(pk=active.pk) if active else None)
    text = row.text if row else default_policy_text()
    return _editor(request, Draft(site, text, active.pk if active else 0))


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def rehearse(request: HttpRequest) -> HttpResponse:
    """Check a policy's text and try it on past comments; nothing acts yet."""
    if request.method != "POST":  # somebody came back to the address of a report
        return redirect("desk-policy")
    draft = _draft(request)
    if isinstance(draft, HttpResponse):
        return draft
    try:
        found = rehearse_on_site(draft.site, parse_policy(draft.text), seconds=REQUEST_SECONDS)
    except BelowlineError as error:
        return _editor(request, draft, error)
    if found is None:
        result = rehearse_policy.enqueue(draft.site.pk, draft.text, draft.last_seen)
        return redirect("desk-rehearsal", result_id=result.id)
    return _report(request, draft, found)


@require_safe
@never_cache
@allowed(Action.CHANGE_POLICY)
def show_rehearsal(request: HttpRequest, result_id: str) -> HttpResponse:
    """Show what a task made of a rehearsal, or that it still works."""
    try:
        result = rehearse_policy.get_result(str(result_id))
    except (TaskResultDoesNotExist, TaskResultMismatch) as error:
        raise Http404("there is no such rehearsal") from error
    site_id, text, last_seen = result.args
    draft = Draft(get_object_or_404(Site, pk=site_id), text, last_seen)
    require(request.user, Action.CHANGE_POLICY, site=draft.site)
    if not result.is_finished:
        context = {"site": draft.site, "newest": NEWEST, "since": result.enqueued_at, "started": result.started_at}
        return render(request, "desk/rehearsal_waits.html", context)
    if result.errors:
        return _editor(request, draft, PolicyError("the rehearsal failed; the operator finds the cause in the log"))
    return _report(request, draft, msgspec.convert(result.return_value, Rehearsal))


@require_POST
def activate(request: HttpRequest) -> HttpResponse:
    """Let a policy act; one that somebody else activated meanwhile is not overwritten."""
    draft = _draft(request)
    if isinstance(draft, HttpResponse):
        return draft
    try:
        row = activate_policy(site=draft.site, text=draft.text, by=staff_of(request), last_seen=draft.last_seen)
    except BelowlineError as error:
        active = active_version(draft.site)
        return _editor(request, draft._replace(last_seen=active.pk if active else 0), error)
    messages.success(request, f"{row.version} acts on {draft.site.name} from now on.", extra_tags="good")
    return redirect(_page_of(draft.site))


@require_POST
@moderators_only
def restore(request: HttpRequest) -> HttpResponse:
    """Let an earlier version act again."""
    site = get_object_or_404(Site, key=request.POST.get("site", ""))
    wanted = parse_id(request.POST.get("version", ""))
    earlier = get_object_or_404(PolicyVersion, site=site, pk=wanted) if wanted else None
    if wanted is None:
        raise Http404("there is no such version")
    last_seen = parse_id(request.POST.get("last_seen", "")) or 0
    try:
        row = restore_policy(site=site, earlier=earlier, by=staff_of(request), last_seen=last_seen)
    except BelowlineError as error:
        messages.error(request, error.message, extra_tags="bad")
    else:
        messages.success(request, f"Rolled back: {row.version} acts on {site.name} again.", extra_tags="good")
    return redirect(_page_of(site))


def _draft(request: HttpRequest) -> Draft | HttpResponse:
    """Return what was sent, or a page that gives the text back to somebody who was signed out meanwhile.

    Raises:
        PermissionDenied: no administrator.
    """
    # Browsers send line ends as CR LF: another digest would be another version.
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if not request.user.is_authenticated:
        return render(request, "desk/policy_signed_out.html", {"text": text}, status=403)
    require_somewhere(request.user, Action.CHANGE_POLICY)
    site = get_object_or_404(Site, key=request.POST.get("site", ""))
    require(request.user, Action.CHANGE_POLICY, site=site)
    return Draft(site, text, parse_id(request.POST.get("last_seen", "")) or 0)


def _editor(request: HttpRequest, draft: Draft, error: BelowlineError | None = None) -> HttpResponse:
    """Return the editor; with an error, it names the line and shows those around it. Nothing of the text is lost."""
    line = error.line if isinstance(error, PolicyError) else None
    context = {
        "draft": draft,
        "error": error,
        "line": line,
        "around": _around(draft.text, line) if line else [],
        "rows": min(40, max(16, draft.text.count("\n") + 2)),
        "newest": NEWEST,
    }
    return render(request, "desk/policy_edit.html", context, status=422 if error else 200)


def _around(text: str, line: int) -> list[tuple[int, str, bool]]:
    """Return number, text, and whether it is the wrong one, of the lines around a line that counts from 1."""
    numbered = list(enumerate(text.split("\n"), 1))
    shown = numbered[max(0, line - 1 - LINES_AROUND) : line + LINES_AROUND]
    return [(number, words, number == line) for number, words in shown]


def _report(request: HttpRequest, draft: Draft, found: Rehearsal) -> HttpResponse:
    context: dict[str, Any] = report_context(found, compared_policy(draft.site), parse_policy(draft.text))
    return render(request, "desk/rehearsal.html", {"draft": draft, "newest": NEWEST, **context})


def _page_of(site: Site) -> str:
    return f"{reverse('desk-policy')}?site={site.key}"
