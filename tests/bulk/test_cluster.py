"""What stands around Ray, without it: addresses, tries, and what an actor says of a piece."""

import socket

import msgspec
import numpy as np
import pytest

from belowline.bulk.cluster import MOST_TRIES, Answerer, Task, Tries, check_reachable
from belowline.bulk.errors import WorkerError
from belowline.bulk.files import find_files
from belowline.bulk.index import read_index
from belowline.bulk.parts import Folder, find_parts


@pytest.fixture
def pieces(write):
    return read_index(find_files(str(write(b"one\nbad\n\ntwo\nthree\n"))), 2).pieces


def first_try(_piece):
    return 1


def said(answerer, pieces):
    batch = {"piece": np.array([msgspec.json.encode(piece) for piece in pieces], dtype=object)}
    found = answerer(batch)
    return [dict(zip(found, values, strict=True)) for values in zip(*found.values(), strict=True)]


def test_an_actor_answers_pieces_in_order(echo, pieces):
    rows = said(Answerer(Task(echo, "echo"), first_try), pieces)

    assert [(row["number"], row["problem"], row["bad"]) for row in rows] == [(0, "", 1), (1, "", 0)]
    assert [row["answers"] for row in rows] == [b"1 one\n2 bad", b"4 two\n5 three"]
    assert [msgspec.json.decode(row["lines"]) for row in rows] == [[1, 2], [4, 5]]


def test_an_actor_writes_parts(echo, pieces, tmp_path):
    folder = Folder(str(tmp_path), is_parquet=False)

    rows = said(Answerer(Task(echo, "echo", folder), first_try), pieces)

    assert [row["answers"] for row in rows] == [b"", b""]
    assert [(part.first, part.lines, part.bad) for part in find_parts(folder.name)] == [(1, 2, 1), (3, 2, 0)]


def test_a_machine_that_computes_other_numbers_answers_nothing(echo, pieces):
    (row, *_) = said(Answerer(Task(echo, "another"), first_try), pieces)

    assert "computes other numbers" in row["problem"]
    assert row["answers"] == b""


def test_what_cannot_be_loaded_is_said(broken, pieces):
    (row, *_) = said(Answerer(Task(broken(), ""), first_try), pieces)

    assert row["problem"] == "the model is gone; reinstall belowline"


def test_a_file_that_has_changed_or_is_gone_is_noticed(echo, pieces, tmp_path):
    answerer = Answerer(Task(echo, "echo"), first_try)
    (tmp_path / "in.jsonl").write_bytes(b"\n" * 30)
    assert "has changed" in said(answerer, pieces)[0]["problem"]

    (tmp_path / "in.jsonl").unlink()
    assert "No such file" in said(answerer, pieces)[0]["problem"]


def test_a_piece_is_not_tried_for_ever(echo, pieces):
    tries = Tries()
    answerer = Answerer(Task(echo, "echo"), tries.begin)

    problems = [said(answerer, pieces[:1])[0]["problem"] for _ in range(MOST_TRIES + 1)]

    assert problems[:-1] == [""] * MOST_TRIES
    assert f"{MOST_TRIES} actors ended over lines 1 and following" in problems[-1]
    assert said(answerer, pieces[1:])[0]["problem"] == ""


@pytest.mark.parametrize("address", ["ray://head:10001", "head", ":6379", "head:port"])
def test_what_is_no_address(address):
    with pytest.raises(WorkerError, match="such as head:6379"):
        check_reachable(address)


def test_where_nobody_answers():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    with pytest.raises(WorkerError, match=f"no Ray cluster answers at 127.0.0.1:{port}"):
        check_reachable(f"127.0.0.1:{port}")


def test_where_somebody_answers():
    check_reachable("auto")
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_reachable(f"127.0.0.1:{server.getsockname()[1]}")
