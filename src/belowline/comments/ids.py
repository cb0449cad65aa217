"""Ids as people and programs send them: in an address, in a form."""

MAX_ID_DIGITS = 18


def parse_id(text: str) -> int | None:
    """Return the id, or None where the text is none that a row could have."""
    is_id = text.isascii() and text.isdecimal() and len(text) <= MAX_ID_DIGITS
    return int(text) if is_id else None
