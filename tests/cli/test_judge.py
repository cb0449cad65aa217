"""`belowline judge`: the shape of its lines, and the policy that it judges by."""

import json

import pytest

STORY = {"title": "Harbour bridge closed"}
KEYS = ["id", "outcome", "reasons", "unchecked", "policy", "model"]
REASON_KEYS = ["rule", "signal", "score", "threshold", "start", "end", "explanation"]

STRICT = """
[policy]
name = "Strict"
sentence = "Be kind."
[rules.rude]
title = "Rude"
score = "insult"
hold = 0.2
reject = 0.5
for_readers = "No."
for_moderators = "Weigh."
explanation = "“{excerpt}”!"
"""


@pytest.fixture
def strict(tmp_path):
    path = tmp_path / "strict.toml"
    path.write_text(STRICT, "utf-8")
    return path


def test_a_line_has_the_documented_shape(run):
    result = run("judge", lines=[{"id": "c1", "text": "the bridge - you idiot", "story": STORY}])

    assert result.exit_code == 0
    (row,) = result.rows
    assert list(row) == KEYS
    assert row["policy"].startswith("fake@")
    assert {key: row[key] for key in KEYS if key != "policy"} == {
        "id": "c1",
        "outcome": "hold",
        "reasons": [
            {
                "rule": "abuse",
                "signal": "insult",
                "score": 0.9123,
                "threshold": 0.6,
                "start": 17,
                "end": 22,
                "explanation": "“idiot” is an insult.",
            },
        ],
        "unchecked": [],
        "model": "insults-1+topic-1",
    }


def test_a_harmless_comment_is_published(run):
    (row,) = run("judge", lines=[{"text": "When will the bridge open?", "story": STORY}]).rows

    assert (row["outcome"], row["reasons"], row["unchecked"]) == ("publish", [], [])


def test_all_reasons_are_given_and_a_missing_passage_is_null(run):
    (row,) = run("judge", lines=[{"text": "You idiot", "story": STORY}]).rows

    assert [list(reason) for reason in row["reasons"]] == [REASON_KEYS, REASON_KEYS]
    topic = next(reason for reason in row["reasons"] if reason["rule"] == "off_topic")
    assert (topic["start"], topic["end"]) == (None, None)
    assert topic["explanation"] == "Not about “Harbour bridge closed”."


def test_what_cannot_be_checked_is_held_with_a_null_score(run):
    (row,) = run("judge", lines=[{"text": "explode the bridge", "story": STORY}]).rows

    assert row["outcome"] == "hold"
    assert (row["reasons"][0]["rule"], row["reasons"][0]["score"]) == ("abuse", None)
    assert {"signal": "insult", "cause": "error"} in row["unchecked"]


def test_a_policy_of_ones_own_decides(run, strict):
    (row,) = run("judge", "--policy", strict, lines=[{"text": "You idiot"}]).rows

    assert row["outcome"] == "reject"
    assert row["policy"].startswith("strict@")
    assert row["reasons"][0]["threshold"] == 0.5


def test_a_wrong_policy_is_refused_before_anything_is_read(run, strict):
    strict.write_text(STRICT.replace("hold = 0.2", "hold = 2"), "utf-8")

    result = run("judge", "--policy", strict, lines=[{"text": "Hello"}])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "line 8: rules.rude.hold: wrong value" in result.stderr


def test_a_missing_policy_is_refused(run, tmp_path):
    result = run("judge", "--policy", tmp_path / "none.toml", lines=[{"text": "Hello"}])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "none.toml" in result.stderr


def test_a_bad_line_stands_in_its_place_and_the_rest_goes_on(run):
    result = run("judge", lines=[{"id": 1, "text": "bridge"}, "{", {"id": 3, "text": ""}, {"id": 4, "text": "ok"}])

    assert result.exit_code == 1
    first, second, third, fourth = result.rows
    assert (first["id"], fourth["id"]) == (1, 4)
    assert second["line"] == 2
    assert second["error"]["code"] == "invalid_json"
    assert (third["line"], third["id"], third["error"]["code"]) == (3, 3, "text_empty")


def test_the_real_engine_judges_by_the_default_policy(process):
    lines = [
        {"id": "a", "text": "You are a complete idiot.", "story": STORY, "language": "en"},
        {"id": "b", "text": "When will the harbour bridge open again? It closed on Monday.", "story": STORY},
    ]

    done = process("judge", real=True, input="".join(json.dumps(line) + "\n" for line in lines).encode())

    assert done.returncode == 0, done.stderr.decode()
    rude, fine = map(json.loads, done.stdout.splitlines())
    assert list(rude) == list(fine) == KEYS
    assert rude["outcome"] == "hold"
    assert "personal_abuse" in {reason["rule"] for reason in rude["reasons"]}
    assert all(list(reason) == REASON_KEYS for reason in rude["reasons"])
    assert rude["policy"].startswith("general-newspaper@")
    assert fine["outcome"] == "publish", fine["reasons"]


def test_the_real_engine_takes_a_policy(process, strict):
    done = process("judge", "--policy", strict, real=True, input=b'{"text": "You are a complete idiot."}\n')

    assert json.loads(done.stdout)["outcome"] == "reject"
