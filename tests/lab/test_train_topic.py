"""Pairs, folds, our own lines, and a whole training on a handful of made-up stories."""

import gzip
import json
from collections import Counter

import numpy as np
import pytest
from safetensors.numpy import save as write_tensors

from belowline.engine.models.bundle import load_bundle
from belowline.engine.signals.topic import FEATURES, VERSION, TopicSignal
from belowline.engine.signals.topic_features import Rarity
from belowline.engine.signals.topic_vectors import BANK, TABLE, WORDS
from belowline.lab import train_topic
from belowline.lab.chatter import SUBJECTS
from belowline.lab.train_topic import (
    FOLDS,
    Pair,
    count_terms,
    cross_validate,
    evaluate,
    fit,
    make_bank,
    make_chatter,
    make_pairs,
    quantise,
    read_vectors,
    report,
    score_pairs,
    train,
)
from belowline.lab.train_topic import (
    _headline_pairs as headline_pairs,
)

FIELDS = ["bridge", "school", "hospital", "tax", "vote", "court", "army", "museum", "energy", "border"]
EXTRA = [
    "costs",
    "reform",
    "minister",
    "plan",
    "delay",
    "report",
    "budget",
    "protest",
    "history",
    "workers",
    "deadline",
]
WORDS_KNOWN = ["bridg", "school", "hospital", "tax", "vot", "court", "armi", "museum", "energi", "border"]


def make_rows():
    return [
        {
            "story_id": f"s{number}",
            "title": f"The {field} question",
            "abstract": f"Should the {field} change?",
            "comment": f"My {field} {' '.join(EXTRA[turn:] + EXTRA[:turn])}. No {field} number {turn}.",
        }
        for number, field in enumerate(FIELDS)
        for turn in range(4)
    ]


ROWS = make_rows()
PAIRS = make_pairs(ROWS)


@pytest.fixture
def out(tmp_path):
    folder = tmp_path / "weights"
    folder.mkdir()
    table = np.random.default_rng(3).integers(-127, 127, size=(len(WORDS_KNOWN), 6)).astype(np.int8)
    (folder / WORDS).write_text("\n".join(WORDS_KNOWN) + "\n")
    (folder / TABLE).write_bytes(write_tensors({"vectors": table}))
    return folder


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setattr(train_topic, "COUNTED", ("civil_spans",))
    texts = [{"text": row["comment"] + " " + " ".join(FIELDS)} for row in ROWS]
    for name, rows in (("topic/room_for_debate", ROWS), ("abuse/civil_spans", texts)):
        path = tmp_path / f"train/{name}.jsonl.gz"
        path.parent.mkdir(parents=True)
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    return tmp_path


def test_every_comment_is_paired_alike_both_ways():
    assert len(PAIRS) == 4 * len(ROWS)
    apart = Counter(pair.comment for pair in PAIRS if pair.is_apart)
    assert apart == Counter(pair.comment for pair in PAIRS if not pair.is_apart)


def test_no_story_stands_in_two_folds():
    folds = {}
    for pair in PAIRS:
        folds.setdefault(pair.head, set()).add(pair.fold)
    assert {len(found) for found in folds.values()} == {1}


def test_a_body_never_holds_the_comment_itself():
    whole = make_pairs(ROWS, may_cut=False)
    assert all(pair.comment not in pair.body for pair in whole)


def test_the_same_seed_gives_the_same_pairs():
    assert make_pairs(ROWS) == PAIRS
    assert make_pairs(ROWS, seed=1) != PAIRS


def test_our_own_lines_are_used_alike_both_ways():
    found = make_chatter(ROWS, PAIRS)
    assert found
    apart = Counter(pair.comment for pair in found if pair.is_apart)
    assert apart == Counter(pair.comment for pair in found if not pair.is_apart)
    assert {True, False} == {bool(pair.body) for pair in found if pair.is_apart}


def test_our_own_lines_stay_in_the_fold_of_the_debate():
    folds = {pair.head: pair.fold for pair in PAIRS}
    assert all(folds[pair.head] == pair.fold for pair in make_chatter(ROWS, PAIRS) if pair.is_apart)


def test_our_own_lines_are_never_put_under_a_near_story():
    rows = [{**row, "title": "Parking, phones, pets and food", "abstract": "weather sport music"} for row in ROWS]
    near = [subject for subject in SUBJECTS if subject.is_near(rows[0]["title"], rows[0]["abstract"])]
    lines = {pair.comment for pair in make_chatter(rows, make_pairs(rows))}
    assert lines.isdisjoint(line for subject in near for line in subject.lines)


def test_rare_and_odd_terms_are_not_counted():
    rarity = count_terms(["bridge 2016"] * 4 + ["ferry"] * 3)
    assert rarity == Rarity(7, {"bridg": 4}, 4)


def test_whole_numbers_keep_the_direction():
    rows = np.array([[1.0, -2.0], [0.0, 0.0], [0.001, 0.0005]])
    assert quantise(rows).tolist() == [[64, -127], [0, 0], [127, 64]]


def test_the_bank_holds_long_comments_only(monkeypatch):
    monkeypatch.setattr(train_topic, "LONG_ENOUGH", 3)
    monkeypatch.setattr(train_topic, "BANK_SIZE", 2)
    table = np.eye(len(WORDS_KNOWN), dtype=np.int8)
    texts = ["bridge", "school court army", "tax vote museum", "energy border hospital"]
    bank = make_bank(texts, WORDS_KNOWN, table, Rarity(10, {}))
    assert bank.shape == (2, len(WORDS_KNOWN))
    assert (bank > 0).sum(axis=1).tolist() == [3, 3]


def test_a_model_learns_what_tells_them_apart():
    rng = np.random.default_rng(4)
    values = rng.normal(size=(200, len(FEATURES)))
    apart = values[:, 0] > 0
    model = fit(values, apart)
    found = [model.probability(list(row)) for row in values]
    assert np.mean((np.array(found) > 0.5) == apart) > 0.9


@pytest.mark.parametrize(
    ("comment", "most"),
    [
        pytest.param("Short one", 0.0, id="too few words"),
        pytest.param("This article " + " ".join(FIELDS + EXTRA), 0.3, id="about the reporting"),
        pytest.param(" ".join(FIELDS + EXTRA), 1.0, id="long"),
    ],
)
def test_scores_are_those_of_the_signal(comment, most):
    model = fit(np.random.default_rng(5).normal(size=(40, len(FEATURES))), np.arange(40) % 2 == 0)
    pair = Pair(comment, ("Title",), (), is_apart=True, fold=0)
    (scores,) = score_pairs(model, [pair], np.ones((1, len(FEATURES))))
    assert scores[1] <= min(most, scores[0])


def test_training_needs_word_vectors(tmp_path):
    with pytest.raises(SystemExit, match="distil_words"):
        read_vectors(tmp_path)


def test_a_whole_training(data, out, capsys):
    train(data, out)
    bundle = load_bundle(out, version=VERSION)
    assert set(bundle.contents) == {"idf.json", "model.json", WORDS, TABLE, BANK}
    assert TopicSignal.load(out).model.features == FEATURES
    printed = capsys.readouterr().out
    for name in ("title and abstract", "with body", "- 9 to 14 different terms", "- our own lines"):
        assert name in printed


def test_the_same_input_gives_the_same_bytes(data, out):
    train(data, out)
    first = {file.name: file.read_bytes() for file in out.iterdir()}
    train(data, out)
    assert {file.name: file.read_bytes() for file in out.iterdir()} == first


def test_groups_without_pairs_are_left_out(capsys):
    pairs = [Pair(" ".join(FIELDS), ("Title",), (), is_apart=bool(n % 2), fold=n % FOLDS) for n in range(40)]
    cross_validate(pairs, np.random.default_rng(6).normal(size=(40, len(FEATURES))))
    printed = capsys.readouterr().out
    assert "with body" not in printed
    assert "our own" not in printed


NEWS = [
    {
        "id": f"n{number}",
        "story_id": f"s{number % 10}",
        "title": f"The {FIELDS[number % 10]} question",
        "comment": f"{FIELDS[number % 10]} {' '.join(EXTRA)}",
        "parent": f"About the {FIELDS[number % 10]}",
        "extra": {"depth": 1 + number % 3},
    }
    for number in range(60)
]


@pytest.mark.parametrize(
    ("with_parent", "expected"),
    [pytest.param(True, {"About the bridge"}, id="parent"), pytest.param(False, {""}, id="headline only")],
)
def test_headlines_are_paired_once_both_ways(with_parent, expected):
    pairs = headline_pairs(NEWS, with_parent=with_parent)
    assert len(pairs) == 2 * len(NEWS)
    assert [pair.is_apart for pair in pairs[:4]] == [False, True, False, True]
    assert {pair.parent for pair in pairs if pair.head == ("The bridge question",)} == expected
    assert all(one.head != two.head for one, two in zip(pairs[::2], pairs[1::2], strict=True))


def test_the_parent_belongs_to_the_story_drawn():
    for pair in headline_pairs(NEWS, with_parent=True):
        assert pair.parent.removeprefix("About the ") in pair.head[0]


def test_an_evaluation_names_every_set(data, out, capsys):
    train(data, out)
    for name, rows in (("room_for_debate", ROWS), ("reddit_news", NEWS)):
        path = data / f"test/topic/{name}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as lines:
            lines.writelines(json.dumps(row) + "\n" for row in rows)
    capsys.readouterr()
    evaluate(data, out)
    printed = capsys.readouterr().out.splitlines()
    assert [line.split("  ")[0] for line in printed] == [
        "room_for_debate, title, abstract",
        "room_for_debate, with body",
        "reddit_news, headline only",
        "reddit_news, direct replies only",
        "reddit_news, with parent",
    ]


def test_a_report_counts_what_is_held_at_each_threshold(capsys):
    scores = np.array([[0.1, 0.1], [0.2, 0.87], [0.9, 0.9], [0.8, 0.4]])
    report("four", scores, np.array([False, False, True, True]))
    printed = capsys.readouterr().out
    assert "n     2" in printed
    assert "AUC 1.000 0.750" in printed
    assert "0.85: 0.500 / 0.50" in printed
    assert "0.88: 0.000 / 0.50" in printed


@pytest.mark.parametrize(("options", "called"), [([], "train"), (["--evaluate"], "evaluate")])
def test_the_command_trains_or_evaluates(monkeypatch, tmp_path, options, called):
    asked = []
    monkeypatch.setattr(train_topic, "train", lambda *given: asked.append(("train", *given)))
    monkeypatch.setattr(train_topic, "evaluate", lambda *given: asked.append(("evaluate", *given)))
    monkeypatch.setattr("sys.argv", ["train_topic", "--data", str(tmp_path), *options])
    train_topic.main()
    assert asked == [(called, tmp_path, train_topic.OUT)]
