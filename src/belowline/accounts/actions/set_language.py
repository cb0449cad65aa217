"""A reader chooses the language of pages and mails."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event


def set_language(*, user: User, language: str) -> bool:
    """Keep the language; empty: as the site has it. Return whether it is another one.

    Raises:
        ValidationError: this server does not have it.
    """
    if language and language not in dict(settings.LANGUAGES):
        raise ValidationError(_("Please choose one of the languages in the list."), code="unknown_language")
    if language == user.language:
        return False
    with transaction.atomic():
        user.language = language
        user.save(update_fields=["language"])
        record_event(tags.ACCOUNT_LANGUAGE_SET, subject_id=user.pk, actor_id=user.pk, language=language)
    return True
