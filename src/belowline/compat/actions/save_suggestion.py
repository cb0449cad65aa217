"""Somebody says what a comment should have scored."""

from typing import Any

from belowline.compat.models import ApiKey, Suggestion


def save_suggestion(  # noqa: PLR0913 - the fields of a suggestion
    *,
    key: ApiKey,
    text: str,
    context: dict[str, Any],
    attribute_scores: dict[str, Any],
    languages: list[str],
    community: str = "",
    client_token: str = "",
) -> Suggestion:
    """Keep a suggestion; one with the same key and client token is replaced, so that repeating does no harm."""
    fields = {
        "community": _storable(community),
        "text": _storable(text),
        "context": _storable(context),
        "attribute_scores": attribute_scores,
        "languages": _storable(languages),
    }
    token = _storable(client_token)
    if not token:
        return Suggestion.objects.create(key=key, **fields)
    return Suggestion.objects.update_or_create(key=key, client_token=token, defaults=fields)[0]


def _storable(value: Any) -> Any:
    """Return the value with null characters replaced: PostgreSQL keeps none."""
    if isinstance(value, str):
        return value.replace("\x00", "\ufffd")
    if isinstance(value, dict):
        return {name: _storable(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_storable(one) for one in value]
    return value
