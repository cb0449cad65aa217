"""The Comments FAQ: written out of the policy that decides and the settings in force."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from belowline.moderation.engine import site_policy
from belowline.moderation.queries import expected_wait
from belowline.stories.models import Site
from belowline.stream.languages import language_names


@require_safe
def faq(request: HttpRequest, site_key: str | None = None) -> HttpResponse:
    """Show the FAQ of a site; without a key, of the first one."""
    sites = Site.objects.order_by("pk")
    site = get_object_or_404(sites, key=site_key) if site_key else sites.first()
    if site is None:
        return render(request, "stream/no_site.html", status=404)
    policy = site_policy(site)
    acting = {code: rule for code, rule in policy.rules.items() if not rule.background}
    context = {
        "site": site,
        "policy": policy,
        "rules": acting,
        "machine_rejects": [rule for rule in acting.values() if rule.reject is not None],
        "languages": language_names(policy.settings.languages),
        "wait": expected_wait(site),
        "max_characters": settings.COMMENT_MAX_CHARACTERS,
    }
    return render(request, "stream/faq.html", context)
