"""What editors and publishers may set of a discussion, and whether a value is one: the same for pages and the API."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypedDict

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone

from belowline.stories.errors import StoryInputError
from belowline.stories.models import ClosedReason, Mode, Section, Story

MAX_SLOW_SECONDS = 86_400
"""A day between two comments of one author is as slow as it gets."""
MAX_CLOSING_HOURS = 87_600
"""Ten years."""
MAX_AUTHORS = 20
EMAIL_CHARACTERS = 254
YEARS = range(1900, 9000)


class SectionControls(TypedDict, total=False):
    """What can be set for a section, and for the whole site; absent: as it was."""

    mode: str
    closed_reason: str
    closes_after_hours: int | None
    slow_seconds: int | None


class Controls(TypedDict, total=False):
    """What can be set for a story; absent: as it was; empty or None: as its section says."""

    mode: str
    closed_reason: str
    closes_at: datetime | None
    slow_seconds: int | None
    takes_replies: bool
    message: str
    author_emails: list[str]


def check_controls(given: Controls) -> dict[str, Any]:
    """Return the values as they are kept: times with a zone, addresses in lower case and once, words trimmed.

    Raises:
        StoryInputError: a value is none; the message names it.
    """
    return _check(given, Controls)


def check_section(given: SectionControls) -> dict[str, Any]:
    """Return the values as they are kept.

    Raises:
        StoryInputError: a value is none; the message names it.
    """
    return _check(given, SectionControls)


def check_time(name: str, value: datetime) -> datetime:
    """Return a time with its zone; one without is the paper's own.

    Raises:
        StoryInputError: it lies outside the years 1900 to 8999.
    """
    if value.year not in YEARS:
        raise StoryInputError(f"{name} must lie in the years {YEARS.start} to {YEARS.stop - 1}")
    return (timezone.make_aware(value) if timezone.is_naive(value) else value).astimezone(UTC)


def changed_fields(row: Story | Section, values: Mapping[str, Any]) -> list[str]:
    """Return the names of those values that the row does not have yet, in the alphabet's order."""
    return sorted(name for name, value in values.items() if getattr(row, name) != value)


def _check(given: Mapping[str, Any], kind: type) -> dict[str, Any]:
    if strange := given.keys() - kind.__annotations__.keys():
        raise StoryInputError(f"{min(strange)} cannot be set")
    return {name: KEPT[name](name, value) for name, value in given.items()}


def _choice(name: str, value: str, choices: list[str]) -> str:
    if value not in {"", *choices}:
        raise StoryInputError(f"{name} must be one of: {', '.join(choices)}; or empty")
    return str(value)


def _whole(name: str, value: int | None, most: int) -> int | None:
    if value is not None and not 0 <= value <= most:
        raise StoryInputError(f"{name} must be a whole number from 0 to {most}, or nothing")
    return value


def _message(_: str, value: str) -> str:
    text = value.replace("\r\n", "\n").strip()
    most = Story._meta.get_field("message").max_length or 0  # noqa: SLF001 - Django's documented way to a model's fields
    if "\x00" in text:
        raise StoryInputError("message holds a null character; remove it")
    if len(text) > most:
        raise StoryInputError(f"message has {len(text)} characters; at most {most} are kept")
    return text


def _addresses(_: str, value: list[str]) -> list[str]:
    found = list(dict.fromkeys(address.strip().lower() for address in value))
    if len(found) > MAX_AUTHORS:
        raise StoryInputError(f"author_emails has {len(found)} addresses; at most {MAX_AUTHORS} are kept")
    for place, address in enumerate(found, start=1):
        try:
            validate_email(address)
        except ValidationError as error:
            raise StoryInputError(f"author_emails: number {place} is no e-mail address") from error
        if len(address) > EMAIL_CHARACTERS:
            raise StoryInputError(f"author_emails: number {place} is longer than {EMAIL_CHARACTERS} characters")
    return found


KEPT: dict[str, Callable[[str, Any], Any]] = {
    "mode": lambda name, value: _choice(name, value, Mode.values),
    "closed_reason": lambda name, value: _choice(name, value, ClosedReason.values),
    "closes_at": lambda name, value: None if value is None else check_time(name, value),
    "closes_after_hours": lambda name, value: _whole(name, value, MAX_CLOSING_HOURS),
    "slow_seconds": lambda name, value: _whole(name, value, MAX_SLOW_SECONDS),
    "takes_replies": lambda _, value: bool(value),
    "message": _message,
    "author_emails": _addresses,
}
"""How a value of each is checked, and what is kept of it."""
