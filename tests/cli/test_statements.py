"""`belowline statements`: export, send, figures, schema."""

import csv
import io
import json
from datetime import timedelta

import jsonschema
import pytest
from click.testing import CliRunner
from django.utils import timezone
from tiny_database import TOKEN, TinyDatabase

from belowline.cli import main
from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.statements.record import FIELDS, statement_schema


@pytest.fixture
def run(db):
    """Run a command about statements in this process."""

    def call(*arguments):
        result = CliRunner().invoke(main, ["statements", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture
def database():
    made = TinyDatabase()
    yield made
    made.close()


@pytest.fixture
def token_file(tmp_path):
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n", "utf-8")
    return path


@pytest.fixture
def decisions(post, decide):
    """Three rejections, a day ago."""
    found = [decide(post(f"Wombat number {n} of it.").comment, "reject", rule="banned_word") for n in range(3)]
    Decision.objects.update(created_at=timezone.now() - timedelta(days=1))
    return found


@pytest.fixture
def wrong(decisions):
    """One of them has a date that the database does not take."""
    Comment.objects.filter(pk=decisions[1].comment_id).update(created_at=timezone.now().replace(year=1999))
    return decisions[1]


# --- export


def test_lines(run, decisions):
    done = run("export")
    rows = [json.loads(line) for line in done.stdout.splitlines()]

    assert done.exit_code == 0
    assert len(rows) == 3
    for row in rows:
        jsonschema.validate(row, statement_schema())


def test_a_table(run, decisions):
    done = run("export", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]

    assert list(rows[0]) == list(FIELDS)
    for row, line in zip(rows, lines, strict=True):
        lists = {name for name, value in line.items() if isinstance(value, list)}
        assert {name: json.loads(row[name]) if name in lists else row[name] for name in line} == line
        assert {row[name] for name in row if name not in line} == {""}


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_a_wrong_one_is_named_and_nothing_of_it_is_lost(run, decisions, wrong, form):
    done = run("export", "--format", form)
    line = json.loads(done.stderr.splitlines()[0])

    assert done.exit_code == 1
    assert len(done.stdout.splitlines()) == (2 if form == "jsonl" else 3)
    assert line["decision"] == wrong.pk
    assert "content_date" in line["problems"][0]
    assert line["statement"]["content_date"].startswith("1999-")
    assert line["statement"]["puid"].startswith("belowline-")
    assert "1 wrong" in done.stderr


def test_days_and_site(run, decisions, other_site):
    yesterday, today = ((timezone.localdate() - timedelta(days=days)).isoformat() for days in (1, 0))

    assert len(run("export", "--since", yesterday, "--until", today).stdout.splitlines()) == 3
    assert run("export", "--since", today).stdout == ""
    assert run("export", "--until", yesterday).stdout == ""
    assert len(run("export", "--site", "gazette").stdout.splitlines()) == 3
    assert run("export", "--site", "courier").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["export", "--site", "none"], "there is no site with the key none"),
        (["export", "--since", "yesterday"], "does not match the format"),
        (["export", "--format", "xml"], "jsonl"),
        (["figures", "--year", "1999", "--out", "x"], "1999"),
        (["figures", "--year", "2025"], "--out"),
        (["send", "--url", "https://x.example"], "--token-file"),
        (["send", "--dry-run"], "--url"),
        (["send", "--url", "http://x.example", "--dry-run"], "https://"),
        (["send", "--url", "https://x.example", "--token-file", "no-such-file"], "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(run, arguments, words):
    done = run(*arguments)

    assert done.exit_code in {1, 2}
    assert words in done.stderr
    assert done.stdout == ""


# --- send


def test_sent_once(run, database, token_file, decisions):
    first = run("send", "--url", database.url, "--token-file", token_file)
    second = run("send", "--url", database.url, "--token-file", token_file)

    assert (first.exit_code, first.stdout) == (0, "3 sent, 0 were there already, 0 refused.\n")
    assert (second.exit_code, second.stdout) == (0, "0 sent, 0 were there already, 0 refused.\n")
    assert len(database.stored) == 3


def test_a_dry_run_sends_nothing(run, database, token_file, decisions, wrong):
    done = run("send", "--url", database.url, "--dry-run")
    assert (done.exit_code, database.batches) == (1, [])
    assert done.stdout == "2 to send in 1 batches, 0 sent before, 1 wrong.\n"
    run("send", "--url", database.url, "--token-file", token_file)

    assert run("send", "--url", database.url, "--dry-run").stdout == "0 to send in 0 batches, 2 sent before, 1 wrong.\n"


def test_what_is_wrong_here_is_not_sent(run, database, token_file, decisions, wrong):
    done = run("send", "--url", database.url, "--token-file", token_file)

    assert done.exit_code == 1
    assert done.stdout == "2 sent, 0 were there already, 0 refused.\n"
    assert json.loads(done.stderr.splitlines()[0])["decision"] == wrong.pk


def test_what_the_database_refuses_is_shown(run, database, token_file, decisions):
    database.checks = lambda _: ["Too short."]
    done = run("send", "--url", database.url, "--token-file", token_file)
    lines = [json.loads(line) for line in done.stderr.splitlines()]

    assert done.exit_code == 1
    assert done.stdout == "0 sent, 0 were there already, 3 refused.\n"
    assert [line["decision"] for line in lines] == [decision.pk for decision in decisions]
    assert lines[0]["problems"] == ["decision_facts: Too short."]


def test_what_was_there_already(run, database, token_file, decisions):
    database.stored.update({row["puid"]: row for row in map(json.loads, run("export").stdout.splitlines())})
    done = run("send", "--url", database.url, "--token-file", token_file)

    assert done.stdout == "0 sent, 3 were there already, 0 refused.\n"


def test_a_token_that_is_refused(run, database, tmp_path, decisions):
    file = tmp_path / "old"
    file.write_text("an-old-token", "utf-8")
    done = run("send", "--url", database.url, "--token-file", file)

    assert done.exit_code == 1
    assert "refuses the token" in done.stderr
    assert "an-old-token" not in done.output


@pytest.mark.parametrize("content", ["", " \n", "two words", "tökén", "a\nb"])
def test_a_file_without_a_token(run, database, tmp_path, decisions, content):
    file = tmp_path / "token"
    file.write_text(content, "utf-8")
    done = run("send", "--url", database.url, "--token-file", file)

    assert done.exit_code == 1
    assert "holds no token" in done.stderr
    assert database.batches == []


# --- figures and schema


def test_figures(run, tmp_path, decisions):
    year = (timezone.localtime() - timedelta(days=1)).year
    done = run("figures", "--year", year, "--out", tmp_path / "report", "--site", "gazette")
    names = sorted(path.name for path in (tmp_path / "report").iterdir())
    with (tmp_path / "report" / f"{year}_own_initiative_terms.csv").open("r", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    assert done.exit_code == 0
    assert len(done.stdout.splitlines()) == 8
    assert names == [
        f"{year}_{name}.csv"
        for name in (
            "accounts",
            "automation",
            "complaints",
            "misuse_and_disputes",
            "notices",
            "own_initiative_illegal",
            "own_initiative_terms",
            "qualitative",
        )
    ]
    assert rows[-1][:4] == ["TOTAL", "", "3", "3"]
    assert b"\r\n" in (tmp_path / "report" / names[0]).read_bytes()
    assert b"\r\r\n" not in (tmp_path / "report" / names[0]).read_bytes()


def test_figures_that_cannot_be_written(run, tmp_path, site):
    (tmp_path / "file").write_text("x", "utf-8")
    done = run("figures", "--year", 2025, "--out", tmp_path / "file" / "below")

    assert done.exit_code == 1
    assert "cannot be written" in done.stderr


def test_the_schema(run):
    assert json.loads(run("schema").stdout) == statement_schema()
