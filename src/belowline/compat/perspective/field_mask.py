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
    chosen = {name: _chosen(name, mask) for name in body}
    return {name: apply_mask(body[name], inner) for name, inner in chosen.items() if inner is not None}


def _chosen(name: str, mask: type_of_mask) -> type_of_mask | None:
    """Return what to keep inside a name; None: nothing."""
    if name in mask and "*" in mask:
        return _merge(mask[name], mask["*"])
    return mask.get(name, mask.get("*"))


def _merge(first: type_of_mask, second: type_of_mask) -> type_of_mask:
    """Return the mask that keeps what either keeps; an empty one keeps all, and wins."""
    if not first or not second:
        return {}
    shared = {name: _merge(first[name], second[name]) for name in first.keys() & second.keys()}
    return first | second | shared


def _read_list(tokens: list[str], at: int, depth: int) -> tuple[type_of_mask, int]:
    mask, at = _read_path(tokens, at, depth)
    while at < len(tokens) and tokens[at] == ",":
        more, at = _read_path(tokens, at + 1, depth)
        mask = _merge(mask, more)
    return mask, at


def _read_path(tokens: list[str], at: int, depth: int) -> tuple[type_of_mask, int]:
    if at >= len(tokens) or tokens[at] in {"(", ")", ",", "/"} or depth > MAX_DEPTH:
        raise _wrong()
    name, following = tokens[at], tokens[at + 1] if at + 1 < len(tokens) else ""
    if following == "/":
        inner, at = _read_path(tokens, at + 2, depth + 1)
        return {name: inner}, at
    if following != "(":
        return {name: {}}, at + 1
    inner, at = _read_list(tokens, at + 2, depth + 1)
    if at >= len(tokens) or tokens[at] != ")":
        raise _wrong()
    return {name: inner}, at + 1


def _wrong() -> ApiError:
    return invalid("Invalid field selection: write fields=languages,attributeScores/TOXICITY(summaryScore).")
