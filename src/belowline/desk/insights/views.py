"""The page Insights, and the file of each picture."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import slugify
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.permissions import Action, sites_for
from belowline.comments.ids import parse_id
from belowline.desk.doors import allowed, staff_of
from belowline.desk.insights.picture import Looking
from belowline.desk.insights.questions import BY_NAME, INSIGHTS, answer
from belowline.moderation.engine import site_policy
from belowline.moderation.insights.scope import PERIODS, Scope
from belowline.stories.models import Site
from belowline.stories.sections import sections_of

DEFAULT_DAYS = 30


@require_safe
@never_cache
@allowed(Action.SEE_INSIGHTS)
def show_insights(request: HttpRequest) -> HttpResponse:
    """Show all pictures of one site (?site=KEY; else the first), or its ?section=, over 7, 30 or 90 days (?days=)."""
    sites = list(sites_for(staff_of(request), Action.SEE_INSIGHTS))
    context: dict[str, Any] = {"sites": sites, "periods": PERIODS}
    if sites:
        looking = looking_at(request, sites)
        scope = looking.scope
        answers = [answer(insight, looking) for insight in INSIGHTS]
        context |= {
            "scope": scope,
            "site": scope.site,
            "sections": names_of_sections(scope.site),
            "and_section": f"&{urlencode({'section': scope.section})}" if scope.section else "",
            "pictures": [(found.insight, found.picture) for found in answers],
            "counted_at": min(found.counted_at for found in answers),
        }
    return render(request, "desk/insights.html", context)


@require_safe
@never_cache
@allowed(Action.SEE_INSIGHTS)
def export(request: HttpRequest, name: str) -> HttpResponse:
    """Answer with the figures behind one picture as CSV."""
    insight = BY_NAME.get(name)
    sites = list(sites_for(staff_of(request), Action.SEE_INSIGHTS))
    if insight is None or not sites:
        raise Http404
    looking = looking_at(request, sites)
    file = answer(insight, looking).picture.table.as_csv()
    scope = looking.scope
    section = f"-{slugify(scope.section) or 'section'}" if scope.section else ""
    saved_as = f"{name}-{scope.site.key}{section}-{scope.days}-days-{timezone.localtime(scope.now):%Y-%m-%d}.csv"
    return HttpResponse(
        file,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{saved_as}"'},
    )


def names_of_sections(site: Site) -> list[str]:
    """Return the sections that stories of a site name."""
    return [section.name for section in sections_of(site) if section.name and section.stories]


def looking_at(request: HttpRequest, sites: list[Site]) -> Looking:
    """Return what the address asks for: one of these sites, else the first; 30 days, where it names no period of ours.

    Raises:
        Http404: it names a site that is not among them, or a section that the site has not.
    """
    key = request.GET.get("site", "")
    site = next((site for site in sites if site.key == key), None if key else sites[0])
    if site is None:
        raise Http404
    section = request.GET.get("section") or None
    if section is not None and section not in names_of_sections(site):
        raise Http404
    days = parse_id(request.GET.get("days", ""))
    scope = Scope(site, days if days in PERIODS else DEFAULT_DAYS, timezone.now(), section)
    return Looking(scope, site_policy(site), staff_of(request))
