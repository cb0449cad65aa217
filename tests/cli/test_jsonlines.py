"""The stream of JSON lines: bad lines, order, memory, pipes, terminals and full disks."""

import io
import itertools
import json
import os
import subprocess
import threading
import tracemalloc

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from belowline.bulk.lines import MAX_LINE_BYTES, read_lines
from belowline.cli.jsonlines import ErrorOut, LineError, answer_line, as_submission, parse_line
from belowline.engine.errors import SubmissionError
from belowline.engine.submission import MAX_TEXT_CHARACTERS

HELLO = b'{"text": "Hello"}\n'


class Echo(msgspec.Struct):
    id: str | int | None
    text: str


def echo(submission, identity):
    return Echo(identity, submission.text)


# name: (line, code, words of the message)
BAD = {
    "nothing but a word": (b"hello", "invalid_json", "not JSON"),
    "cut off": (b'{"text": "a', "invalid_json", "not JSON"),
    "two objects": (b'{"text": "a"} {"text": "b"}', "invalid_json", "trailing"),
    "single quotes": (b"{'text': 'a'}", "invalid_json", "not JSON"),
    "raw control character": (b'{"text": "a\x00b"}', "invalid_json", "not JSON"),
    "not a number": (b'{"text": "a", "likes": NaN}', "invalid_json", "not JSON"),
    "nested too deeply": (
        b'{"text": "a", "x": ' + b"[" * 90_000 + b"]" * 90_000 + b"}",
        "invalid_json",
        "deep",
    ),
    "an array": (b'["a"]', "not_an_object", "must be a JSON object"),
    "a string": (b'"a"', "not_an_object", "must be a JSON object"),
    "null": (b"null", "not_an_object", "must be a JSON object"),
    "no text": (b'{"comment": "a"}', "invalid_input", "missing required field `text`"),
    "text is null": (b'{"text": null}', "invalid_input", "`text`: expected `str`, got `null`"),
    "text is a number": (b'{"text": 3}', "invalid_input", "`text`: expected `str`, got `int`"),
    "id is an object": (b'{"id": {}, "text": "a"}', "invalid_input", "`id`: expected"),
    "id is a fraction": (b'{"id": 1.5, "text": "a"}', "invalid_input", "`id`: expected"),
    "id is endless": (b'{"id": 1' + b"0" * 5_000 + b', "text": "a"}', "invalid_input", "`id`: "),
    "story is a string": (
        b'{"text": "a", "story": "b"}',
        "invalid_input",
        "`story`: expected `object | null`",
    ),
    "story without title": (
        b'{"text": "a", "story": {}}',
        "invalid_input",
        "`story`: object missing required",
    ),
    "title is a number": (
        b'{"text": "a", "story": {"title": 1}}',
        "invalid_input",
        "`story.title`: expected",
    ),
    "parent is an object": (b'{"text": "a", "parent": {}}', "invalid_input", "`parent`: expected"),
    "language is a word": (b'{"text": "a", "language": "English"}', "invalid_input", "such as `en`"),
    "language is empty": (b'{"text": "a", "language": ""}', "invalid_input", "such as `en`"),
    "empty text": (b'{"text": ""}', "text_empty", "visible character"),
    "blank text": (b'{"text": " \\n\\u3000"}', "text_empty", "visible character"),
    "long text": (json.dumps({"text": "x" * (MAX_TEXT_CHARACTERS + 1)}).encode(), "text_too_long", "20481"),
    "latin-1": ('{"text": "caf\xe9"}'.encode("latin-1"), "invalid_utf8", "byte 13 of the line"),
    "utf-16": ('{"text": "a"}'.encode("utf-16"), "invalid_utf8", "byte 0 of the line"),
    "wrong bytes in a field nobody reads": (b'{"text": "a", "x": "\xff"}', "invalid_utf8", "byte 20"),
    "encoded surrogate": (b'{"text": "\xed\xa0\x80"}', "invalid_utf8", "not UTF-8"),
    "escaped surrogate": (rb'{"text": "\ud83d"}', "lone_surrogate", "half of a surrogate pair"),
    "low surrogate": (rb'{"text": "\ude00 a"}', "lone_surrogate", "half of a surrogate pair"),
    "surrogate elsewhere": (rb'{"text": "a", "x": ["\ud83d"]}', "lone_surrogate", "half of a surrogate pair"),
}


@pytest.mark.parametrize(("line", "code", "words"), BAD.values(), ids=BAD)
def test_a_bad_line_says_what_is_wrong(run, line, code, words):
    result = run("score", raw=HELLO + line + b"\n" + HELLO)

    assert result.exit_code == 1
    first, bad, last = result.rows
    assert first["scores"] == last["scores"]
    assert list(bad) == ["line", "error"]
    assert bad["line"] == 2
    assert list(bad["error"]) == ["code", "message"]
    assert bad["error"]["code"] == code
    assert words in bad["error"]["message"]


@pytest.mark.parametrize(
    "line",
    [
        '{"id": "c7"}',
        '{"id": "c7", "text": 3}',
        '{"text": [], "id": "c7"}',
        '{"id": "c7", "text": ""}',
        '{"id": "c7", "text": "a", "language": "?"}',
        '{"id": "c7", "text": "a", "story": {}}',
    ],
)
def test_a_readable_id_is_named_in_the_error(run, line):
    (row,) = run("score", lines=[line]).rows

    assert list(row) == ["line", "error", "id"]
    assert row["id"] == "c7"


def test_a_broken_engine_costs_one_line(run, monkeypatch):
    def broken(*_):
        raise KeyError("the text of a reader")

    monkeypatch.setattr("belowline.cli.score.as_output", broken)

    result = run("score", lines=[{"id": 1, "text": "a"}, {"id": 2, "text": "b"}])

    assert result.exit_code == 1
    assert [row["error"]["code"] for row in result.rows] == ["engine_failed"] * 2
    assert [row["id"] for row in result.rows] == [1, 2]
    assert "KeyError" in result.rows[0]["error"]["message"]
    assert "reader" not in result.stdout


@given(st.binary() | st.text().map(str.encode))
@example(b"\xef\xbb\xbf")
@example(b'{"text": 1' + b"0" * 400 + b"}")
@example(b'{"id": -9223372036854775809, "text": "a"}')
def test_any_bytes_give_an_answer(raw):
    out = answer_line(1, raw, echo)

    again = json.loads(msgspec.json.encode(out))
    assert ("error" in again) == isinstance(out, ErrorOut)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["id", "text", "story", "parent", "language", "title", "other"]


@given(st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_any_object_gives_an_answer(fields):
    out = answer_line(1, json.dumps(fields).encode(), echo)

    if isinstance(out, ErrorOut):
        assert out.error.code
    else:
        assert (out.text, out.id) == (fields["text"], fields.get("id"))


@given(st.text(st.characters(codec="utf-8"), min_size=1))
def test_the_text_reaches_the_engine_unchanged(text):
    for ensure_ascii in (True, False):
        raw = json.dumps({"text": text}, ensure_ascii=ensure_ascii).encode()
        assert answer_line(1, raw, echo).text == text


def test_parse_line_raises_an_error_of_the_engine_s_tree():
    with pytest.raises(LineError) as caught:
        parse_line(b"{")

    assert isinstance(caught.value, SubmissionError)


@given(st.lists(st.booleans(), max_size=40))
def test_the_order_is_kept_and_bad_lines_are_counted_where_they_stand(goodness):
    lines = [b'{"id": %d, "text": "a"}' % n if good else b"bad" for n, good in enumerate(goodness, 1)]
    source = io.BytesIO(b"\n".join(lines))

    answers = [answer_line(number, raw, echo) for number, raw in read_lines(source)]

    places = [out.line if isinstance(out, ErrorOut) else out.id for out in answers]
    assert places == list(range(1, len(goodness) + 1))
    assert [not isinstance(out, ErrorOut) for out in answers] == goodness


def test_after_a_line_that_is_too_long_the_next_one_is_read(run):
    result = run("score", raw=b'{"text": "' + b"x" * (2 * MAX_LINE_BYTES) + b'"}\n' + HELLO)

    assert result.exit_code == 1
    assert [row.get("error", {}).get("code") for row in result.rows] == ["line_too_long", None]


class Endless(io.RawIOBase):
    """A source of a given number of bytes, made as they are asked for."""

    def __init__(self, total, part):
        self.left, self.part = total, part

    def readable(self):
        return True

    def readinto(self, buffer):
        part = self.part[: min(len(buffer), self.left)]
        buffer[: len(part)] = part
        self.left -= len(part)
        return len(part)


@pytest.mark.parametrize(
    ("part", "total", "most"),
    [(HELLO * 1000, 8_000_000, 500_000), (b"x" * 16_384, 64_000_000, 3 * MAX_LINE_BYTES)],
    ids=["many lines", "one endless line"],
)
@pytest.mark.slow
def test_a_stream_of_any_length_takes_constant_memory(part, total, most):
    source = io.BufferedReader(Endless(total, part))
    tracemalloc.start()
    try:
        for number, raw in read_lines(source):
            if number % 500 == 1:
                answer_line(number, raw, echo)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < most


WATCHED = 2_000


@pytest.mark.slow
def test_a_process_does_not_grow_with_its_input(start):
    running = start("score", stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    lines = [json.dumps({"id": n, "text": f"Comment {n} " + "word " * 100}).encode() + b"\n" for n in range(WATCHED)]

    def resident():
        status = open(f"/proc/{running.pid}/status", encoding="ascii").read()  # noqa: SIM115, PTH123
        return int(status.split("VmRSS:")[1].split()[0])

    def feed():
        for _ in range(4):
            running.stdin.writelines(lines)
        running.stdin.close()

    feeder = threading.Thread(target=feed)
    feeder.start()
    sizes = [resident() for number, _ in enumerate(running.stdout) if number % WATCHED == WATCHED - 2]
    feeder.join()
    running.stdin = None

    assert len(sizes) == 4
    assert sizes[-1] - sizes[0] < 1_600, f"grew from {sizes[0]} to {sizes[-1]} KiB"


def test_a_closed_pipe_ends_the_command_quietly(start):
    running = start("score", stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    running.stdout.close()
    with pytest.raises(BrokenPipeError):
        running.stdin.writelines(itertools.repeat(HELLO))

    assert running.wait(60) == 141
    assert running.stderr.read() == b""
    running.stdin = running.stdout = None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
@pytest.mark.parametrize("count", [1, 20_000], ids=["at the end", "on the way"])
def test_a_full_disk_is_an_error_and_never_a_success(start, count):
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        running = start("score", stdin=subprocess.PIPE, stdout=full, stderr=subprocess.PIPE)
        _, errors = running.communicate(HELLO * count)

    assert running.returncode == 1
    assert errors == b"Error: reading or writing failed: No space left on device\n"


def test_a_pipe_stays_quiet(process):
    done = process("score", input=HELLO * 100)

    assert (done.returncode, done.stderr) == (0, b"")
    assert len(done.stdout.splitlines()) == 100


def test_a_watched_terminal_sees_progress(on_terminal, tmp_path):
    with (tmp_path / "out.jsonl").open("wb") as out:
        shown = on_terminal("score", stream="stderr", stdout=out, given=HELLO * 200)

    assert "Scoring" in shown
    assert "200 lines" in shown
    assert len((tmp_path / "out.jsonl").read_bytes().splitlines()) == 200


def test_a_terminal_gets_each_answer_at_once(start):
    leader, follower = os.openpty()
    running = start("score", stdin=subprocess.PIPE, stdout=follower, stderr=subprocess.DEVNULL)
    os.close(follower)

    running.stdin.write(HELLO)
    running.stdin.flush()
    answer = os.read(leader, 4096)
    os.close(leader)

    assert json.loads(answer)["scores"]["insult"] == 0


@pytest.mark.parametrize(("said", "meant"), [({}, True), ({"judges_topic": False}, False)])
def test_a_story_may_say_that_nothing_is_off_topic_there(said, meant):
    line = parse_line(json.dumps({"text": "a", "story": {"title": "b", **said}}).encode())

    assert as_submission(line).story.judges_topic is meant
