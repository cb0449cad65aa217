"""The desk's FAQ page: a site's own words beside each answer, with a preview. Staff read, editors edit."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from belowline.accounts.permissions import Action, may, require, sites_for
from belowline.desk.doors import staff_of
from belowline.desk.views import moderators_only, saved_or_said
from belowline.moderation.actions.edit_faq_answer import MAX_CHARACTERS, edit_faq_answer
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import FaqError
from belowline.moderation.faq.facts import gather
from belowline.moderation.faq.languages import language_names
from belowline.moderation.faq.page import own_words, write_answer
from belowline.moderation.faq.questions import BY_KEY, GROUPS, QUESTIONS, Question
from belowline.moderation.models import FaqAnswer
from belowline.stories.models import Site


@require_safe
@never_cache
@moderators_only
def show_questions(request: HttpRequest) -> HttpResponse:
    """List the questions of a site (?site=KEY; else the first), with those that have words of its own marked."""
    sites = list(sites_for(staff_of(request), Action.SEE_DESK))
    wanted = request.GET.get("site", "")
    site = next((one for one in sites if one.key == wanted), sites[0] if sites else None)
    if site is None:
        raise Http404
    own = own_words(site, _language(site))
    parts = [
        (
            group.title,
            [(one.key, one.asked(site.name), own.get(one.key)) for one in QUESTIONS if one.group == group.key],
        )
        for group in GROUPS
    ]
    return render(
        request,
        "desk/faq.html",
        {"site": site, "sites": sites, "parts": parts, "may_edit": may(request.user, Action.EDIT_FAQ, site=site)},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@moderators_only
@saved_or_said
def edit_answer(request: HttpRequest, site_key: str, question: str) -> HttpResponse:
    """Show the form for a question's own words; `preview` shows what readers would see, `save` keeps it."""
    site, asked = get_object_or_404(Site, key=site_key), BY_KEY.get(question)
    require(request.user, Action.EDIT_FAQ, site=site)
    if asked is None:
        raise Http404
    if request.method != "POST":
        return _form(request, site, asked, _present(site, question))
    text = request.POST.get("text", "")
    if "save" not in request.POST:
        return _form(request, site, asked, text, is_preview=True)
    try:
        _save(request, site, asked, text)
    except FaqError as error:
        return _form(request, site, asked, text, status=422, problem=error)
    messages.success(request, f"Saved: “{asked.asked(site.name)}”", extra_tags="good")
    return redirect(f"{reverse('desk-faq')}?site={site.key}#{asked.key}")


def _save(request: HttpRequest, site: Site, asked: Question, text: str) -> None:
    edit_faq_answer(site=site, question=asked.key, language=_language(site), text_source=text, by=staff_of(request))


def _form(  # noqa: PLR0913 - what the form shows
    request: HttpRequest,
    site: Site,
    asked: Question,
    text: str,
    *,
    status: int = 200,
    is_preview: bool = False,
    **extra: Any,
) -> HttpResponse:
    context = {
        "site": site,
        "answer": write_answer(asked, gather(site), FaqAnswer(text_source=text.strip(), language=_language(site))),
        "text": text,
        "language": language_names([_language(site)]),
        "max_characters": MAX_CHARACTERS,
        "is_preview": is_preview,
        **extra,
    }
    return render(request, "desk/faq_answer.html", context, status=status)


def _present(site: Site, question: str) -> str:
    """Return the words that are there in the main language: those that the form changes."""
    row = FaqAnswer.objects.filter(site=site, question=question, language=_language(site)).first()
    return row.text_source if row else ""


def _language(site: Site) -> str:
    return site_policy(site).settings.languages[0]
