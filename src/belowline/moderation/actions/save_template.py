"""Somebody keeps words for authors as a message template, or changes them."""

from django.conf import settings
from django.db import IntegrityError, transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.record_decision import MAX_NOTE_CHARACTERS
from belowline.moderation.errors import TemplateError
from belowline.moderation.message_templates import GAPS, unknown_gaps
from belowline.moderation.team_models import MessageTemplate
from belowline.stories.models import Site

MAX_TITLE = 80


def save_template(  # noqa: PLR0913 - what the form says
    *,
    by: User,
    title: str,
    text_source: str,
    language: str,
    rule: str = "",
    site: Site | None = None,
    template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Keep a template for a rule (empty: any) and a site (None: all), or change `template`.

    The title has at most 80 characters, the words at most 2,000.

    Raises:
        PermissionDenied: they may not edit templates there.
        TemplateError: `template_incomplete`, `template_too_long`, `unknown_language`, `unknown_gap` or
            `template_exists`.
    """
    require(by, Action.EDIT_TEMPLATES, site=site)
    if template is not None:
        require(by, Action.EDIT_TEMPLATES, site=template.site)
    row = template or MessageTemplate()
    row.title, row.text_source = " ".join(title.split()), text_source.strip()
    row.language, row.rule, row.site, row.changed_by = language, rule, site, by
    _check(row)
    try:
        with transaction.atomic():
            row.save()
            record_event(
                tags.TEMPLATE_SAVED,
                subject_id=row.pk,
                site_id=site.pk if site else None,
                actor_id=by.pk,
                rule=rule,
                language=language,
            )
    except IntegrityError as error:
        raise TemplateError(
            f"There is a template “{row.title}” for this rule and language already. Give it another title.",
            code="template_exists",
        ) from error
    return row


def _check(row: MessageTemplate) -> None:
    if not row.title or not row.text_source:
        raise TemplateError("A template needs a title and the words.", code="template_incomplete")
    if len(row.title) > MAX_TITLE or len(row.text_source) > MAX_NOTE_CHARACTERS:
        raise TemplateError(
            f"The title has at most {MAX_TITLE} characters, the words at most {MAX_NOTE_CHARACTERS:,}.",
            code="template_too_long",
        )
    if row.language not in dict(settings.LANGUAGES):
        raise TemplateError("Choose the language in which it is written.", code="unknown_language")
    if wrong := unknown_gaps(row.text_source):
        known = ", ".join(f"{{{gap}}}" for gap in GAPS)
        raise TemplateError(f"“{{{wrong[0]}}}” stands for nothing. These do: {known}.", code="unknown_gap")
