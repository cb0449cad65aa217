"""The cut-offs of a policy in its text: written in where they stand, with all else as it was."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from belowline.engine.cutoffs import NEVER, Cutoffs
from belowline.engine.errors import PolicyError
from belowline.engine.policy import parse_policy

HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
KEY = re.compile(
    r"(?P<space>\s*)(?P<key>[A-Za-z0-9_.\"'-](?:[A-Za-z0-9_.\"' -]*[A-Za-z0-9_.\"'-])?)(?P<equals>\s*=\s*)"
)
PART = re.compile(r"\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9_-]+)")
INLINE = re.compile(r"\{[^{}]*\}")
NUMBERS = ("hold", "reject", "hold_in")
_Wanted = Mapping[str, tuple[float, float]]
_Sections = Mapping[str, Mapping[str, float]]


def write_cutoffs(text: str, codes: Sequence[str], cutoffs: Cutoffs, sections: Sequence[str | None] = ()) -> str:
    """Return the TOML text of a policy with other cut-offs, each in [0, 1]; all else stays, comments and order too.

    `codes`, and where sections stand apart `sections`, name the columns. A `reject` that falls away stays as a comment.

    Raises:
        PolicyError: a number does not stand on a line of its own, or the new numbers make no policy.
    """
    tree = tomllib.loads(text)
    wanted, owns = _by_rule(codes, cutoffs, sections, tree)
    lines: list[str] = []
    for path, line in _lines_of(text):
        code, *keys = path[1:] if path[:1] == ("rules",) and len(path) > len(("rules", "code")) else ("",)
        if code not in wanted or not keys or keys[0] not in NUMBERS:
            lines.append(line)
            continue
        rule = tree["rules"][code]
        if keys[0] == "hold_in":
            lines.append(_rewrite_section(line, keys[1:], rule["hold_in"], owns[code]))
            continue
        hold, reject = wanted[code]
        lines.append(_rewrite(line, hold if keys[0] == "hold" else reject, rule[keys[0]]))
        if keys[0] == "hold" and reject != NEVER and "reject" not in rule:
            lines.append(_rewrite(line, reject, None))
    changed = "".join(lines)
    _check_rest(tree, changed, wanted, owns)
    return changed


def _by_rule(
    codes: Sequence[str], cutoffs: Cutoffs, sections: Sequence[str | None], tree: Mapping[str, Any]
) -> tuple[_Wanted, _Sections]:
    """Return `hold` and `reject` by rule, and by rule the `hold` of each section that has its own."""
    numbers = zip(cutoffs.hold.tolist(), cutoffs.reject.tolist(), strict=True)
    columns = list(zip(codes, sections or [None] * len(codes), numbers, strict=True))
    wanted = {code: both for code, section, both in columns if section is None}
    owns = {code: dict(tree["rules"].get(code, {}).get("hold_in", {})) for code in wanted}
    for code, section, (hold, _) in columns:
        if section is not None:
            owns[code][section] = hold
    return wanted, owns


def _lines_of(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield each line, which gets an end where it has none, with the dotted path of the key that it sets, or ()."""
    table: tuple[str, ...] = ()
    inside = ""
    for line in text.splitlines(keepends=True):
        path: tuple[str, ...] = ()
        if inside:
            inside = "" if inside in line else inside
        elif header := HEADER.match(line):
            table = _parts(header[1])
        elif key := KEY.match(line):
            path = (*table, *_parts(key["key"]))
            inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
        yield path, line if line.endswith("\n") else f"{line}\n"


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(double or single or bare for double, single, bare in PART.findall(dotted))


def _rewrite(line: str, number: float, before: float | None) -> str:
    """Return the line with another number; None before: a `reject` for the rule whose `hold` stands on this line."""
    found = KEY.match(line)
    if number == before or found is None:
        return line
    if number == NEVER:
        return f"# {line}"
    shown = _shown(number)
    if before is not None:
        return line[: found.end()] + re.sub(r"^[^\s#]+", shown, line[found.end() :])
    key = re.sub(r"hold([\"']?\s*)$", r"reject\1", found["key"])
    return f"{found['space']}{key}{found['equals']}{shown}{line[len(line.rstrip()) :]}"


def _rewrite_section(line: str, keys: Sequence[str], before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Return the line with the new `hold` of a section, or of all that stand on it between braces."""
    if before == after:
        return line
    if keys:
        return _rewrite(line, after[keys[0]], before[keys[0]]) if keys[0] in after else line
    pairs = ", ".join(f"{_quoted(section)} = {_shown(hold)}" for section, hold in after.items())
    return INLINE.sub(lambda _: "{" + pairs + "}", line, count=1)


def _quoted(section: str) -> str:
    """Return a key as TOML writes it."""
    if re.fullmatch(r"[A-Za-z0-9_-]+", section):
        return section
    escaped = section.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _shown(number: float) -> str:
    return np.format_float_positional(number, trim="0")


def _check_rest(before: dict[str, Any], changed: str, wanted: _Wanted, owns: _Sections) -> None:
    """Raise a PolicyError where the text does not say exactly what was wanted, and all else as before."""
    after = parse_policy(changed)
    tree = tomllib.loads(changed)
    for code, numbers in wanted.items():
        rule = after.rules[code]
        if (rule.hold, NEVER if rule.reject is None else rule.reject) != numbers:
            raise PolicyError("write `hold` and `reject` on lines of their own below [rules.CODE]", key=f"rules.{code}")
        if rule.hold_in != owns[code]:
            raise PolicyError("write `hold_in` on a line of its own below [rules.CODE]", key=f"rules.{code}.hold_in")
        for rules in (before["rules"], tree["rules"]):
            rules[code] = {key: value for key, value in rules[code].items() if key not in NUMBERS}
    if tree != before:
        raise PolicyError("the new numbers cannot be written without touching the rest; write them in by hand")
