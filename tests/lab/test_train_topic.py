"""Counting words, fitting, the leak test, and a whole training on a handful of made-up stories."""

import gzip
import json

import msgspec
import numpy as np
import pytest
from tiny_topic import debate_rows, lay_out_sentences, own_lines, tiny_sentences, tiny_subject

from belowline.engine.models.bundle import load_bundle
from belowline.engine.signals.topic import FEATURES, VERSION, TopicSignal
from belowline.engine.signals.topic_kinds import LEARNED
from belowline.engine.signals.topic_vectors import Bank
from belowline.lab import base_weights, topic_pairs, train_topic
from belowline.lab.topic_pairs import OwnStory, debate_pairs, read_debates
from belowline.lab.train_topic import (
    count_terms,
    cross_fit,
    export,
    fit,
    fit_kinds,
    leak_test,
    make_bank,
    matrix,
    read_kinds,
    report,
    train,
)

SUBJECT = tiny_subject()


@pytest.fixture(scope="module")
def pairs():
    return debate_pairs(read_debates(debate_rows(), SUBJECT), SUBJECT, 1)


@pytest.fixture
def tiny(monkeypatch):
    """Tiny shapes, few rows, and six stories of our own."""
    stories = [msgspec.json.decode(line, type=OwnStory) for line in own_lines().splitlines()]
    monkeypatch.setattr(train_topic, "read_own", lambda: stories)
    monkeypatch.setattr(train_topic, "BANK_SIZE", 4)
    monkeypatch.setattr(train_topic, "BANKED_WORDS", (3, 80))
    monkeypatch.setattr(train_topic, "REPLIES", 20)
    monkeypatch.setattr(train_topic, "ORDINARY", 10)
    monkeypatch.setattr(train_topic, "HEADS", 2)
    monkeypatch.setattr(base_weights.read_base, "__kwdefaults__", {"width": 16, "layers": 2})
    monkeypatch.setattr(topic_pairs, "BODIES", ((0, 0), (1, 2), (3, 3)))


@pytest.fixture
def data(tmp_path):
    """A data folder with every file that training reads."""

    def put(name, rows):
        path = tmp_path / "data" / f"{name}.jsonl.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzip.open(path, "wt", encoding="utf-8") as target:
            target.writelines(json.dumps(row) + "\n" for row in rows)

    put("train/topic/room_for_debate", debate_rows(2, stories=20))
    for name in train_topic.COUNTED:
        put(f"train/abuse/{name}", [{"text": f"The bridge is the word number {n} of the school"} for n in range(12)])
    long = "The bridge is unhappy and so is every single word of it, number "
    put("train/abuse/wikiconv_cat", [{"text": f"{long}{n}", "parent": f"{long}again {n % 8}"} for n in range(40)])
    return tmp_path / "data"


def test_rare_and_odd_words_are_not_counted():
    rarity = count_terms(["bridge toll", "bridge", "Bridges!", "the bridge 4711", "4711", "4711", "4711", "toll"])

    assert rarity.counts == {"bridg": 4}
    assert rarity.documents == 8


class TestBank:
    STORIES = [msgspec.json.decode(line, type=OwnStory) for line in own_lines(3).splitlines()]

    def test_two_halves_and_our_stories(self, monkeypatch):
        monkeypatch.setattr(train_topic, "BANKED_WORDS", (2, 4))
        texts = [f"the bridge {n}" for n in range(10)] + ["bridge", "the bridge is the word"]
        bank = make_bank(texts, self.STORIES, tiny_sentences())

        assert [len(bank[name]) for name in Bank._fields] == [5, 5, 12, 3]
        assert bank["firsts"].tolist() == [0, 4, 8]
        assert {bank[name].dtype for name in Bank._fields[:3]} == {np.dtype(np.int8)}
        assert Bank.of(bank).without(1).firsts.tolist() == [0, 4]


class TestFit:
    def test_the_scale_is_written_into_the_weights(self):
        draw = np.random.default_rng(0)
        values = draw.normal(5, 100, size=(400, len(FEATURES)))
        apart = values[:, 3] > 5
        model = fit(values, apart)
        told = np.array([model.probability(row.tolist()) for row in values])

        assert ((told > 0.5) == apart).mean() > 0.9
        assert abs(model.weights[3]) > 5 * abs(model.weights[7])

    def test_each_fold_is_scored_by_a_model_that_never_saw_it(self, pairs):
        fitted = cross_fit(pairs, matrix(pairs, SUBJECT))

        assert fitted.scores.shape == (len(pairs),)
        assert ((fitted.scores >= 0) & (fitted.scores <= 1)).all()
        assert fitted.model.features == FEATURES

    def test_the_comment_alone_tells_nothing(self, pairs):
        assert leak_test(pairs) == pytest.approx(0.5, abs=0.02)


class TestReport:
    APART = np.array([False] * 4 + [True] * 4)

    def test_figures(self, capsys):
        report("all right", np.array([0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9]), self.APART)
        printed = capsys.readouterr().out

        assert "AUROC 1.0000" in printed
        assert "wrongly held 1.000" in printed

    def test_nothing_of_one_kind_alone(self, capsys):
        report("nothing", np.array([0.1, 0.2]), np.array([True, True]))

        assert capsys.readouterr().out == ""


class TestKinds:
    def test_there_are_sentences_of_every_kind(self):
        kinds = read_kinds()

        assert set(LEARNED) <= kinds.keys()
        assert "substantive" in kinds
        assert all(len(lines) >= 15 and len(set(lines)) == len(lines) for lines in kinds.values())

    def test_a_head_for_each(self):
        encoder = tiny_sentences()
        ordinary, others = (
            encoder.read_passages([f"{word} number {n}" for n in range(40)]) for word in ("word", "you")
        )
        heads = fit_kinds(ordinary, others, encoder)

        assert heads["weights"].shape == (len(LEARNED), encoder.width)
        assert heads["biases"].shape == (len(LEARNED),)
        above = (others @ heads["weights"].T + heads["biases"]).max(axis=0)
        assert above == pytest.approx(np.zeros(len(LEARNED)), abs=0.5)


def test_exported_places_are_as_many_as_a_window_needs(tiny, tmp_path):
    small = export(lay_out_sentences(tmp_path / "base"))

    assert set(small) == {"encoder.onnx", "tokenizer.json"}


@pytest.mark.slow
class TestTraining:
    @pytest.fixture
    def base(self, tiny, tmp_path):
        return lay_out_sentences(tmp_path / "base")

    @pytest.mark.parametrize("with_halves", [False, True])
    def test_what_is_written_can_be_loaded_and_judges(self, data, base, tmp_path, capsys, with_halves):
        halves = [lay_out_sentences(tmp_path / f"without-{n}") for n in (0, 1)] if with_halves else []
        train(data, base, halves, tmp_path / "out")

        signal = TopicSignal.load(tmp_path / "out")
        assert signal.version == VERSION
        assert load_bundle(tmp_path / "out").manifest.labels == TopicSignal.scores
        printed = capsys.readouterr().out
        assert "by the comment alone: AUROC 0.5" in printed
        assert "own stories" in printed
        assert printed.count("read by") == (2 if with_halves else 1)

    def test_the_same_input_gives_the_same_bytes(self, data, base, tmp_path):
        for name in ("first", "second"):
            train(data, base, [], tmp_path / name)

        for file in (tmp_path / "first").iterdir():
            assert file.read_bytes() == (tmp_path / "second" / file.name).read_bytes(), file.name


def test_the_command_line(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(train_topic, "train", lambda *given: asked.append(given))
    monkeypatch.setattr("sys.argv", ["train_topic", "--data", "d", "--base", str(tmp_path), "--halves", "x", "y"])
    train_topic.main()

    (given,) = asked
    assert [str(part) for part in (given[0], given[1], *given[2])] == ["d", str(tmp_path), "x", "y"]
    assert given[3] == train_topic.OUT
