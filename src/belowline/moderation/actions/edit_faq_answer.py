"""An administrator puts a site's own words beside an answer of the FAQ, or takes them away."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import FaqError
from belowline.moderation.faq.questions import BY_KEY
from belowline.moderation.models import FaqAnswer
from belowline.stories.models import Site

MAX_CHARACTERS = 5_000


def edit_faq_answer(*, site: Site, question: str, language: str, text_source: str, by: User) -> FaqAnswer | None:
    """Keep the words for a question in a language; empty ones take the row away, and None comes back.

    What the settings say stays beside them in any case.

    Raises:
        PermissionDenied: no administrator.
        FaqError: `unknown_question` or `faq_answer_too_long`.
    """
    require(by, Action.EDIT_FAQ, site=site)
    text = text_source.replace("\r\n", "\n").replace("\x00", "").strip()
    if question not in BY_KEY:
        raise FaqError(f"The FAQ has no question “{question}”.", code="unknown_question")
    if len(text) > MAX_CHARACTERS:
        raise FaqError(
            f"The answer has {len(text):,} characters; at most {MAX_CHARACTERS:,} fit here. Please shorten it.",
            code="faq_answer_too_long",
        )
    with transaction.atomic():
        row = _keep(site, question, language, text)
        if row is None:
            return None
        record_event(
            tags.FAQ_EDITED,
            subject_id=row.pk,
            site_id=site.pk,
            actor_id=by.pk,
            question=question,
            language=language,
            characters=len(text),
        )
        if text:
            return row
        row.delete()
        return None


def _keep(site: Site, question: str, language: str, text: str) -> FaqAnswer | None:
    """Return the row with these words, or the one that is to go; None: there is nothing to take away."""
    if not text:
        return FaqAnswer.objects.filter(site=site, question=question, language=language).first()
    row, _ = FaqAnswer.objects.update_or_create(
        site=site, question=question, language=language, defaults={"text_source": text}
    )
    return row
