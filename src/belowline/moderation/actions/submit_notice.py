"""Somebody gives notice that a published comment is illegal."""

import secrets
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import NoticeError
from belowline.moderation.models import Notice
from belowline.moderation.notices import BY_CODE, EXPLANATION_CHARACTERS

RECEIPT_BYTES = 16
MIN_EXPLANATION_CHARACTERS = 20
LIMITS = {"legal_ground": 500, "name": 200, "email": 254}


class NoticeText(NamedTuple):
    """What a notifier wrote: the elements of article 16(2); the comment itself is the exact place."""

    category: str = ""
    explanation: str = ""
    legal_ground: str = ""
    name: str = ""
    email: str = ""
    in_good_faith: bool = False


def submit_notice(*, comment: Comment, text: NoticeText) -> Notice:
    """Receive a notice; the same one again, while it waits, gives the first one again.

    Everybody may: no account is needed.

    Raises:
        NoticeError: `notice_incomplete` with a sentence for each field, or `not_published`.
    """
    if problems := _problems(text):
        raise NoticeError(
            gettext("Something is missing. Please look at the marked fields."),
            code="notice_incomplete",
            problems=problems,
        )
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        if not locked.is_public:
            gone = gettext("This comment is not published any more, so nobody can read it here.")
            raise NoticeError(gone, code="not_published")
        fields = {
            "explanation_source": text.explanation,
            "legal_ground": text.legal_ground,
            "category": text.category,
            "name": text.name,
            "email": text.email,
        }
        if earlier := Notice.objects.filter(comment=locked, state=Notice.State.OPEN, **fields).first():
            return earlier
        notice = Notice.objects.create(
            comment=locked, receipt=secrets.token_urlsafe(RECEIPT_BYTES), in_good_faith=text.in_good_faith, **fields
        )
        record_event(tags.NOTICE_RECEIVED, subject_id=notice.pk, site_id=locked.story.site_id)
    return notice


def _problems(text: NoticeText) -> dict[str, str]:
    """Return a sentence for each field that is wrong, by its name."""
    found = {}
    category = BY_CODE.get(text.category)
    if category is None:
        found["category"] = gettext("Choose what the comment is.")
    if len(text.explanation.strip()) < MIN_EXPLANATION_CHARACTERS:
        found["explanation"] = gettext(
            "Say in a sentence or two why the comment is illegal: which passage, and what is wrong with it."
        )
    elif len(text.explanation) > EXPLANATION_CHARACTERS:
        found["explanation"] = _too_long(EXPLANATION_CHARACTERS)
    needs_name = category is None or category.needs_name
    if needs_name and not text.name.strip():
        found["name"] = gettext("Give your name.")
    if needs_name and not text.email.strip():
        found["email"] = gettext("Give your e-mail address: you are told there what was decided.")
    if text.email and "email" not in found and not _is_address(text.email):
        found["email"] = gettext("This is no e-mail address; it looks like name@example.org.")
    for field, limit in LIMITS.items():
        if len(getattr(text, field)) > limit:
            found[field] = _too_long(limit)
    if not text.in_good_faith:
        found["in_good_faith"] = gettext("Confirm that you believe this to be right and complete.")
    return found


def _too_long(limit: int) -> str:
    return ngettext(
        "This is longer than %(limit)s character; please shorten it.",
        "This is longer than %(limit)s characters; please shorten it.",
        limit,
    ) % {"limit": number_format(limit, force_grouping=True)}


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
