"""The export as one JSON document, made piece by piece."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from belowline.accounts.models import User
from belowline.stream.export.sections import SECTIONS, Section

SCHEMA = "belowline-export/1"


def json_pieces(user: User, made_at: datetime) -> Iterator[bytes]:
    """Yield the document: who made it of what, then one list of objects for each section."""
    encoder = msgspec.json.Encoder()
    yield b'{"schema":' + encoder.encode(SCHEMA) + b',"made_at":' + encoder.encode(made_at)
    for section in SECTIONS:
        yield b',\n"' + section.name.encode() + b'":['
        yield from _rows(section, user, encoder)
        yield b"]"
    yield b"}\n"


def _rows(section: Section, user: User, encoder: msgspec.json.Encoder) -> Iterator[bytes]:
    for number, row in enumerate(section.read(user)):
        pairs = dict(zip(section.columns, row, strict=True))
        yield (b",\n" if number else b"\n") + encoder.encode(pairs)
