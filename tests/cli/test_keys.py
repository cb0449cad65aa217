"""`belowline keys`: keys made, listed, used and taken back."""

import json
import re

import pytest
from click.testing import CliRunner

from belowline.cli import main
from belowline.compat.actions.issue_key import issue_key
from belowline.compat.actions.save_suggestion import save_suggestion
from belowline.compat.models import ApiKey, KeyDay


@pytest.fixture
def keys(db, monkeypatch):
    """Run a command about keys in this process."""
    monkeypatch.setenv("BELOWLINE_ENGINE_ONLY", "")

    def call(*arguments):
        result = CliRunner().invoke(main, ["keys", *map(str, arguments)])
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


def test_a_key_is_shown_once(keys):
    done = keys("create", "Coral of the Gazette")
    row = ApiKey.objects.get()

    assert done.exit_code == 0
    assert ApiKey.find(done.stdout.strip()) == row
    assert (row.label, row.quota_per_minute, row.scale, row.languages) == (
        "Coral of the Gazette",
        6_000,
        "perspective",
        ["en"],
    )
    assert "shown this once" in done.stderr
    assert done.stdout.strip() not in keys("list").output


def test_options(keys, site):
    done = keys(
        "create", "X", "--quota", 5, "--calibrated", "--language", "en", "--language", "de", "--site", "gazette"
    )
    row = ApiKey.objects.get()

    assert done.exit_code == 0, done.output
    assert (row.quota_per_minute, row.scale, row.languages, row.site) == (5, "calibrated", ["en", "de"], site)
    assert "calibrated" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (["create", ""], "blank"),
        (["create", "x" * 101], "100"),
        (["create", "x", "--quota", 0], "1"),
        (["create", "x", "--quota", "many"], "integer"),
        (["create", "x", "--site", "none"], "there is no site with the key none"),
        (["create"], "LABEL"),
        (["revoke", 7], "there is no key 7"),
        (["use", 7], "there is no key 7"),
        (["history", 7], "there is no key 7"),
        (["revoke", "x"], "integer"),
    ],
)
def test_what_is_wrong_is_said(keys, arguments, part):
    done = keys(*arguments)

    assert done.exit_code in {1, 2}
    assert part in done.stderr
    assert not ApiKey.objects.exists()


def test_the_list(keys, site):
    assert keys("list").stdout == ""
    first = issue_key(label="First", site=site, quota_per_minute=60)[0]
    second = issue_key(label="Second", languages=("en", "fr"))[0]
    keys("revoke", second.pk)
    lines = keys("list").stdout.splitlines()

    assert [line.split()[0] for line in lines] == [str(first.pk), str(second.pk)]
    assert re.search(r"First +\(60/min, perspective, en, gazette\)", lines[0])
    assert lines[1].endswith("Second  (revoked)")
    assert first.shown in lines[0]


def test_a_key_is_taken_back(keys):
    row, token = issue_key(label="tests")

    assert keys("revoke", row.pk).stdout == f"Key {row.pk} is revoked.\n"
    assert ApiKey.find(token) is None
    assert keys("revoke", row.pk).exit_code == 0


def test_use_by_day(keys):
    row = issue_key(label="tests")[0]
    KeyDay.objects.create(key=row, day="2026-11-21", calls=4, comments=3, errors=2, refused=1)
    KeyDay.objects.create(key=row, day="2026-11-22", calls=8)
    head, newest, older = keys("use", row.pk).stdout.splitlines()

    assert head.split() == ["day", "calls", "comments", "errors", "refused"]
    assert newest.split() == ["2026-11-22", "8", "0", "0", "0"]
    assert older.split() == ["2026-11-21", "4", "3", "2", "1"]


def test_history_by_community(keys):
    row, other = issue_key(label="tests")[0], issue_key(label="others")[0]
    for number, (key, community) in enumerate([(row, "/a"), (row, "/b"), (other, "/a")]):
        save_suggestion(
            key=key,
            text=f"é😀 {number}",
            context={},
            attribute_scores={"THREAT": {"summaryScore": {"value": 1}}},
            languages=["en"],
            community=community,
            client_token=f"t{number}",
        )
    whole = [json.loads(line) for line in keys("history", row.pk).stdout.splitlines()]
    part = [json.loads(line) for line in keys("history", row.pk, "--community", "/b").stdout.splitlines()]

    assert [line["text"] for line in whole] == ["é😀 0", "é😀 1"]
    assert part == whole[1:]
    assert whole[0]["scores"] == {"THREAT": {"summaryScore": {"value": 1}}}
    assert set(whole[0]) == {"text", "context", "scores", "languages", "community", "client_token", "at"}
