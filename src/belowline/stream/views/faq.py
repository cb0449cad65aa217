"""The Comments FAQ: written out of the policy that decides, the settings in force and the live figures."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.page import write_faq
from belowline.stories.models import Site
from belowline.stream.links import frame_query


@require_safe
def faq(request: HttpRequest, site_key: str | None = None) -> HttpResponse:
    """Show the FAQ of a site; without a key, of the first site."""
    sites = Site.objects.order_by("pk")
    site = get_object_or_404(sites, key=site_key) if site_key else sites.first()
    if site is None:
        return render(request, "stream/no_site.html", status=404)
    facts = gather(site)
    parts = write_faq(facts, links=frame_query(request))
    return render(request, "stream/faq.html", {"site": site, "policy": facts.policy, "parts": parts})
