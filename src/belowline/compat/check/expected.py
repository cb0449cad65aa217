"""What a case expects of an answer, and whether an answer is that."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

MOST_SHOWN = 200
"""Characters of an answer that a report may repeat."""
OWN_ADDRESS = "<the server's own address>"
"""Stands in expected values for the address that is checked, with a slash at the end."""
ABSENT = "absent"
_QUOTA = re.compile(
    r"Quota exceeded for quota metric '(.+)' and limit '.+ per minute' of service "
    r"'commentanalyzer\.googleapis\.com' for consumer 'project_number:\w+'\."
)
_MISSING = object()

type_of_body = Any


class Answer(NamedTuple):
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def body(self) -> type_of_body:
        """The JSON of the answer; None where it is none."""
        try:
            return json.loads(self.text)
        except ValueError:
            return None


class Spans(NamedTuple):
    """What the spans of TOXICITY must be like."""

    least: int
    """How many there are at least."""
    units: int
    """The length of the comment in UTF-16 units."""
    is_whole: bool = False
    """Whether the only one is the whole comment."""


class Expected(NamedTuple):
    """What an answer must be; each part that is given."""

    statuses: tuple[int, ...] = (200,)
    values: Mapping[str, Any] = {}
    """Path, its names parted by spaces -> the very value there; "" is the whole body."""
    kinds: Mapping[str, str] = {}
    """Path -> one of KINDS, or "absent"."""
    headers: Mapping[str, str] = {}
    """Name -> a pattern that the whole value matches."""
    text: str = ""
    """A pattern that the text begins with."""
    spans: Spans | None = None

    def describe(self) -> str:
        """Return in a line what is expected."""
        parts = ["status " + " or ".join(map(str, self.statuses))]
        parts += [f"{path or 'the body'} = {_json(value)}" for path, value in self.values.items()]
        parts += [f"{path}: {kind}" for path, kind in self.kinds.items()]
        parts += [f"header {name} like {pattern}" for name, pattern in self.headers.items()]
        parts += [f"text like {self.text}"] if self.text else []
        parts += [_describe_spans(self.spans)] if self.spans else []
        return "; ".join(parts)

    def differences(self, answer: Answer, own_address: str) -> list[str]:
        """Return what came instead, a line each; nothing where the answer is what was expected."""
        found = [] if answer.status in self.statuses else [f"status {answer.status}"]
        body = answer.body
        for path, value in self.values.items():
            wanted = own_address if value == OWN_ADDRESS else value
            if (came := look_up(body, path)) != wanted:
                found.append(f"{path or 'the body'} = {_shown(came)}")
        for path, kind in self.kinds.items():
            if not KINDS[kind](came := look_up(body, path)):
                found.append(f"{path} = {_shown(came)}")
        for name, pattern in self.headers.items():
            if not re.fullmatch(pattern, answer.headers.get(name, "")):
                found.append(f"header {name} = {_shown(answer.headers.get(name, _MISSING))}")
        if self.text and not re.match(self.text, answer.text):
            found.append(f"text {shorten(answer.text)}")
        if self.spans and (wrong := check_spans(body, self.spans)):
            found.append(wrong)
        return found


def look_up(body: type_of_body, path: str) -> Any:
    """Return what stands at a path such as "error details 0 errorType"; a mark of its own where nothing does."""
    for name in path.split():
        if isinstance(body, dict) and name in body:
            body = body[name]
        elif isinstance(body, list) and name.isdigit() and int(name) < len(body):
            body = body[int(name)]
        else:
            return _MISSING
    return body


def check_spans(body: type_of_body, wanted: Spans) -> str:
    """Return what is wrong with the spans of TOXICITY; empty where nothing is."""
    spans = look_up(body, "attributeScores TOXICITY spanScores")
    if not isinstance(spans, list):
        return "no spanScores"
    try:
        places = [(one["begin"], one["end"]) for one in spans]
        values = [one["score"]["value"] for one in spans]
    except (KeyError, TypeError):
        return "spanScores without begin, end and score.value"
    is_right = places == [(0, wanted.units)] if wanted.is_whole else _in_order(places, wanted)
    return "" if is_right and all(map(_is_score, values)) else f"spans {shorten(str(places))}"


def shorten(text: str) -> str:
    """Return a line of at most MOST_SHOWN characters."""
    line = " ".join(text.split())
    return line if len(line) <= MOST_SHOWN else line[: MOST_SHOWN - 1] + "…"


def _in_order(places: list[tuple[Any, Any]], wanted: Spans) -> bool:
    flat = [0, *(unit for place in places for unit in place)]
    if len(places) < wanted.least or not all(type(unit) is int for unit in flat):
        return False
    return flat == sorted(flat) and flat[-1] == wanted.units and all(begin < end for begin, end in places)


def _describe_spans(spans: Spans) -> str:
    if spans.is_whole:
        return f"one span, 0 to {spans.units}"
    return f"at least {spans.least} spans in order, the last one ending at {spans.units}"


def _is_score(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_list_of_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _names_no_language(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("Attribute TOXICITY does not support request languages: ")


def _json(value: Any) -> str:
    return shorten(value if value == OWN_ADDRESS else json.dumps(value, ensure_ascii=False))


def _shown(value: Any) -> str:
    return "nothing" if value is _MISSING else _json(value)


KINDS: dict[str, Callable[[Any], bool]] = {
    ABSENT: lambda value: value is _MISSING,
    "a score": _is_score,
    "a text": _is_text,
    "a list of texts": _is_list_of_texts,
    "a list with a text": lambda value: _is_list_of_texts(value) and bool(value),
    "an object": lambda value: isinstance(value, dict),
    "the quota message": lambda value: isinstance(value, str) and bool(_QUOTA.fullmatch(value)),
    "the language message": _names_no_language,
}
"""Name -> whether a value is of that kind."""
