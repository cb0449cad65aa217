"""The accessibility statement, after the model of Commission Implementing Decision (EU) 2018/1523."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from belowline.stories.models import Site

REVIEWED = date(2026, 11, 27)
"""When the statement was last held against what the tests in tests/browser do; they run with every change."""


@require_safe
def accessibility(request: HttpRequest, site_key: str | None = None) -> HttpResponse:
    """Show how accessible the pages are, what is not, and whom to tell; without a key, of the first site."""
    sites = Site.objects.order_by("pk")
    site = get_object_or_404(sites, key=site_key) if site_key else sites.first()
    if site is None:
        return render(request, "stream/no_site.html", status=404)
    return render(request, "stream/accessibility.html", {"site": site, "reviewed": REVIEWED})
