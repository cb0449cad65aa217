"""Somebody may use the door: a key is made, or taken back."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from belowline.compat.models import SHOWN_CHARACTERS, ApiKey, KeyMinute
from belowline.engine.text.language import is_supported
from belowline.events import tags
from belowline.events.models import record_event
from belowline.stories.models import Site


def issue_key(
    *,
    label: str,
    site: Site | None = None,
    quota_per_minute: int = 6_000,
    scale: str = ApiKey.Scale.PERSPECTIVE,
    languages: Sequence[str] = ("en",),
) -> tuple[ApiKey, str]:
    """Make a key; return the row and the key itself, which cannot be shown again.

    Raises:
        ValidationError: a value is out of range.
    """
    if not languages or not all(is_supported(language) for language in languages):
        raise ValidationError({"languages": "name languages by their ISO 639-1 codes, such as en"})
    token = ApiKey.new_token()
    key = ApiKey(
        label=label,
        site=site,
        digest=ApiKey.hash(token),
        shown=token[:SHOWN_CHARACTERS] + "…",
        scale=scale,
        languages=list(languages),
        quota_per_minute=quota_per_minute,
    )
    key.full_clean()
    with transaction.atomic():
        key.save()
        KeyMinute.objects.create(key=key)
        record_event(tags.KEY_ISSUED, subject_id=key.pk, site_id=site.pk if site else None)
    return key, token


def revoke_key(*, key: ApiKey) -> None:
    """Take a key back; processes notice within five seconds."""
    with transaction.atomic():
        if ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()):
            record_event(tags.KEY_REVOKED, subject_id=key.pk, site_id=key.site_id)
