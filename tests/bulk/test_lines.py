"""Reading lines: which are answered, how they are counted, and into which chunks they go."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.bulk.lines import MAX_LINE_BYTES, cut_chunks, is_answered, read_lines

READING = {
    "last line without end": (b"a\nb", [(1, b"a\n"), (2, b"b")]),
    "windows line ends": (b"a\r\nb\r\n", [(1, b"a\r\n"), (2, b"b\r\n")]),
    "blank lines are left out but counted": (b"\na\n \t\r\n\nb\n\n", [(2, b"a\n"), (5, b"b\n")]),
    "byte order mark": (b"\xef\xbb\xbfa\n", [(1, b"a\n")]),
    "nothing but a mark": (b"\xef\xbb\xbf", []),
    "nothing": (b"", []),
}


@pytest.mark.parametrize(("raw", "expected"), READING.values(), ids=READING)
def test_read_lines(raw, expected):
    assert list(read_lines(io.BytesIO(raw))) == expected


@pytest.mark.parametrize("end", [b"\n", b""], ids=["ended", "at the end"])
def test_the_longest_line_is_read_and_a_longer_one_is_not(end):
    fits = b"x" * MAX_LINE_BYTES + b"\n"
    too_long = b"x" * (MAX_LINE_BYTES + 1) + end

    assert list(read_lines(io.BytesIO(fits + too_long))) == [(1, fits), (2, None)]


@given(st.binary(max_size=200).map(lambda raw: raw.replace(b"x", b"\n")))
def test_a_line_is_answered_exactly_where_it_is_read(raw):
    counted = [number for number, line in enumerate(io.BytesIO(raw), 1) if is_answered(number, line)]

    assert [number for number, _ in read_lines(io.BytesIO(raw))] == counted


@given(st.lists(st.integers(0, 30)), st.integers(1, 5), st.integers(1, 60))
def test_chunks_hold_every_line_once_and_in_order(sizes, most_lines, most_bytes):
    lines = [(number, b"x" * size if size else None) for number, size in enumerate(sizes, 1)]

    chunks = list(cut_chunks(lines, most_lines, most_bytes))

    assert [chunk.number for chunk in chunks] == list(range(len(chunks)))
    assert [line for chunk in chunks for line in chunk.lines] == lines
    for chunk in chunks:
        *others, _ = chunk.lines
        assert len(chunk.lines) <= most_lines
        assert sum(len(raw or b"") for _, raw in others) < most_bytes


def test_chunks_are_cut_while_the_lines_still_come():
    def lines():
        yield 1, b"a"
        yield 2, b"b"
        pytest.fail("a chunk that is full waits for nothing")

    assert len(next(cut_chunks(lines(), 2)).lines) == 2
