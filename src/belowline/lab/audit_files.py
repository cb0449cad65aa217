"""Reading what an audit is run on: identity templates as JSON lines, functional suites as CSV.

Which of the two a file is shows in its content; gzip is undone. What is wrong is said with the line and the mend.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np

from belowline.lab.datasets import Row

GZIP = b"\x1f\x8b"
COLUMNS = ("functionality", "test_case", "label_gold", "target_ident")
"""What a functional suite needs; the names are HateCheck's (Röttger et al. 2021, arXiv 2012.15606)."""
ANSWERS = {"hateful": True, "non-hateful": False}
TEMPLATE_SHAPE = '{"text": "...", "labels": {"toxicity": 0 or 1}, "extra": {"identity": "...", "template": "..."}}'

T = TypeVar("T")


class FileError(ValueError):
    """A file cannot be used; the message names it and says what to do."""


class TemplateRow(msgspec.Struct, frozen=True):
    """A sentence made from a template, with an identity in it or none."""

    text: str
    is_toxic: bool
    identity: str
    """Empty: it names none, and belongs to the background of every identity."""
    template: str

    @property
    def stratum(self) -> tuple[str, bool]:
        """What a sample keeps the proportions of."""
        return self.identity, self.is_toxic


class SuiteCase(msgspec.Struct, frozen=True):
    """One case of a functional suite."""

    text: str
    is_hateful: bool
    functionality: str
    target: str
    """Empty: the case is about no group."""

    @property
    def stratum(self) -> tuple[str, bool]:
        """What a sample keeps the proportions of."""
        return self.target, self.is_hateful


class _Extra(msgspec.Struct):
    template: str
    identity: str | None = None


class _Line(msgspec.Struct):
    text: str
    labels: dict[str, Any]
    extra: _Extra


R = TypeVar("R", bound=TemplateRow | SuiteCase)

_template_decoder = msgspec.json.Decoder(_Line)
_row_decoder = msgspec.json.Decoder(Row)


def read_audit_file(path: Path) -> Sequence[TemplateRow | SuiteCase]:
    """Read a file of either kind, in its order; there is at least one row.

    Raises:
        FileError: it cannot be read, is of neither kind, or a row is wrong.
    """
    content = read_content(path)
    if not content.strip():
        raise FileError(f"{path} is empty; give a file with rows")
    if content.lstrip().startswith("{"):
        return _read_templates(path, content)
    return _read_suite(path, content)


def read_labelled(path: Path) -> list[Row]:
    """Read a file of labelled comments, JSON lines with or without gzip, in its order; there is at least one.

    Raises:
        FileError: it cannot be read, or a line is no record or has a label outside [0, 1].
    """
    rows = list(
        decoded_lines(
            path, read_content(path), _row_decoder, '{"id": "...", "text": "...", "labels": {"toxicity": 0.7}}'
        )
    )
    if not rows:
        raise FileError(f"{path} has no rows; give a file with one JSON object a line")
    for number, row in rows:
        if not all(0 <= value <= 1 for value in row.labels.values()):
            raise FileError(f"{path}, line {number}: a label is outside 0 to 1; give shares of raters")
    return [row for _, row in rows]


def sample(rows: Sequence[R], number: int, seed: int) -> list[R]:
    """Draw `number` rows, at least 1, with the strata in proportion (largest remainders), in the order of the file.

    All rows are returned where there are no more than that. The same seed draws the same rows.
    """
    if number >= len(rows):
        return list(rows)
    strata: dict[tuple[str, bool], list[int]] = {}
    for place, row in enumerate(rows):
        strata.setdefault(row.stratum, []).append(place)
    wanted = [len(places) * number / len(rows) for places in strata.values()]
    counts = [int(share) for share in wanted]
    for place in sorted(range(len(counts)), key=lambda one: counts[one] - wanted[one])[: number - sum(counts)]:
        counts[place] += 1
    draw = np.random.default_rng(seed)
    drawn = [draw.choice(places, count, replace=False) for places, count in zip(strata.values(), counts, strict=True)]
    return [rows[place] for place in np.sort(np.concatenate(drawn)).tolist()]


def read_content(path: Path) -> str:
    """Return the text of a file, its gzip undone; raises FileError when that cannot be had."""
    try:
        content = path.read_bytes()
        if content.startswith(GZIP):
            content = gzip.decompress(content)
        return content.decode("utf-8-sig")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileError(f"{path} is damaged: its gzip cannot be undone ({error}); fetch or pack it again") from error
    except OSError as error:
        raise FileError(f"{path} cannot be read ({error.strerror}); give another file") from error
    except UnicodeDecodeError as error:
        raise FileError(f"{path}: byte {error.start} is not UTF-8; save it as UTF-8") from error


def decoded_lines(path: Path, content: str, decoder: msgspec.json.Decoder[T], shape: str) -> Iterator[tuple[int, T]]:
    """Yield the number and the record of each line that is not empty; raises FileError, which shows the `shape`."""
    for number, line in enumerate(content.split("\n"), 1):
        if not line.strip():
            continue
        try:
            yield number, decoder.decode(line)
        except msgspec.DecodeError as error:
            raise FileError(f"{path}, line {number}: {error}; each line is {shape}") from error


def _read_templates(path: Path, content: str) -> list[TemplateRow]:
    rows = [
        _template(path, number, line)
        for number, line in decoded_lines(path, content, _template_decoder, TEMPLATE_SHAPE)
    ]
    if not any(row.identity for row in rows):
        raise FileError(f"{path}: no row names an identity; each line is {TEMPLATE_SHAPE}")
    if len({row.is_toxic for row in rows}) == 1:
        raise FileError(f"{path}: all rows have the same labels.toxicity; an audit needs rows with 0 and rows with 1")
    return rows


def _template(path: Path, number: int, line: _Line) -> TemplateRow:
    label = line.labels.get("toxicity")
    if label not in (0, 1):  # a tuple: the label may be a list, which no set can look up
        found = "missing" if label is None else label
        raise FileError(f"{path}, line {number}: labels.toxicity is {found}; an audit of identities needs 0 or 1")
    _refuse_empty(path, number, line.text)
    return TemplateRow(line.text, bool(label), line.extra.identity or "", line.extra.template)


def _read_suite(path: Path, content: str) -> list[SuiteCase]:
    lines = csv.DictReader(io.StringIO(content, newline=""))
    try:
        missing = [name for name in COLUMNS if name not in (lines.fieldnames or ())]
        if missing:
            raise FileError(
                f"{path} lacks the column {', '.join(missing)}; a functional suite is CSV with {', '.join(COLUMNS)}, "
                f"and a file of identity templates has lines of {TEMPLATE_SHAPE}"
            )
        cases = [_case(path, lines.line_num, line) for line in lines]
    except csv.Error as error:
        raise FileError(f"{path}, after line {lines.line_num}: {error}; save it as CSV with commas") from error
    if not cases:
        raise FileError(f"{path} has no rows below its heading; give a file with at least one case")
    return cases


def _case(path: Path, number: int, line: dict[str, str | None]) -> SuiteCase:
    functionality, text, label, target = (line[name] or "" for name in COLUMNS)
    if label not in ANSWERS:
        raise FileError(f"{path}, line {number}: label_gold is “{label}”; write one of {', '.join(ANSWERS)}")
    if not functionality:
        raise FileError(f"{path}, line {number}: functionality is empty; name what the case tests")
    _refuse_empty(path, number, text)
    return SuiteCase(text, ANSWERS[label], functionality, target)


def _refuse_empty(path: Path, number: int, text: str) -> None:
    if not text.strip():
        raise FileError(f"{path}, line {number}: the text is empty; fill it in, or take the row out")
