"""Ray writes what one process writes, to the letter, also when an actor is killed in the middle."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest

from belowline.bulk.parts import find_parts
from belowline.engine.policy import default_policy_text

RAY = ("--on", "ray", "--processes", 2)
LIMIT_S = 300


def test_two_processes_write_what_one_writes(command, comments, scored):
    assert command("score", "--processes", 2, comments).stdout == scored


def test_ray_writes_what_one_process_writes(command, comments, scored):
    done = command("score", *RAY, comments)

    assert (done.returncode, done.stdout) == (1, scored)


def actors():
    """The processes of Ray's actors that judge."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if path.read_bytes().startswith(b"ray::MapWorker(MapBatches(Answerer))"):
                found.append(int(path.parent.name))
        except OSError:
            continue
    return found


def wait_for(condition):
    deadline = time.monotonic() + LIMIT_S
    while not (found := condition()):
        assert time.monotonic() < deadline, "this did not come"
        time.sleep(0.05)
    return found


def test_a_killed_actor_costs_nothing_and_leaves_no_trace_in_the_output(start, comments, scored, tmp_path):
    out = tmp_path / "out.jsonl"
    with out.open("wb") as stream, start("score", *RAY, comments, stdout=stream) as running:
        pid = wait_for(actors)[0]
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: set(actors()) - {pid} or running.poll() is not None)
        _, errors = running.communicate(timeout=LIMIT_S)

    assert running.returncode == 1, errors
    assert out.read_bytes() == scored


def test_parts_are_the_file_in_pieces_and_only_what_is_missing_is_written(command, comments, scored, tmp_path):
    folder = tmp_path / "parts"
    first = command("score", *RAY, "--out", f"{folder}/", comments)
    parts = sorted(folder.glob("part-*"))
    whole = [part.read_bytes() for part in parts]
    kept = parts[0].stat().st_mtime_ns
    parts[1].unlink()

    again = command("score", *RAY, "--out", f"{folder}/", "--resume", comments)

    assert (first.returncode, again.returncode) == (1, 1), first.stderr + again.stderr
    assert len(parts) > 1
    assert b"".join(whole) == scored
    assert [part.read_bytes() for part in sorted(folder.glob("part-*"))] == whole
    assert parts[0].stat().st_mtime_ns == kept
    assert sum(part.bad for part in find_parts(str(folder))) == scored.count(b'{"line":')


def test_what_one_machine_began_ray_continues(start, command, comments, scored, tmp_path):
    out = tmp_path / "out.jsonl"
    with start("score", "--processes", 1, "--out", out, comments) as running:
        wait_for(lambda: out.exists() and out.read_bytes().count(b"\n") > 5)
        running.send_signal(signal.SIGINT)
        running.communicate(timeout=LIMIT_S)

    done = command("score", *RAY, "--out", out, "--resume", comments)

    assert done.returncode == 1, done.stderr
    assert out.read_bytes() == scored


@pytest.fixture
def as_parquet(comments, tmp_path):
    """The good lines as Parquet in two forms: with a struct, and with flat columns."""
    import pyarrow as pa
    from pyarrow import parquet

    rows = [json.loads(line) for line in comments.read_bytes().splitlines() if line.startswith(b"{")][:60]
    lines = tmp_path / "rows.jsonl"
    lines.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    flat = [
        {"id": row["id"], "text": row["text"], "parent": row.get("parent"), "likes": 3}
        | {f"story_{name}": value for name, value in row.get("story", {"title": None}).items()}
        for row in rows
    ]
    schema = pa.schema(
        [("id", pa.int64()), ("likes", pa.int64())]
        + [(name, pa.string()) for name in ("text", "parent", "story_title", "story_body")]
    )
    parquet.write_table(pa.Table.from_pylist(flat, schema=schema), tmp_path / "flat.parquet", row_group_size=7)
    columns = {name: [row.get(name) for row in rows] for name in ("id", "text", "story", "parent")}
    parquet.write_table(pa.table(columns), tmp_path / "nested.parquet", row_group_size=25)
    return lines, tmp_path / "flat.parquet", tmp_path / "nested.parquet"


def test_rows_of_parquet_are_judged_as_lines(command, as_parquet, tmp_path):
    from pyarrow import parquet

    lines, flat, nested = as_parquet
    expected = command("judge", lines).stdout
    assert expected == command("judge", flat).stdout == command("judge", nested).stdout
    outputs = tmp_path / "one.parquet", tmp_path / "parts.parquet"

    one = command("judge", flat, "--out", outputs[0])
    parts = command("judge", *RAY, f"file://{nested}", "--out", f"file://{outputs[1]}/")

    assert (one.returncode, parts.returncode) == (0, 0), one.stderr + parts.stderr
    tables = [parquet.read_table(output).to_pylist() for output in outputs]
    assert tables[0] == tables[1]
    assert [row["answer"].encode() for row in tables[0]] == expected.splitlines()
    assert [row["line"] for row in tables[0]] == list(range(1, 61))
    assert {row["outcome"] for row in tables[0]} <= {"publish", "hold"}


def test_scores_are_columns(command, comments, scored, tmp_path):
    from pyarrow import parquet

    command("score", comments, "--out", tmp_path / "scored.parquet")

    rows = parquet.read_table(tmp_path / "scored.parquet").to_pylist()
    for row, answer in zip(rows, map(json.loads, scored.splitlines()), strict=True):
        if "error" in answer:
            assert (row["error"], row["line"], row["toxicity"]) == (answer["error"]["code"], answer["line"], None)
        else:
            assert {name: row[name] for name in answer["scores"]} == answer["scores"]
            assert (row["id"], row["language"]) == (str(answer["id"]), answer["language"])


@pytest.mark.parametrize("content", [b"PAR1", None], ids=["no Parquet", "no column"])
def test_a_file_that_is_no_such_parquet_is_refused(command, tmp_path, content):
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "in.parquet"
    parquet.write_table(pa.table({"comment": ["a"]}), path)
    if content:
        path.write_bytes(content)

    done = command("score", path)

    assert (done.returncode, done.stdout) == (1, b"")
    assert "is no Parquet file" in done.stderr or "has no column `text`; it has comment" in done.stderr


def test_the_figures_of_a_backtest_are_the_same(command, comments, tmp_path):
    past, policy = tmp_path / "past.jsonl", tmp_path / "new.toml"
    rows = [json.loads(line) for line in comments.read_bytes().splitlines() if line.startswith(b"{")][:90]
    decided = [row | {"outcome": "refused" if row["id"] % 3 else "published"} for row in rows]
    past.write_text("".join(json.dumps(row) + "\n" for row in decided), "utf-8")
    policy.write_text(re.sub(r"hold = 0\.\d+", "hold = 0.3", default_policy_text()), "utf-8")
    files = [tmp_path / f"{name}.json" for name in ("one", "several", "ray")]

    for file, where in zip(files, (("--processes", 1), ("--processes", 2), RAY), strict=True):
        done = command("backtest", policy, "--on", past, *where, "--json", file)
        assert done.returncode == 0, done.stderr

    figures = [json.loads(file.read_bytes()) for file in files]
    assert figures[0] == figures[1] == figures[2]
    assert figures[0]["comments"] == 90
    assert figures[0]["changes"]


def test_an_address_that_nobody_knows_is_refused(command):
    done = command("score", "gopher://x/y.jsonl")

    assert done.returncode == 2
    assert "is no address that PyArrow knows" in done.stderr
