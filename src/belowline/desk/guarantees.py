"""The page Guarantees: what was promised, whether audits bear it out, and how the weeks drift."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from itertools import accumulate
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belowline.accounts.permissions import Action, sites_for
from belowline.desk.bound_chart import bound_chart, percent
from belowline.desk.doors import allowed, staff_of
from belowline.engine import guarantees, watching
from belowline.moderation.audits import refused_audits
from belowline.moderation.engine import active_version, site_policy
from belowline.moderation.watch import Promised, promise_of, running_bound, standing, standings
from belowline.moderation.watch_queries import WEEKS, WeekFigures, rule_agreement, weekly_figures
from belowline.stories.models import Site

RECENT_WEEKS = 6
"""So many weeks fit beside each other in a table of scores."""
SHOWN = 10


class ScoreRow(NamedTuple):
    """How the mean of a score drifts."""

    name: str
    means: list[float | None]


@require_safe
@never_cache
@allowed(Action.SEE_INSIGHTS)
def show_guarantees(request: HttpRequest) -> HttpResponse:
    """Show one site: the one asked for, or the first."""
    sites = sites_for(staff_of(request), Action.SEE_INSIGHTS)
    key = request.GET.get("site", "")
    site = get_object_or_404(sites, key=key) if key else sites.first()
    context = {"site": site, "sites": sites, **(site_context(site, [one.pk for one in sites]) if site else {})}
    return render(request, "desk/guarantees.html", context)


def site_context(site: Site, seen: Collection[int]) -> dict[str, Any]:
    """Return what the page shows of one site; of others, only those whose ids are `seen`."""
    version = active_version(site)
    promised = promise_of(version)
    bound, limit = running_bound(site), promised.promise.bad_published
    weeks = weekly_figures(site, delta=promised.delta)
    recent = weeks[-RECENT_WEEKS:]
    return {
        "version": version,
        "policy": site_policy(site),
        "promised": promised,
        "limit": percent(limit),
        "confidence": percent(promised.promise.confidence),
        "bound": bound,
        "watch": bound.published if bound else watching.watch([], limit, promised.delta),
        "standing": standing(site),
        "others": [found for found in standings() if found.site.pk != site.pk and found.site.pk in seen],
        "refused": refused_audits(site)[:SHOWN],
        "weeks": weeks,
        "chart": bound_chart(weeks, together(weeks, promised), limit),
        "recent": recent,
        "scores": score_rows(recent),
        "agreement": rule_agreement(site, since=timezone.now() - timedelta(weeks=WEEKS)),
    }


def together(weeks: Sequence[WeekFigures], promised: Promised) -> list[float]:
    """Return the exact upper bound in [0, 1] of the audits of all weeks up to each."""
    errors = accumulate(week.errors for week in weeks)
    reviewed = accumulate(week.reviewed for week in weeks)
    return [guarantees.upper_bound(e, n, promised.delta) for e, n in zip(errors, reviewed, strict=True)]


def score_rows(weeks: Sequence[WeekFigures]) -> list[ScoreRow]:
    """Return the mean of every score in each week, None where it was not measured."""
    names = sorted({name for week in weeks for name in week.scores})
    return [ScoreRow(name.replace("_", " "), [week.scores.get(name) for week in weeks]) for name in names]
