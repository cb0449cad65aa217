"""Reading a request body as Google's front end does: lenient JSON, then proto3's JSON mapping.

Unquoted keys, single quotes and trailing commas pass (JSON5), names come in camelCase or snake_case, null means
absent, numbers may be strings, enumerations may be numbers. Unknown names are refused: a misspelt `doNotStore`
must not pass in silence. No message repeats what was sent, but for names of fields. Source: proto3's JSON mapping,
https://protobuf.dev/programming-guides/json/.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec
import pyjson5

from belowline.compat.perspective.errors import ApiError, invalid
from belowline.compat.perspective.schemas import SCHEMAS, Schema

MAX_NESTING = 16
MAX_SHOWN = 60
INT32 = 2**31
PREFIX = "Invalid JSON payload received."
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', re.DOTALL)
"""A string in quotes."""
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,400})(\.\d{1,400})?([eE][+-]?\d{1,4})?", re.ASCII)
"""A number as JSON writes it, for those that come as strings."""
_LINE_BREAK = re.compile(r"(\\.)|\r|\n", re.DOTALL)
"""A line break that nothing escapes; what is escaped is the group."""


def read_json(body: bytes) -> Any:
    """Return what the body says; an empty body is an empty object.

    Raises:
        ApiError: INVALID_ARGUMENT: it is no JSON, no UTF-8, or nests too deep.
    """
    if not body.strip():
        return {}
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    try:
        return pyjson5.decode(_LITERAL.sub(_escape_lines, body.decode("utf-8-sig")), maxdepth=MAX_NESTING)
    except (pyjson5.Json5Exception, ValueError, OverflowError, RecursionError):
        raise invalid(f"{PREFIX} The body is no JSON object in UTF-8.") from None


def _escape_lines(literal: re.Match[str]) -> str:
    """Return a string with its line breaks escaped: Commento++ pastes comments as they are."""
    return _LINE_BREAK.sub(lambda one: one[1] or {"\r": "\\r", "\n": "\\n"}[one[0]], literal[0])


def read_message(name: str, data: Any, at: str = "") -> dict[str, Any]:
    """Return a message of v1alpha1 with its fields in camelCase; what is null is left out.

    Raises:
        ApiError: INVALID_ARGUMENT: an unknown field, or a value of another type; it names the place.
    """
    if not isinstance(data, Mapping):
        raise _wrong(at, name)
    properties = SCHEMAS[name]["properties"]
    found: dict[str, Any] = {}
    for key, value in data.items():
        field = _camel(key)
        if field not in properties:
            raise _unknown(key, at)
        if value is not None:
            found[field] = _read(properties[field], value, f"{at}.{field}" if at else field)
    return found


def _read(schema: Schema, value: Any, at: str) -> Any:
    if "$ref" in schema:
        return read_message(schema["$ref"], value, at)
    if "additionalProperties" in schema:
        return _read_map(schema["additionalProperties"]["$ref"], value, at)
    return READERS[schema["type"]](schema, value, at)


def _read_map(name: str, value: Any, at: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong(at, "map")
    return {_text_of(key, at): read_message(name, {} if one is None else one, at) for key, one in value.items()}


def _read_list(schema: Schema, value: Any, at: str) -> list[Any]:
    # One value where a list is expected counts as a list of one, as at Google's.
    values = value if isinstance(value, list) else [value]
    return [_read(schema["items"], one, f"{at}[{place}]") for place, one in enumerate(values)]


def _read_string(schema: Schema, value: Any, at: str) -> str:
    names = schema.get("enum")
    if names and isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(names):
        return str(names[value])
    if not isinstance(value, str):
        raise _wrong(at, "TYPE_STRING")
    if names and value not in names and not at.lower().endswith("type"):
        raise _wrong(at, "TYPE_ENUM")
    return _text_of(value, at)


def _read_number(schema: Schema, value: Any, at: str) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and _NUMBER.fullmatch(value)):
        raise _wrong(at, "TYPE_FLOAT")
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise _wrong(at, "TYPE_FLOAT")
    return number


def _read_integer(schema: Schema, value: Any, at: str) -> int:
    number = _read_number(schema, value, at)
    if not number.is_integer() or not -INT32 <= number < INT32:
        raise _wrong(at, "TYPE_INT32")
    return int(number)


def _read_boolean(schema: Schema, value: Any, at: str) -> bool:
    if isinstance(value, str) and value in {"true", "false"}:
        return value == "true"
    if not isinstance(value, bool):
        raise _wrong(at, "TYPE_BOOL")
    return value


READERS = {
    "array": _read_list,
    "string": _read_string,
    "number": _read_number,
    "integer": _read_integer,
    "boolean": _read_boolean,
}


def _text_of(value: str, at: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise invalid(f"{PREFIX} The text at '{at}' is no Unicode: half of a surrogate pair is missing.") from None
    return value


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def _wrong(at: str, expected: str) -> ApiError:
    return invalid(f"Invalid value at '{at}' ({expected})" if at else f"{PREFIX} The body is no JSON object.")


def _unknown(name: str, at: str) -> ApiError:
    shown = re.sub(r"[^\w.$-]", "?", name[:MAX_SHOWN], flags=re.ASCII)
    place = f" at '{at}'" if at else ""
    return invalid(f'{PREFIX} Unknown name "{shown}"{place}: Cannot find field.')
