"""One pass over the input: its digest, its length, and pieces that hold every line once under its own number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.bulk import index as module
from belowline.bulk.errors import InputError, MissingPackageError
from belowline.bulk.files import File, find_files, is_address, lines_of, needed, total_size
from belowline.bulk.index import read_index, read_piece
from belowline.bulk.lines import MAX_LINE_BYTES

CONTENTS = st.lists(
    st.sampled_from([b"a\n", b"bb\n", b"\n", b" \t\n", b"\xef\xbb\xbfc\n", b"d\r\n", b"\xff\n"]), max_size=25
).map(b"".join)


def pieces_of(files, most):
    found = read_index(files, most)
    return found, [line for piece in found.pieces for line in read_piece(piece)]


@given(st.lists(st.tuples(CONTENTS, st.sampled_from([b"", b"end"])), min_size=1, max_size=3), st.integers(1, 7))
def test_the_pieces_hold_every_line_under_its_number(tmp_path_factory, contents, most):
    folder = tmp_path_factory.mktemp("in")
    for number, parts in enumerate(contents):
        (folder / f"{number}.jsonl").write_bytes(b"".join(parts))
    files = find_files(str(folder))

    found, lines = pieces_of(files, most)

    assert lines == list(lines_of(files))
    assert found.lines == len(lines)
    assert all(piece.lines == len(list(read_piece(piece))) <= most for piece in found.pieces)


def test_a_line_that_is_too_long_keeps_its_number(write):
    path = write(b"a\n" + b"x" * (MAX_LINE_BYTES + 5) + b"\nb\n" + b" " * (MAX_LINE_BYTES + 5) + b"\nc")

    found, lines = pieces_of(find_files(str(path)), 1)

    assert lines == [(1, b"a\n"), (2, None), (3, b"b\n"), (4, None), (5, b"c")]
    assert found.lines == 5


def test_a_piece_of_long_lines_ends_early(write, monkeypatch):
    monkeypatch.setattr(module, "PIECE_BYTES", 10)

    found, lines = pieces_of(find_files(str(write(b"123456\n" * 5))), 100)

    assert [piece.lines for piece in found.pieces] == [2, 2, 1]
    assert [number for number, _ in lines] == [1, 2, 3, 4, 5]


def test_the_digest_is_that_of_the_bytes_and_of_their_files(tmp_path):
    digests = set()
    for name, contents in {"a": [b"1\n2\n"], "b": [b"1\n", b"2\n"], "c": [b"1\n3\n"], "d": [b"1\n2"]}.items():
        for number, content in enumerate(contents):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / f"{number}.jsonl").write_bytes(content)
        digests.add(read_index(find_files(str(tmp_path / name)), 9).digest)

    assert len(digests) == 4
    assert read_index(find_files(str(tmp_path / "a")), 1).digest in digests


def test_progress_hears_of_every_byte(write):
    files = find_files(str(write(b"one\n\ntwo")))
    heard = []

    read_index(files, 1, heard.append)

    assert sum(heard) == total_size(files) == 8


def test_a_folder_is_read_in_the_order_of_names_and_without_what_is_hidden(tmp_path, write):
    for name in ("b.jsonl", "a.ndjson", "sub/c.json", "_SUCCESS.jsonl", ".d.jsonl", "_tmp/e.jsonl", "readme.txt"):
        write(b"x", name)

    names = [one.path.removeprefix(f"{tmp_path}/") for one in find_files(str(tmp_path))]

    assert names == ["a.ndjson", "b.jsonl", "sub/c.json"]


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no file that ends in"):
        find_files(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "expected"), [("s3://bucket/x", True), ("file:///x", True), ("x.jsonl", False), ("C:\\x", False)]
)
def test_addresses(name, expected):
    assert is_address(name) is expected


def test_what_is_not_installed_is_named_with_the_command_that_installs_it():
    with pytest.raises(MissingPackageError, match=r"reading x needs not_there: pip install 'belowline\[bulk\]'"):
        needed("not_there.inner", "reading x")


def test_parquet_is_known_by_its_name():
    assert [File(name, 0).is_parquet for name in ("a.parquet", "a.pq", "a.jsonl")] == [True, True, False]
