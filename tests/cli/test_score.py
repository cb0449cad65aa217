"""`belowline score`: the shape of its lines, and that they are what the engine measured."""

import json

import pytest

STORY = {"title": "Harbour bridge closed", "body": "For a week."}
KEYS = ["id", "language", "scores", "spans", "unchecked", "model"]


def test_a_line_has_the_documented_shape(run):
    result = run("score", lines=[{"id": "c1", "text": "You idiot", "language": "en", "story": STORY}])

    assert result.exit_code == 0
    assert result.rows == [
        {
            "id": "c1",
            "language": "en",
            "scores": {"toxicity": 0.8, "insult": 0.9123, "off_topic": 0.9},
            "spans": [{"start": 4, "end": 9, "score": 0.9877, "label": "insult"}],
            "unchecked": [],
            "model": "insults-1+topic-1",
        }
    ]
    assert list(result.rows[0]) == KEYS


def test_a_score_that_cannot_be_computed_is_null_and_named(run):
    (row,) = run("score", lines=[{"text": "Hello there"}]).rows

    assert row["scores"] == {"toxicity": 0.1235, "insult": 0.0, "off_topic": None}
    assert row["unchecked"] == [{"signal": "off_topic", "cause": "no_story"}]


def test_a_signal_that_raises_leaves_its_scores_null_and_is_no_bad_line(run):
    result = run("score", lines=[{"text": "explode", "story": STORY}])

    assert result.exit_code == 0
    assert result.rows[0]["scores"] == {"toxicity": None, "insult": None, "off_topic": 0.9}
    assert result.rows[0]["unchecked"] == [
        {"signal": "toxicity", "cause": "error"},
        {"signal": "insult", "cause": "error"},
    ]


@pytest.mark.parametrize(
    ("given", "returned"),
    [({}, None), ({"id": None}, None), ({"id": "a"}, "a"), ({"id": ""}, ""), ({"id": 7}, 7), ({"id": 0}, 0)],
    ids=["none", "null", "text", "empty", "number", "zero"],
)
def test_the_id_comes_back_as_it_came(run, given, returned):
    (row,) = run("score", lines=[given | {"text": "Hello"}]).rows

    assert row["id"] == returned
    assert type(row["id"]) is type(returned)


@pytest.mark.parametrize(
    "extra",
    [
        {"story": None, "parent": None, "language": None},
        {"story": {"title": "T", "body": None, "standfirst": None, "section": None}},
        {"story": {"title": "T", "colour": "red"}, "likes": 3, "replies": [{"text": "x"}]},
        {"parent": ""},
    ],
    ids=["nulls", "nulls in the story", "unknown fields", "empty parent"],
)
def test_what_is_absent_or_unknown_is_passed_over(run, extra):
    assert run("score", lines=[{"text": "Hello"} | extra]).exit_code == 0


def test_the_comment_replied_to_counts(run):
    line = {"text": "Quite right about bakeries", "story": STORY}

    alone, reply = run("score", lines=[line, line | {"parent": "The bakeries suffer"}]).rows

    assert (alone["scores"]["off_topic"], reply["scores"]["off_topic"]) == (0.9, 0.1)


@pytest.mark.parametrize(("stated", "language"), [("de", "de"), ("en-GB", "en"), ("PT_br", "pt")])
def test_a_stated_language_is_taken(run, stated, language):
    assert run("score", lines=[{"text": "Hm", "language": stated}]).rows[0]["language"] == language


def test_offsets_count_code_points_of_the_text_as_given(run):
    text = "🙂 e\u0301 idiot"

    (row,) = run("score", lines=[{"text": text}]).rows

    (span,) = row["spans"]
    assert text[span["start"] : span["end"]] == "idiot"


@pytest.mark.parametrize("arguments", [[], ["-"]], ids=["nothing", "dash"])
def test_standard_input_is_read(run, arguments):
    assert len(run("score", *arguments, lines=[{"text": "a"}, {"text": "b"}]).rows) == 2


def test_a_file_is_read(run, tmp_path):
    path = tmp_path / "comments.jsonl"
    path.write_text('{"text": "a"}\n{"text": "b"}', "utf-8")

    assert len(run("score", path).rows) == 2


@pytest.mark.parametrize("name", ["missing.jsonl", "."], ids=["missing", "folder"])
def test_a_file_that_cannot_be_read_is_said_plainly(process, tmp_path, name):
    done = process("score", tmp_path / name)

    assert done.returncode == 2
    assert done.stdout == b""
    assert b"Error" in done.stderr
    assert b"Traceback" not in done.stderr


def test_nothing_in_nothing_out(run):
    result = run("score", raw=b"")

    assert (result.exit_code, result.stdout) == (0, "")


def test_the_real_engine_gives_every_score(process):
    lines = [
        {"id": 1, "text": "You are a complete idiot.", "story": STORY},
        {"id": 2, "text": "When will the bridge open again?"},
    ]

    done = process("score", real=True, input="".join(json.dumps(line) + "\n" for line in lines).encode())

    assert done.returncode == 0, done.stderr.decode()
    first, second = map(json.loads, done.stdout.splitlines())
    assert list(first) == list(second) == KEYS
    documented = {"toxicity", "severe_toxicity", "insult", "profanity", "threat", "identity_attack"}
    documented |= {"sexually_explicit", "spam", "off_topic"}
    assert documented <= first["scores"].keys() == second["scores"].keys()
    assert second["scores"]["off_topic"] is None
    assert {"signal": "off_topic", "cause": "no_story"} in second["unchecked"]
    assert first["scores"]["insult"] > second["scores"]["insult"]
