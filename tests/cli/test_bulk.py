"""score and judge over many lines: several processes, files that are continued, and what is refused."""

import json
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from belowline.bulk.checkpoint import checkpoint_path
from belowline.bulk.files import File
from belowline.bulk.index import Piece
from belowline.bulk.lines import Answered
from belowline.cli import bulk, loading
from belowline.cli.bulk import after, default_processes, without_first
from belowline.engine.submission import Submission

MANY = 2_000


def lines(count):
    texts = ["You idiot", "a bridge", "explode", "Hello"]
    return [
        "oops" if number % 50 == 49 else json.dumps({"id": number, "text": f"{texts[number % 4]} {number}"})
        for number in range(count)
    ]


@pytest.fixture
def comments(tmp_path):
    """A file of so many comments, some of them no JSON."""

    def call(count=200):
        path = tmp_path / "comments.jsonl"
        path.write_text("\n".join(lines(count)) + "\n", "utf-8")
        return path

    return call


@pytest.mark.parametrize("verb", ["score", "judge"])
def test_several_processes_write_what_one_writes(process, run, comments, verb):
    path = comments()

    several = process(verb, "--processes", 3, path)

    assert several.returncode == 1
    assert several.stdout == run(verb, path).stdout_bytes
    assert len(several.stdout.splitlines()) == 200


def test_standard_input_can_have_several_processes_too(process, run, comments):
    path = comments()

    piped = process("score", "--processes", 2, "-", input=path.read_bytes())

    assert piped.stdout == run("score", path).stdout_bytes


def test_out_takes_what_standard_output_would_get(run, comments, tmp_path):
    path, out = comments(60), tmp_path / "out.jsonl"

    written, shown = run("score", path, "--out", out), run("score", path)

    assert (written.exit_code, written.stdout) == (1, "")
    assert out.read_text("utf-8") == shown.stdout
    assert json.loads(checkpoint_path(out).read_bytes())["is_complete"]


def test_what_is_complete_stays_as_it_is(run, comments, tmp_path):
    path, out = comments(60), tmp_path / "out.jsonl"
    run("score", path, "--out", out)
    before = out.stat()

    again, over = run("score", path, "--out", out, "--resume"), run("score", path, "--out", out)

    assert (again.exit_code, over.exit_code) == (1, 1)
    assert "is complete: 60 lines" in again.stderr
    assert "add --resume to continue it" in over.stderr
    assert (out.stat().st_mtime_ns, out.stat().st_size) == (before.st_mtime_ns, before.st_size)


@pytest.mark.parametrize(
    ("end", "said"),
    [(signal.SIGINT, (130, b"--resume continues")), (signal.SIGKILL, (-9, b""))],
    ids=["Ctrl-C", "killed"],
)
def test_what_was_cut_short_is_continued_without_loss_or_doubles(start, run, comments, end, said):
    path = comments(MANY)
    out = path.with_name("out.jsonl")
    for _ in range(5):  # on a machine with other work, it may have come to its end before the signal did
        running = start("score", "--processes", 2, "--out", out, path, stderr=subprocess.PIPE)
        deadline = time.monotonic() + 60
        while not (out.exists() and out.stat().st_size) and time.monotonic() < deadline:
            time.sleep(0.005)
        running.send_signal(end)
        errors = running.communicate(timeout=60)[1]
        if not json.loads(checkpoint_path(out).read_bytes())["is_complete"]:
            break
        out.unlink()
        checkpoint_path(out).unlink()
    assert running.returncode == said[0]
    assert said[1] in errors
    assert not json.loads(checkpoint_path(out).read_bytes())["is_complete"]

    continued = run("score", "--out", out, "--resume", path, "--processes", 1)

    assert continued.exit_code == 1, continued.stderr
    assert out.read_bytes() == run("score", path, "--processes", 1).stdout_bytes


def test_another_policy_or_input_does_not_continue_it(run, comments, tmp_path):
    path, out = comments(60), tmp_path / "out.jsonl"
    run("score", path, "--out", out)

    other = run("judge", path, "--out", out, "--resume")
    path.write_text("{}\n", "utf-8")
    changed = run("score", path, "--out", out, "--resume")

    assert "was begun with another command (score, now judge)" in other.stderr
    assert "was made of another input" in changed.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--resume"], "--resume needs --out"),
        (["--address", "head:6379"], "--address goes with --on ray"),
        (["--out", "no/such/out.jsonl"], "there is no folder no/such"),
        (["--out", "parts/"], "parts/ is a folder"),
        (["--out", "out.parquet", "--resume"], "a Parquet file cannot be continued"),
        (["--processes", "0"], "--processes"),
        (["--on", "spark"], "--on"),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, list) else "",
)
def test_options_that_do_not_go_together_are_refused(run, comments, options, words):
    result = run("score", comments(1), *options)

    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


@pytest.mark.parametrize(
    ("options", "words"), [(["--on", "ray"], "every machine"), (["--out", "x"], "--out needs a FILE")]
)
def test_standard_input_goes_no_further(run, options, words):
    result = run("score", *options, lines=[{"text": "a"}])

    assert result.exit_code == 2
    assert words in result.stderr


def test_without_ray_it_is_said_how_to_install_it(run, comments, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)

    result = run("judge", "--on", "ray", comments(3))

    assert (result.exit_code, result.stdout) == (1, "")
    assert "--on ray needs ray: pip install 'belowline[bulk]'" in result.stderr


@pytest.mark.parametrize("options", [["in.parquet"], ["comments.jsonl", "--out", "out.parquet"]], ids=["in", "out"])
def test_without_pyarrow_it_is_said_how_to_install_it(run, comments, monkeypatch, tmp_path, options):
    comments(3)
    (tmp_path / "in.parquet").write_bytes(b"PAR1")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)

    result = run("score", *options)

    assert (result.exit_code, result.stdout) == (1, "")
    assert "needs pyarrow: pip install 'belowline[bulk]'" in result.stderr
    assert not (tmp_path / "out.parquet").exists()


def test_a_terminal_sees_a_bar_with_its_end(on_terminal, comments, tmp_path):
    shown = on_terminal("score", "--out", tmp_path / "out.jsonl", comments(120), stream="stderr")

    assert "100%" in shown
    assert "120 of 120 lines" in shown


def test_a_log_gets_a_line_a_minute(monkeypatch, capsys):
    from belowline.cli import progress

    monkeypatch.setattr(progress, "LOGGED_EVERY_S", 0.0)
    with progress.counted("Judging", 2_000, begun=1_000, is_logged=True) as advance:
        advance(1)

    assert capsys.readouterr().err == "Judging: 1,001 of 2,000 lines\n"


@pytest.mark.parametrize(
    ("size", "expected"), [(None, 1), (bulk.SMALL_BYTES, 1), (bulk.SMALL_BYTES + 1, 5)], ids=["stdin", "small", "large"]
)
def test_processes_by_default(monkeypatch, size, expected):
    monkeypatch.setattr(bulk, "usable_cores", lambda: 5)

    assert default_processes([] if size is None else [File("x", size)]) == expected


@pytest.mark.parametrize(("done", "first", "rest"), [(0, 0, 0), (3, 0, 3), (5, 1, 0), (9, 1, 4), (10, None, 0)])
def test_pieces_behind_what_is_done(done, first, rest):
    pieces = [
        Piece(number, "x", is_parquet=False, start=0, length=0, first=1 + 5 * number, lines=5) for number in range(2)
    ]

    left, skipped = after(pieces, done)

    assert ([piece.number for piece in left][:1], skipped) == ([] if first is None else [first], rest)


def test_answers_behind_what_is_done():
    answers = [Answered(0, [1, 2, 3], [b'{"line":1}', b"b", b'{"line":3}'], 2), Answered(1, [4], [b"d"], 0)]

    first, second = without_first(iter(answers), 1)

    assert first == Answered(0, [2, 3], [b"b", b'{"line":3}'], 1)
    assert second == answers[1]


def test_a_busy_machine_changes_no_score(fake_engine):
    class Slow:
        name, scores, version = "slow", ("insult",), "slow-1"

        def measure(self, prepared):
            time.sleep(0.05)
            raise RuntimeError

    engine = fake_engine()
    engine.signals = (Slow(),)
    settings = msgspec.structs.replace(engine.policy.settings, signal_timeout_ms=1)
    hasty = engine.with_policy(msgspec.structs.replace(engine.policy, settings=settings))
    unhurried = loading.unhurried(hasty)

    causes = [one.score(Submission(text="a", language="en"))[0]["insult"].cause for one in (hasty, unhurried)]

    assert causes == ["timeout", "error"]
    assert unhurried.policy.version == hasty.policy.version
