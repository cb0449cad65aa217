"""`belowline lab`: audits, reliability and measures from the command line, with what is wrong in one sentence."""

import csv
import json
import subprocess
import sys

import pytest
from tiny_paper import tiny_rows, tiny_signal

from belowline.engine.decision import Score
from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.signals.abuse import AbuseSignal
from belowline.engine.signals.topic import TopicSignal

MISSING = """
import sys
sys.modules["matplotlib"] = None
from belowline.cli import main
main(sys.argv[1:])
"""


class Nitwits:
    """Knows one word."""

    scores, version = ABUSE_SCORES, "nitwits-1"

    def measure(self, prepared):
        value = 0.75 if "nitwit" in prepared.submission.text else 0.25
        return {name: Score(value=value if name in {"toxicity", "insult"} else 0.125) for name in self.scores}


@pytest.fixture
def loaded(monkeypatch):
    """The folders that the model was asked from; the small one is loaded instead."""
    folders = []

    def load(folder=None, version="x"):
        folders.append((folder, version))
        return Nitwits()

    monkeypatch.setattr(AbuseSignal, "load", load)
    return folders


@pytest.fixture
def suite(tmp_path):
    path = tmp_path / "suite.csv"
    rows = [
        ("functionality", "test_case", "label_gold", "target_ident"),
        ("derog_h", "you Sorb nitwit", "hateful", "Sorbs"),
        ("derog_h", "off with the Sorbs", "hateful", "Sorbs"),
        ("neutral_nh", "Sorbs sing well", "non-hateful", "Sorbs"),
        ("[bold]", "the nitwit of the play", "non-hateful", "[red]"),
    ]
    with path.open("w", newline="", encoding="utf-8") as target:
        csv.writer(target).writerows(rows)
    return path


@pytest.fixture
def names(tmp_path):
    path = tmp_path / "names.jsonl"
    rows = [("a nitwit Sorb", 1, "sorb"), ("a fine Sorb", 0, "sorb"), ("a nitwit", 1, None), ("a fine one", 0, None)]
    lines = [
        {"text": text, "labels": {"toxicity": label}, "extra": {"template": "a", "identity": identity}}
        for text, label, identity in rows
    ]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


@pytest.fixture
def labelled(tmp_path):
    path = tmp_path / "labelled.jsonl"
    rows = [("nitwit", 1.0), ("a nitwit", 0.5), ("a fine budget", 0.25), ("the council", 0.25)]
    lines = [{"id": text, "text": text, "labels": {"toxicity": label}} for text, label in rows]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return path


class TestAudit:
    def test_tables(self, run, loaded, suite, names, monkeypatch):
        monkeypatch.setenv("COLUMNS", "120")
        result = run("lab", "audit", names, suite)

        assert result.exit_code == 0
        for words in ("names.jsonl: all 4 rows, model nitwits-1, from 0.5 on", "sorb", "generalised mean of BPSN AUC"):
            assert words in result.stdout
        assert "derog_h" in result.stdout
        assert "[bold]" in result.stdout
        assert "[red]" in result.stdout
        assert loaded == [(None, None)]

    def test_json(self, run, loaded, suite):
        result = run("lab", "audit", suite, "--json", "--threshold", "0.2", "--score", "insult")

        (found,) = json.loads(result.stdout)["files"]
        assert (found["kind"], found["scores"]) == ("functional_suite", ["insult"])
        assert (found["hateful"]["hits"], found["non_hateful"]["hits"]) == (2, 0)

    def test_a_folder(self, run, loaded, suite, names, tmp_path):
        folder = tmp_path / "new" / "out"
        result = run("lab", "audit", suite, names, "--out", folder, "--json", "--sample", "3", "--seed", "2")

        report = json.loads((folder / "report.json").read_text("utf-8"))
        assert report == json.loads(result.stdout)
        assert (report["model"], report["sample"], report["seed"]) == ("nitwits-1", 3, 2)
        assert [found["file"] for found in report["files"]] == ["suite.csv", "names.jsonl"]
        assert "a sample of 3 of 4 rows" in (folder / "report.html").read_text("utf-8")
        assert f"Wrote {folder / 'report.html'}" in result.stderr

    def test_another_model(self, run, loaded, suite, tmp_path):
        run("lab", "audit", suite, "--model", tmp_path)

        assert loaded == [(tmp_path, None)]

    def test_a_folder_without_a_model(self, run, suite, tmp_path):
        result = run("lab", "audit", suite, "--model", tmp_path)

        assert result.exit_code == 2
        assert "there is no model in" in result.stderr

    def test_a_wrong_file_is_one_sentence(self, run, loaded, suite):
        suite.write_text(suite.read_text("utf-8").replace("non-hateful", "ok"), "utf-8")
        result = run("lab", "audit", suite)

        assert result.exit_code == 2
        assert "line 4: label_gold is “ok”; write one of hateful, non-hateful" in result.stderr
        assert result.stdout == ""

    def test_a_text_without_a_score(self, run, loaded, suite, monkeypatch):
        monkeypatch.setattr(Nitwits, "measure", lambda *_: {"toxicity": Score.unchecked("error")})
        result = run("lab", "audit", suite)

        assert result.exit_code == 2
        assert "the model gives no score for toxicity (error)" in result.stderr

    @pytest.mark.parametrize(
        "options",
        [
            (),
            ("none.csv",),
            ("suite.csv", "--threshold", "1.5"),
            ("suite.csv", "--score", "charm"),
            ("suite.csv", "--sample", "0"),
            ("suite.csv", "--seed", "-1"),
            ("suite.csv", "--out", "suite.csv"),
        ],
    )
    def test_wrong_options(self, run, suite, monkeypatch, options):
        monkeypatch.chdir(suite.parent)

        assert run("lab", "audit", *options).exit_code == 2

    def test_a_folder_that_cannot_be_made(self, run, loaded, suite):
        result = run("lab", "audit", suite, "--out", suite / "below")

        assert result.exit_code == 1
        assert "cannot be written" in result.stderr


class TestReliability:
    def test_a_table(self, run, loaded, labelled, monkeypatch):
        monkeypatch.setenv("COLUMNS", "120")
        result = run("lab", "reliability", labelled)

        assert result.exit_code == 0
        assert "nitwits-1" in result.stdout
        assert "toxicity" in result.stdout

    def test_a_folder(self, run, loaded, labelled, tmp_path):
        result = run("lab", "reliability", labelled, "--bins", "2", "--json", "--out", tmp_path / "out")

        report = json.loads((tmp_path / "out" / "reliability.json").read_text("utf-8"))
        assert report == json.loads(result.stdout)
        assert report["files"][0]["labels"][0]["ece"] == 0.0  # .75 and .25, as promised
        assert (tmp_path / "out" / "reliability-1-labelled.svg").read_text("utf-8").startswith("<svg")

    def test_a_file_without_labels_has_no_plot(self, run, loaded, tmp_path):
        (tmp_path / "bare.jsonl").write_text('{"id": "1", "text": "words", "labels": {}}\n', "utf-8")
        result = run("lab", "reliability", tmp_path / "bare.jsonl", "--out", tmp_path / "out")

        assert result.exit_code == 0
        assert [path.name for path in (tmp_path / "out").iterdir()] == ["reliability.json"]


class TestEvaluate:
    def test_json(self, run, loaded, labelled):
        result = run("lab", "evaluate", "abuse", labelled, "--json", "--resamples", "5")

        (found,) = json.loads(result.stdout)
        assert (found["file"], found["label"], found["rows"], found["positive"]) == ("labelled", "toxicity", 4, 0.5)
        assert found["auroc"]["value"] == 1.0

    def test_tables(self, run, loaded, labelled, monkeypatch):
        monkeypatch.setenv("COLUMNS", "160")
        result = run("lab", "evaluate", "abuse", labelled, "--resamples", "5", "--model", labelled.parent)

        assert "average precision" in result.stdout
        assert loaded == [(labelled.parent, None)]

    def test_a_damaged_file(self, run, loaded, labelled):
        labelled.write_bytes(b"\x1f\x8bgone")
        result = run("lab", "evaluate", "abuse", labelled)

        assert result.exit_code == 2
        assert "its gzip cannot be undone" in result.stderr


class TestEvaluateTopic:
    @pytest.fixture(autouse=True)
    def folders(self, monkeypatch):
        """The folders that the model was asked from; the tiny one is loaded instead."""
        asked = []
        load = lambda folder=None, version="x": asked.append((folder, version)) or tiny_signal()  # noqa: E731
        monkeypatch.setattr(TopicSignal, "load", load)
        return asked

    @pytest.fixture
    def archive(self, tmp_path):
        path = tmp_path / "archive.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in tiny_rows()), "utf-8")
        return path

    def test_tables(self, run, archive, folders, monkeypatch):
        monkeypatch.setenv("COLUMNS", "160")
        result = run("lab", "evaluate", "topic", archive, "--resamples", "3")

        assert result.exit_code == 0
        for words in ("archive.jsonl: 50 comments under 10 stories, model tiny-1", "nearest", "TF-IDF", "+ parent"):
            assert words in result.stdout
        assert folders == [(None, None)]

    def test_a_folder(self, run, archive, folders, tmp_path):
        options = ("--json", "--out", tmp_path / "out", "--sample", "20", "--seed", "3", "--resamples", "3")
        result = run("lab", "evaluate", "topic", archive, "--model", tmp_path, *options)

        report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
        assert report == json.loads(result.stdout)
        assert (report["sample"], report["seed"], report["resamples"]) == (20, 3, 3)
        assert (report["files"][0]["comments"], report["files"][0]["rows_in_file"]) == (20, 50)
        assert "a sample of 20 of 50 comments" in (tmp_path / "out" / "report.html").read_text("utf-8")
        assert folders == [(tmp_path, None)]

    def test_a_wrong_file_is_one_sentence(self, run, archive):
        archive.write_text('{"id": "1"}\n', "utf-8")
        result = run("lab", "evaluate", "topic", archive)

        assert result.exit_code == 2
        assert "line 1: Object missing required field `comment`" in result.stderr

    @pytest.mark.parametrize("options", [("--sample", "0"), ("--seed", "-1"), ("--out", "archive.jsonl")])
    def test_wrong_options(self, run, archive, monkeypatch, options):
        monkeypatch.chdir(archive.parent)

        assert run("lab", "evaluate", "topic", archive, *options).exit_code == 2


@pytest.mark.parametrize("command", ["audit", "reliability"])
def test_a_missing_extra_is_named_before_anything_is_scored(command, suite, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", MISSING, "lab", command, suite, "--out", tmp_path / "out", "--model", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr == "Error: matplotlib is not installed, and this needs it: pip install 'belowline[lab]'\n"


def test_tables_need_the_base_install_alone():
    code = (
        "import sys\n"
        "for name in ('matplotlib', 'sklearn', 'scipy', 'onnx', 'django'): sys.modules[name] = None\n"
        "import belowline.cli.lab, belowline.lab.audit_tables, belowline.lab.reliability, belowline.lab.evaluate\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


def test_other_missing_modules_are_no_matter_of_the_extra(run, suite, monkeypatch):
    def missing(*_, **__):
        raise ModuleNotFoundError("gone", name="belowline.stray")

    monkeypatch.setattr(AbuseSignal, "load", missing)
    with pytest.raises(ModuleNotFoundError):
        run("lab", "audit", suite)


def test_in_a_pipe_nothing_but_results_is_written(capsys):
    from belowline.cli.lab import _watch

    assert list(_watch(["a", "b"])) == ["a", "b"]
    assert capsys.readouterr().err == ""
