"""A display name for somebody who was not asked for one: what was wished, as near as our rules allow."""

import secrets
import unicodedata

from django.core.exceptions import ValidationError

from belowline.accounts.models import User
from belowline.accounts.names import (
    ALLOWED_MARKS,
    INVISIBLE,
    MAX_CHARACTERS,
    clean_display_name,
    is_honest_mix,
    is_reserved,
    name_key,
)

NAMELESS = "Reader"
COUNTED = 20
"""Names with a number up to this are tried one by one; then numbers are drawn."""
LARGEST = 999_999


def free_display_name(wanted: str) -> str:
    """Return a name that our rules allow and nobody has: what was wished, with a number behind it where it must be."""
    base = _allowed(wanted)
    for number in range(1, 10 * COUNTED):
        if number == 1:
            name = base
        else:
            shown = number if number <= COUNTED else secrets.randbelow(LARGEST) + COUNTED
            name = f"{base[: MAX_CHARACTERS - len(str(shown)) - 1].rstrip()} {shown}"
        if not User.objects.filter(display_name_key=name_key(name)).exists():
            return name
    return f"{NAMELESS} {secrets.randbelow(10**12)}"


def _allowed(wanted: str) -> str:
    """Return what of a name our rules allow; a plain word where that is nothing, or the newsroom's own voice."""
    local, at, _ = wanted.partition("@")
    signs = unicodedata.normalize("NFC", local if at else wanted)
    kept = "".join(sign if _may_stand(sign) else " " for sign in signs)
    words = [word for word in kept.split() if is_honest_mix(word)]
    name = " ".join(words)[:MAX_CHARACTERS].rstrip()
    try:
        name = clean_display_name(name)
    except ValidationError:
        return NAMELESS
    return NAMELESS if is_reserved(name) else name


def _may_stand(sign: str) -> bool:
    return sign in ALLOWED_MARKS or (unicodedata.category(sign)[0] in "LMN" and sign not in INVISIBLE)
