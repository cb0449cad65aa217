"""What a token says, read out of claims whose signature is checked: ours, or Coral's."""

import math
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_supported_language_variant

from belowline.accounts.models import SsoKey, User
from belowline.accounts.permissions import RANKS
from belowline.accounts.sso.errors import SsoError

MAX_SUBJECT_CHARACTERS = 255
MAX_EMAIL_CHARACTERS = 254
MAX_NAME_CHARACTERS = 500
"""What is longer is cut before it becomes a display name."""
LATEST = 253_402_300_799
"""The end of the year 9999: a date beyond it is none that a database could keep."""
CORAL_ROLES = {
    "COMMENTER": User.Role.READER,
    "STAFF": User.Role.READER,
    "MODERATOR": User.Role.MODERATOR,
    "ADMIN": User.Role.ADMIN,
}


@dataclass(frozen=True)
class Claims:
    """Who somebody is, by the word of a publisher."""

    subject: str
    name: str
    email: str
    """In lower case; empty: none was named."""
    is_email_verified: bool
    """Whether the publisher says so, and its key is trusted with it."""
    role: User.Role | None
    """At most what the key may grant; None: the token says nothing."""
    language: str
    jti: str
    """Empty where Coral's token has none."""
    expires_at: int
    """Unix time in seconds."""


def read_claims(payload: dict[str, Any], key: SsoKey, now: float) -> Claims:
    """Return what the claims say.

    Raises:
        SsoError: `sso_claim`, one is missing or not what it should be; `sso_lifetime`, the token lives too long.
    """
    expires_at = _time(payload, "exp")
    is_coral = key.kind == SsoKey.Kind.CORAL
    issued_at = now if is_coral and "iat" not in payload else _time(payload, "iat")
    if expires_at - issued_at > key.lifetime_seconds:
        raise SsoError(f"a token lives {key.lifetime_seconds} seconds at most (exp - iat)", code="sso_lifetime")
    person = payload.get("user") if is_coral else payload
    if not isinstance(person, dict):
        raise SsoError("the claim user is missing, or no object", code="sso_claim")
    id_name, name_name = ("id", "username") if is_coral else ("sub", "name")
    email = _email(person, is_required=is_coral)
    return Claims(
        subject=_text(person, id_name, MAX_SUBJECT_CHARACTERS),
        name=_name(person, name_name, is_required=is_coral),
        email=email,
        # Coral's tokens have no such claim: it takes every address as confirmed.
        is_email_verified=key.trusts_email and bool(email) and (is_coral or person.get("email_verified") is True),
        role=_role(person, key),
        language=_language(person),
        jti=_jti(payload, is_required=not is_coral),
        expires_at=expires_at,
    )


def _time(payload: dict[str, Any], name: str) -> int:
    value = payload.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise SsoError(f"the claim {name} is missing, or no number of seconds", code="sso_claim")
    if not 0 <= value <= LATEST:
        raise SsoError(f"the claim {name} is out of range", code="sso_claim")
    return int(value)


def _text(person: dict[str, Any], name: str, longest: int) -> str:
    """Return a claim that is a line of text; no NUL, no half of a surrogate pair comes through."""
    value = person.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= longest or not value.isprintable():
        raise SsoError(f"the claim {name} is missing, too long, or no line of text", code="sso_claim")
    return value


def _name(person: dict[str, Any], name: str, *, is_required: bool) -> str:
    value = person.get(name)
    if value is None and not is_required:
        return ""
    if not isinstance(value, str):
        raise SsoError(f"the claim {name} is missing, or no text", code="sso_claim")
    return value[:MAX_NAME_CHARACTERS]


def _email(person: dict[str, Any], *, is_required: bool) -> str:
    value = person.get("email")
    if value in (None, "") and not is_required:
        return ""
    email = _text(person, "email", MAX_EMAIL_CHARACTERS).lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise SsoError("the claim email is no e-mail address", code="sso_claim") from error
    return email


def _jti(payload: dict[str, Any], *, is_required: bool) -> str:
    value = payload.get("jti", None if is_required else "")
    if not isinstance(value, str) or (is_required and not value):
        raise SsoError("the claim jti is missing, or no text", code="sso_claim")
    return value


def _role(person: dict[str, Any], key: SsoKey) -> User.Role | None:
    value = person.get("role")
    if not isinstance(value, str):
        return None
    try:
        role = CORAL_ROLES[value] if key.kind == SsoKey.Kind.CORAL else User.Role(value)
    except (KeyError, ValueError):
        return None
    return min(role, User.Role(key.highest_role), key=lambda one: RANKS[one])


def _language(person: dict[str, Any]) -> str:
    value = person.get("language")
    if not isinstance(value, str):
        return ""
    try:
        return get_supported_language_variant(value)
    except LookupError:
        return ""
