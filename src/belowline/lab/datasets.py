"""Reading public data sets of comments, brought into one form: JSON lines with labels, some of them absent.

A label that a source does not speak about is absent, which is not 0: `label_matrix` masks it.
"""

import gzip
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from belowline.engine.policy import ABUSE_SCORES

LABELS = ABUSE_SCORES
GROUP_KEYS = ("story_id", "video", "pair", "rev_id")
"""What keeps rows together when a file is split: rows of one story, one video, one contrast pair, one
revision."""

Colour = Literal["green", "amber"]
EVERY_COLOUR = frozenset({"green", "amber"})


class Source(msgspec.Struct, frozen=True):
    """A training file, and what its licence lets us do with weights."""

    file: str
    """Path below the data folder, without `.jsonl.gz`."""
    colour: Colour
    """green: weights may ship; amber: they may where the card names the source and its state."""


SOURCES = {
    "jigsaw_wikipedia": Source("train/abuse/jigsaw_wikipedia", "amber"),
    "wikiconv_cat": Source("train/abuse/wikiconv_cat", "green"),
    "civil_spans": Source("train/abuse/civil_spans", "green"),
    "room_for_debate": Source("train/abuse/room_for_debate", "amber"),
    "dynahate": Source("train/abuse/dynahate", "amber"),
    "measuring_hate": Source("train/abuse/measuring_hate", "amber"),
    "hatemoji_build": Source("train/abuse/hatemoji_build", "green"),
    "gab": Source("train/abuse/gab", "amber"),
    "davidson": Source("train/abuse/davidson", "green"),
    "hatexplain": Source("train/abuse/hatexplain", "green"),
    "edos": Source("train/abuse/edos", "green"),
    "convabuse": Source("train/abuse/convabuse", "green"),
    "implicit_hate": Source("train/abuse/implicit_hate", "green"),
    "madlibs_fuzzed_nonfuzzed": Source("train/abuse/madlibs_fuzzed_nonfuzzed", "green"),
    "youtube_spam": Source("train/spam/youtube_spam", "amber"),
    "sms_spam": Source("train/spam/sms_spam", "amber"),
}
"""Every training file by its name."""


class Row(msgspec.Struct, kw_only=True):
    """One comment with the labels that its source gives, each in [0, 1]."""

    id: str
    text: str
    labels: dict[str, float]
    source: str = ""
    extra: dict[str, Any] = {}

    @property
    def group(self) -> str:
        """What the row must stay together with when its file is split."""
        for key in GROUP_KEYS:
            if key in self.extra:
                return min(self.id, str(self.extra[key])) if key == "pair" else str(self.extra[key])
        return self.id


class Term(msgspec.Struct, kw_only=True):
    """One entry of a word list."""

    term: str
    category: str = ""
    extra: dict[str, Any] = {}


def read_rows(path: Path, *, source: str = "") -> list[Row]:
    """Read a file of labelled comments, in its order; `source` names it in every row.

    Raises:
        OSError: the file is missing. msgspec.DecodeError: a line is no record.
    """
    with gzip.open(path, "rb") as lines:
        rows = [msgspec.json.decode(line, type=Row) for line in lines]
    for row in rows:
        row.source = source or row.source
    return rows


def read_source(data: Path, name: str) -> list[Row]:
    """Read one training file by its name. Raises KeyError for an unknown name, and as `read_rows` does."""
    return read_rows(data / f"{SOURCES[name].file}.jsonl.gz", source=name)


def read_terms(data: Path, name: str) -> list[Term]:
    """Read a word list below `lexicons/`, in its order; raises as `read_rows` does."""
    with gzip.open(data / "lexicons" / f"{name}.jsonl.gz", "rb") as lines:
        return [msgspec.json.decode(line, type=Term) for line in lines]


def label_matrix(rows: Sequence[Row], labels: Sequence[str] = LABELS) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return targets in [0, 1] and the mask of known labels, both (rows, labels); unknown targets are 0."""
    targets = np.zeros((len(rows), len(labels)), dtype=np.float32)
    known = np.zeros((len(rows), len(labels)), dtype=bool)
    for place, row in enumerate(rows):
        for column, label in enumerate(labels):
            if label in row.labels:
                targets[place, column] = row.labels[label]
                known[place, column] = True
    return targets, known


def folds(rows: Iterable[Row], number: int, *, seed: int = 0) -> NDArray[np.int64]:
    """Return the fold of each row, in [0, number): by its group, the same on every machine."""
    keys = (f"{seed}:{row.source}:{row.group}" for row in rows)
    return np.array([zlib.crc32(key.encode()) % number for key in keys], dtype=np.int64)
