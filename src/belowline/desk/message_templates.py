"""The page of message templates, and what a form with a picker of them sent."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, sites_for
from belowline.comments.ids import parse_id
from belowline.comments.models import Comment
from belowline.desk.doors import allowed, staff_of
from belowline.desk.views import saved_or_said
from belowline.moderation.actions.delete_template import delete_template
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.actions.save_template import MAX_TITLE, save_template
from belowline.moderation.errors import TemplateError
from belowline.moderation.message_templates import GAPS, rule_titles, text_for
from belowline.moderation.team_models import MessageTemplate
from belowline.stories.models import Site

FIELDS = ("title", "text", "language", "rule", "site")


def note_of(request: HttpRequest, comment: Comment, field: str = "note_to_author") -> str:
    """Return what a moderator wrote to a comment's author; where it was left empty, the template that was chosen."""
    typed = request.POST.get(field, "").replace("\x00", "").replace("\r\n", "\n")
    template = parse_id(request.POST.get("template", ""))
    return (
        typed if typed.strip() or template is None else text_for(template, comment.author, comment.story.site, comment)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@allowed(Action.SEE_DESK)
@saved_or_said
def show_templates(request: HttpRequest) -> HttpResponse:
    """List the templates by rule, show the form, and keep what it sends; what is wrong comes back as it was typed."""
    editor = staff_of(request)
    edited = _template(request.POST.get("template", "") or request.GET.get("template", ""))
    if request.method != "POST":
        return _page(request, edited, _present(edited))
    typed = {name: request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n") for name in FIELDS}
    try:
        saved = save_template(
            by=editor,
            title=typed["title"],
            text_source=typed["text"],
            language=typed["language"],
            rule=typed["rule"][:100],
            site=get_object_or_404(Site, key=typed["site"]) if typed["site"] else None,
            template=edited,
        )
    except TemplateError as error:
        return _page(request, edited, typed, status=422, problem=error.message)
    messages.success(request, f"Kept: “{saved.title}”.", extra_tags="good")
    return redirect("desk-templates")


@require_POST
@allowed(Action.EDIT_TEMPLATES)
@saved_or_said
def delete(request: HttpRequest, template_id: int) -> HttpResponse:
    """Take a template away."""
    row = get_object_or_404(MessageTemplate.objects.select_related("site"), pk=template_id)
    delete_template(template=row, by=staff_of(request))
    messages.success(request, f"“{row.title}” is gone.", extra_tags="good")
    return redirect("desk-templates")


def _page(
    request: HttpRequest, edited: MessageTemplate | None, typed: dict[str, str], *, status: int = 200, **extra: Any
) -> HttpResponse:
    editor = staff_of(request)
    sites = list(sites_for(editor, Action.SEE_DESK))
    titles = rule_titles(sites)
    languages = dict(settings.LANGUAGES)
    rows = MessageTemplate.objects.select_related("site", "changed_by").order_by("rule", "language", "title")
    context = {
        "groups": _groups([row for row in rows if row.site is None or row.site in sites], titles, editor),
        "edited": edited,
        "typed": typed,
        "rules": titles.items(),
        "languages": languages.items(),
        "sites": list(sites_for(editor, Action.EDIT_TEMPLATES, whole=True)),
        "everywhere": may(editor, Action.EDIT_TEMPLATES),
        "gaps": [f"{{{gap}}}" for gap in GAPS],
        "max_title": MAX_TITLE,
        "max_characters": MAX_NOTE_CHARACTERS,
        **extra,
    }
    return render(request, "desk/templates.html", context, status=status)


def _groups(rows: list[MessageTemplate], titles: dict[str, str], editor: User) -> list[tuple[str, list[Any]]]:
    """Return the templates by the rule that they are for; those for any rule come first."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        name = titles.get(row.rule, row.rule) if row.rule else "For any rule"
        found.setdefault(name, []).append((row, may(editor, Action.EDIT_TEMPLATES, site=row.site)))
    return list(found.items())


def _template(value: str) -> MessageTemplate | None:
    wanted = parse_id(value)
    return MessageTemplate.objects.select_related("site").filter(pk=wanted).first() if wanted is not None else None


def _present(edited: MessageTemplate | None) -> dict[str, str]:
    """Return what the form shows of a template; of a new one nothing but English."""
    if edited is None:
        return {"language": "en"}
    site = edited.site.key if edited.site else ""
    fields = {"title": edited.title, "text": edited.text_source, "language": edited.language}
    return fields | {"rule": edited.rule, "site": site}
