"""Partial answers: `fields=attributeScores/TOXICITY/summaryScore(value),languages`.

The grammar of Google's partial responses: names parted by commas, `/` or parentheses lead inside, `*` is every name.
"""

import re
from typing import Any

from belowline.compat.perspective.errors import ApiError, invalid

MAX_CHARACTERS = 2_000
MAX_DEPTH = 12
_TOKEN = re.compile(r"\s*([\w@.$-]+|\*|[(),/])\s*")

type_of_mask = dict[str, Any]
"""Name -> what to keep inside; an empty mask keeps everything."""


def read_mask(text: str) -> type_of_mask:
    """Return what a `fields` parameter keeps.

    Raises:
        ApiError: INVALID_ARGUMENT: it does not follow the grammar.
    """
    tokens, at = [], 0
    text = text[: MAX_CHARACTERS + 1]
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or len(text) > MAX_CHARACTERS:
            raise _wrong()
        tokens.append(found[1])
        at = found.end()
    mask, end = _read_list(tokens, 0, 0)
    if end != len(tokens):
        raise _wrong()
    return mask


def apply_mask(body: Any, mask: type_of_mask) -> Any:
    """Return what the mask keeps of an answer."""
    if not mask:
        return body
    if isinstance(body, list):
        return [apply_mask(one, mask) for one in body]
    if not isinstance(body, dict):
        return body
    chosen = {name: mask.get(name, mask.get("*")) for name in body}
    return {name: apply_mask(body[name], inner) for name, inner in chosen.items() if inner is not None}


def _read_list(tokens: list[str], at: int, depth: int) -> tuple[type_of_mask, int]:
    mask: type_of_mask = {}
    while True:
        at = _read_path(tokens, at, mask, depth)
        if at >= len(tokens) or tokens[at] != ",":
            return mask, at
        at += 1


def _read_path(tokens: list[str], at: int, mask: type_of_mask, depth: int) -> int:
    while True:
        if at >= len(tokens) or tokens[at] in {"(", ")", ",", "/"} or depth > MAX_DEPTH:
            raise _wrong()
        is_known = tokens[at] in mask
        inner = mask.setdefault(tokens[at], {})
        depth, at = depth + 1, at + 1
        if at < len(tokens) and tokens[at] == "/":
            if is_known and not inner:
                inner = {}  # the whole of it was asked for before: it stays whole
            mask, at = inner, at + 1
            continue
        if at < len(tokens) and tokens[at] == "(":
            found, at = _read_list(tokens, at + 1, depth)
            if at >= len(tokens) or tokens[at] != ")":
                raise _wrong()
            if not is_known or inner:
                inner.update(found)
            return at + 1
        inner.clear()
        return at


def _wrong() -> ApiError:
    return invalid("Invalid field selection: write fields=languages,attributeScores/TOXICITY(summaryScore).")
