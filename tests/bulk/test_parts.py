"""A folder of parts: whole, in order by their names, and continued by what is missing."""

from pathlib import Path

import pytest

from belowline.bulk.checkpoint import Checkpoint
from belowline.bulk.errors import ResumeError
from belowline.bulk.files import find_files
from belowline.bulk.index import read_index, read_piece
from belowline.bulk.lines import Answered
from belowline.bulk.parts import (
    FEWEST_LINES,
    MOST_LINES,
    Folder,
    Written,
    begin_folder,
    find_parts,
    is_folder,
    missing,
    part_lines,
    write_part,
    write_whole,
)

WANTED = Checkpoint(job={"model": "m-1"}, input="x")


@pytest.fixture
def pieces(write):
    path = write(b"".join(b"\n" if number % 4 == 2 else b"line %d\n" % number for number in range(1, 41)))
    return read_index(find_files(str(path)), 7).pieces


@pytest.fixture
def folder(tmp_path):
    return Folder(str(tmp_path / "out"), is_parquet=False)


def answered(piece):
    lines = list(read_piece(piece))
    return Answered(piece.number, [number for number, _ in lines], [raw.strip() for _, raw in lines], bad=1)


def contents(folder):
    return b"".join(path.read_bytes() for path in sorted(Path(folder.name).glob("part-*")))


def test_the_parts_in_the_order_of_their_names_are_the_input(folder, pieces):
    begin_folder(folder, WANTED, may_continue=False)
    for piece in reversed(pieces):
        write_part(folder, piece, answered(piece))
        write_part(folder, piece, answered(piece))  # as when an actor is killed behind it

    assert contents(folder) == b"".join(b"line %d\n" % number for number in range(1, 41) if number % 4 != 2)
    assert find_parts(folder.name) == [Written(piece.first, piece.lines, 1) for piece in pieces]


def test_only_what_is_missing_is_done_again(folder, pieces):
    begin_folder(folder, WANTED, may_continue=True)
    for piece in pieces[::2]:
        write_part(folder, piece, answered(piece))
    write_whole(folder.name, ".part-000000000008-7-0.jsonl.123", b"torn")

    there = begin_folder(folder, WANTED, may_continue=True)

    assert missing(pieces, there) == pieces[1::2]


@pytest.mark.parametrize(
    ("lost", "wanted", "words"),
    [
        (None, None, "holds files already; add --resume"),
        (None, Checkpoint(job={"model": "m-2"}, input="x"), "another model"),
        ("_belowline.json", WANTED, "nobody knows what it was made of"),
    ],
    ids=["begun", "another model", "no manifest"],
)
def test_a_folder_of_something_else_is_refused(folder, pieces, lost, wanted, words):
    begin_folder(folder, WANTED, may_continue=False)
    write_part(folder, pieces[0], answered(pieces[0]))
    if lost:
        Path(folder.name, lost).unlink()

    with pytest.raises(ResumeError, match=words):
        begin_folder(folder, wanted or WANTED, may_continue=wanted is not None)


@pytest.mark.parametrize(
    ("size", "lines"), [(0, FEWEST_LINES), (10**6, FEWEST_LINES), (65_536 * 400, 400), (10**12, MOST_LINES)]
)
def test_the_size_of_parts_depends_on_the_input_alone(size, lines):
    assert part_lines(size) == lines


def test_what_names_a_folder(tmp_path):
    names = ["out/", "s3://bucket/out", str(tmp_path), "out.jsonl", str(tmp_path / "new")]

    assert [is_folder(name) for name in names] == [True, True, True, False, False]
