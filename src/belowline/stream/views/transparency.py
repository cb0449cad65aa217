"""The transparency page of a site, the same for machines, and the cards of the models that judge."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from belowline.moderation.engine import site_policy
from belowline.moderation.faq.answers_moderation import chart_context
from belowline.moderation.faq.languages import language_names
from belowline.moderation.faq.offers import offers
from belowline.moderation.model_cards import judging_models, model_card
from belowline.moderation.transparency import write_report, write_terms
from belowline.stories.models import Site


@require_safe
def show_transparency(request: HttpRequest, site_key: str) -> HttpResponse:
    """Show what the machine may do, how well it keeps its promise, figures, appeals, and every change of the rules."""
    site = get_object_or_404(Site, key=site_key)
    policy = site_policy(site)
    report = write_report(site)
    context = {
        "site": site,
        "report": report,
        "figures": report.figures,
        "offers": offers(),
        "languages": language_names(policy.settings.languages),
        **chart_context(report.figures),
    }
    return render(request, "stream/transparency.html", context)


@require_safe
def transparency_json(request: HttpRequest, site_key: str) -> HttpResponse:
    """Return the report as JSON."""
    return _json(write_report(get_object_or_404(Site, key=site_key)))


@require_safe
def terms_json(request: HttpRequest, site_key: str) -> HttpResponse:
    """Return the rules in force as JSON."""
    return _json(write_terms(get_object_or_404(Site, key=site_key)))


@require_safe
def show_model(request: HttpRequest, site_key: str, model: str) -> HttpResponse:
    """Show the card of a model: what it is for, what it learned from, how well it does, where it errs."""
    site = get_object_or_404(Site, key=site_key)
    found = next((one for one in judging_models() if one.name == model), None)
    if found is None:
        raise Http404
    return render(request, "stream/model_card.html", {"site": site, "model": found, "card": model_card(model)})


def _json(content: msgspec.Struct) -> HttpResponse:
    body = msgspec.json.format(msgspec.json.encode(content), indent=2)
    answer = HttpResponse(body, content_type="application/json")
    # Public figures: anybody's page may read them.
    answer["Access-Control-Allow-Origin"] = "*"
    return answer
