"""`belowline compat check`: a server that keeps the contract, one that does not, one that is none."""

import json
import re
import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from click.testing import CliRunner

from belowline.cli import main
from belowline.compat.check import runner
from belowline.compat.check.cases import EMOJI, EMOJI_UNITS, QUOTA, Case, all_cases
from belowline.compat.check.expected import KINDS, Answer, Expected, Spans, check_spans, look_up, shorten
from belowline.compat.check.report import is_same
from belowline.compat.check.runner import Result, Server, Verdict, judge

SECRET_KEY = "bl_only-for-tests"
SCORED = {
    "attributeScores": {"TOXICITY": {"summaryScore": {"value": 0.5, "type": "PROBABILITY"}}},
    "languages": ["en"],
    "detectedLanguages": ["en"],
}
LONG = "word " * 1_000


class Stub(BaseHTTPRequestHandler):
    """Answers every call in the same way; what it was asked is kept."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm, wbufsize = True, -1
    status, answer, asked = 200, SCORED, []

    def answer_call(self):
        self.asked.append(self.path)
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = self.answer if isinstance(self.answer, bytes) else json.dumps(self.answer).encode()
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = answer_call  # noqa: N815 - the names that http.server calls

    def log_message(self, *arguments):
        """Say nothing."""


@pytest.fixture
def stub():
    """Start a server that answers as told; its address, and what it was asked."""
    started = []

    def start(answer=SCORED, status=200):
        kind = type("OneStub", (Stub,), {"answer": answer, "status": status, "asked": []})
        server = ThreadingHTTPServer(("127.0.0.1", 0), kind)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        started.append(server)
        return f"http://127.0.0.1:{server.server_port}", kind.asked

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@pytest.fixture
def check():
    return lambda *arguments: CliRunner().invoke(main, ["compat", "check", *arguments])


def test_a_server_that_differs(stub, check):
    address, asked = stub()
    done = check(address)

    assert done.exit_code == 1
    assert re.search(r"^ok +replies: a score$", done.stdout, re.MULTILINE)
    assert re.search(
        r"^differs +errors: an empty comment\n +expected status 400.*\n +came +status 200", done.stdout, re.MULTILINE
    )
    assert re.search(r"\d+ cases of the contract: \d+ ok, \d+ differs, \d+ not served\.", done.stdout.splitlines()[-1])
    assert "/v1alpha1/comments:analyze" in asked
    assert not any("key=" in path for path in asked)


@pytest.mark.parametrize("path", ["", "/", "/v1alpha1", "/v1alpha1/"])
def test_both_forms_of_the_address(stub, check, path):
    address, asked = stub()
    check(address + path)

    assert {one.partition("?")[0] for one in asked} == {
        *("/v1alpha1/comments:analyze", "/v1alpha1/comments:suggestscore", "/v1alpha1/comments:praise"),
        *("/v1alpha1/comments:batchAnalyze", "/v1alpha1/openapi.json", "/$discovery/rest", "/%24discovery/rest"),
    }


def test_a_server_without_the_methods(stub, check):
    done = check(stub({"detail": "Not Found"}, 404)[0])

    assert done.exit_code == 1
    assert re.search(r"^not served +errors: an empty comment$", done.stdout, re.MULTILINE)


def test_an_attribute_that_is_not_served(stub, check):
    error = {"error": {"code": 400, "message": "Unknown requested attribute: SEXUALLY_EXPLICIT"}}
    done = check(stub(error, 400)[0])

    assert re.search(
        r"^not served +attributes: SEXUALLY_EXPLICIT\n.*\n.*Unknown requested attribute", done.stdout, re.MULTILINE
    )


def test_no_more_than_two_hundred_characters_of_an_answer(stub, check):
    body = {"error": {"message": LONG, "details": [LONG]}, "languages": LONG, "attributeScores": LONG}
    done = check(stub(body, 400)[0])
    came = re.findall(r"^ +came +(.*)$", done.stdout, re.MULTILINE)

    assert came
    assert max(map(len, came)) <= 200


@pytest.mark.parametrize("answer", [b"", b"<html>", b"\xff\xfe", b"[" * 100_000, b"null", b"7"])
def test_answers_that_are_no_contract_at_all(stub, check, answer):
    done = check(stub(answer)[0])

    assert done.exit_code == 1, done.output


def test_json(stub, check):
    address, _ = stub()
    done = check(address, "--json")
    found = json.loads(done.stdout)

    assert done.exit_code == 1
    assert (found["url"], found["is_same"]) == (address, False)
    assert {case["verdict"] for case in found["cases"]} <= {"ok", "differs", "not served"}
    assert [(case["group"], case["name"]) for case in found["cases"]] == [
        (case.group, case.name) for case in all_cases() if not case.needs_key
    ]


@pytest.mark.parametrize("way", [("--key", SECRET_KEY), ()], ids=["option", "environment"])
def test_the_key_is_sent_and_never_shown(stub, check, monkeypatch, way):
    if not way:
        monkeypatch.setenv("BELOWLINE_KEY", SECRET_KEY)
    address, asked = stub()
    done = check(address, *way)

    assert f"/v1alpha1/comments:analyze?key={SECRET_KEY}" in asked
    assert "keys: analyze, a wrong key" in done.stdout
    assert SECRET_KEY not in done.output


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:{}", "127.0.0.1:{}", "http://", "ftp://a.example", "http://[::1", ""]
)
def test_no_server(check, address):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        done = check(address.format(probe.getsockname()[1]))

    assert done.exit_code == 2
    assert "does not answer" in done.stderr


@pytest.mark.parametrize("reason", ["API_KEY_INVALID", "API_KEY_MISSING"])
def test_a_key_that_is_refused(stub, check, reason):
    error = {"error": {"code": 403, "message": "No.", "details": [{"reason": reason}]}}
    done = check(stub(error, 403)[0], "--key", SECRET_KEY)

    assert done.exit_code == 2
    assert "refuses the key; name one with --key. It says: No." in done.stderr


def test_the_quota_only_on_request(stub, monkeypatch):
    monkeypatch.setattr(runner, "MOST_CALLS", 3)
    address, asked = stub()
    server = Server(address, SECRET_KEY)
    plain = [result.case for result in runner.run_cases(server, has_key=True)]
    before = len(asked)
    whole = [result.case for result in runner.run_cases(server, has_key=True, with_quota=True)]

    assert QUOTA not in plain
    assert whole == [*plain, QUOTA]
    assert len(asked) == 2 * before + 4


def test_the_extras_make_no_difference():
    def result(verdict, *, is_extra):
        return Result(Case("g", "n", Expected(), is_extra=is_extra), verdict, "")

    assert is_same([result(Verdict.OK, is_extra=False), result(Verdict.DIFFERS, is_extra=True)])
    assert not is_same([result(Verdict.OK, is_extra=True), result(Verdict.NOT_SERVED, is_extra=False)])


def test_a_server_that_stops_answering(stub):
    server = Server("http://127.0.0.1:9")
    case = next(all_cases())

    assert judge(server, case, runner._ask(server, case)).verdict == Verdict.DIFFERS


# --- what is expected


@pytest.mark.parametrize(
    ("expected", "answer", "count"),
    [
        (Expected(), Answer(200, {}, ""), 0),
        (Expected((400, 404)), Answer(404, {}, ""), 0),
        (Expected(), Answer(500, {}, ""), 1),
        (Expected(values={"a b": 1}), Answer(200, {}, '{"a": {"b": 1}}'), 0),
        (Expected(values={"a b": 1}), Answer(200, {}, '{"a": 1}'), 1),
        (Expected(values={"a 1": 2, "": {"a": [1, 2]}}), Answer(200, {}, '{"a": [1, 2]}'), 0),
        (Expected(kinds={"a": "absent"}), Answer(200, {}, "{}"), 0),
        (Expected(kinds={"a": "absent"}), Answer(200, {}, '{"a": null}'), 1),
        (Expected(kinds={"a": "a score", "b": "a text"}), Answer(200, {}, '{"a": 1.01, "b": ""}'), 2),
        (Expected(headers={"X": r"\d"}), Answer(200, {"X": "1"}, ""), 0),
        (Expected(headers={"X": r"\d"}), Answer(200, {}, ""), 1),
        (Expected(text="a"), Answer(200, {}, "ba"), 1),
    ],
)
def test_differences(expected, answer, count):
    assert len(expected.differences(answer, "http://x/")) == count
    assert "status" in expected.describe()


@pytest.mark.parametrize("value", [None, True, "", "x", [], {}, 2, -0.1, float("nan"), "0.5"])
def test_what_is_no_score(value):
    assert not KINDS["a score"](value)


@pytest.mark.parametrize(
    ("places", "wanted", "is_right"),
    [
        ([(0, 9)], Spans(1, 9, is_whole=True), True),
        ([(0, 8)], Spans(1, 9, is_whole=True), False),
        ([(0, 4), (5, 9)], Spans(2, 9), True),
        ([(0, 9)], Spans(2, 9), False),
        ([(0, 5), (4, 9)], Spans(2, 9), False),
        ([(5, 9), (0, 4)], Spans(2, 9), False),
        ([(0, 4), (5, 10)], Spans(2, 9), False),
        ([], Spans(0, 9), False),
    ],
)
def test_spans(places, wanted, is_right):
    spans = [{"begin": begin, "end": end, "score": {"value": 0.5}} for begin, end in places]
    body = {"attributeScores": {"TOXICITY": {"spanScores": spans}}}

    assert (check_spans(body, wanted) == "") is is_right


@pytest.mark.parametrize(
    "spans", [None, {}, [{}], [7], [{"begin": 0, "end": 9}], [{"begin": None, "end": "9", "score": {"value": 1}}]]
)
def test_spans_of_another_shape(spans):
    assert check_spans({"attributeScores": {"TOXICITY": {"spanScores": spans}}}, Spans(1, 9))


def test_the_emoji_counts_two_units():
    assert len(EMOJI) + 2 == EMOJI_UNITS


def test_paths_lead_to_values():
    assert look_up({"a": [{"b": 1}]}, "a 0 b") == 1
    assert KINDS["absent"](look_up({"a": []}, "a 0"))


@pytest.mark.parametrize(("text", "length"), [("x" * 200, 200), ("x" * 201, 200), ("a \n b", 3)])
def test_shortened(text, length):
    assert len(shorten(text)) == length


def test_it_needs_no_django():
    code = "import sys, belowline.cli.compat, belowline.compat.check.report; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stdout == "False\n", done.stderr
