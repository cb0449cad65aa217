"""Words and letters: what is masked teaches nothing, fillings share their weight, and the same rows give the same."""

import numpy as np
import pytest

from belowline.engine.models.hashed import Hasher
from belowline.lab import train_words
from belowline.lab.datasets import EVERY_COLOUR, LABELS, Row
from belowline.lab.heads import Head, Settings
from belowline.lab.matrix import read_text
from belowline.lab.recipe import PASSAGE_WEIGHTS, WEIGHTS

TINY = Hasher(10, 10)
GREEN = frozenset({"green"})
QUICK = Settings(iterations=30)
NICE = "the council will vote on the new library budget after a public hearing next week".split()  # noqa: SIM905
BAD = {
    "toxicity": "horrid",
    "severe_toxicity": "ghastly",
    "insult": "nitwit",
    "profanity": "blimey",
    "threat": "clobber",
    "identity_attack": "foreigners",
    "sexually_explicit": "smooching",
    "spam": "discount",
}


def comment(number, source, draw, words=6, **labels):
    text = " ".join(draw.choice(NICE, words))
    found = [BAD[label] for label, value in labels.items() if value == 1.0]
    return Row(id=f"{source}:{number}", text=" ".join([*found, text, *found]), labels=labels, source=source)


def made_rows(count=60):
    """Return rows of three real sources' names with invented texts: abusive, ordinary, and of one label only."""
    draw = np.random.default_rng(0)
    rows = []
    for number in range(count):
        bad = LABELS[number % len(LABELS)]
        labels = dict.fromkeys(LABELS, 0.0) | {bad: 1.0}
        rows += [
            comment(number, "civil_spans", draw, **labels),
            comment(number, "room_for_debate", draw, **dict.fromkeys(LABELS, 0.0)),
            comment(number, "youtube_spam", draw, spam=float(number % 2)),
        ]
    return rows


@pytest.fixture(scope="module")
def rows():
    return made_rows()


@pytest.fixture(scope="module")
def model(rows):
    return train_words.train(rows, EVERY_COLOUR, TINY, QUICK)


@pytest.fixture(scope="module")
def corpus(rows):
    return train_words.build_corpus(rows, TINY, QUICK)


def probability(model, text, label):
    return model.probabilities(TINY.features(read_text(text)))[model.labels.index(label)]


class TestParts:
    def test_masked_labels_teach_nothing(self, corpus):
        part = train_words.part_of(corpus, "toxicity", EVERY_COLOUR)
        assert {corpus.rows[place].source for place in part.place} == {"civil_spans", "room_for_debate"}

    def test_a_source_without_a_place_in_the_recipe_teaches_nothing(self, rows):
        other = [Row(id="x", text="words", labels={"threat": 1.0}, source="edos")]
        corpus = train_words.build_corpus([*rows, *other], TINY, QUICK)
        part = train_words.part_of(corpus, "threat", EVERY_COLOUR)
        assert "edos" not in {corpus.rows[place].source for place in part.place}

    def test_green_alone(self, corpus):
        part = train_words.part_of(corpus, "spam", GREEN)
        assert {corpus.rows[place].source for place in part.place} == {"civil_spans"}

    def test_weights_come_from_the_recipe_and_doubt_halves_them(self, corpus):
        part = train_words.part_of(corpus, "insult", EVERY_COLOUR)
        for place, target, weight in zip(part.place, part.target, part.weight, strict=True):
            source = corpus.rows[place].source
            doubt = 0.5 if source == "civil_spans" and target < 0.5 else 1.0
            assert weight == WEIGHTS["insult"][source] * doubt

    def test_the_fillings_of_a_sentence_share_one_weight(self):
        rows = [
            Row(id=f"material:{at}", text="words", labels={"threat": 1.0}, source="own", extra={"share": 0.25})
            for at in range(4)
        ]
        part = train_words.part_of(train_words.build_corpus(rows, TINY, QUICK), "threat", GREEN)
        assert part.weight.sum() == pytest.approx(train_words.SENTENCE * WEIGHTS["threat"]["own"])

    def test_a_passage_weighs_less_than_its_row(self):
        whole = Row(id="x:1", text="word " * 50, labels={"toxicity": 0.0}, source="room_for_debate")
        part = train_words.part_of(train_words.build_corpus([whole], TINY, QUICK), "toxicity", EVERY_COLOUR)
        row, *passages = part.weight
        assert row == WEIGHTS["toxicity"]["room_for_debate"]
        assert passages == pytest.approx([row * PASSAGE_WEIGHTS["room_for_debate"]] * len(passages))
        assert passages


class TestPassages:
    def row(self, words=50, source="room_for_debate", **labels):
        return Row(id="x:1", text="word " * words, labels=labels, source=source, extra={"story_id": "s"})

    def test_long_ordinary_rows_are_also_learned_in_passages(self):
        whole = self.row(toxicity=0.0, threat=0.0)
        pieces = train_words.passages_of(whole)
        assert len(pieces) > 1
        assert {piece.group for piece in pieces} == {whole.group}
        assert all(piece.labels == whole.labels for piece in pieces)

    @pytest.mark.parametrize(
        "changes",
        [{"toxicity": 1.0}, {}, {"toxicity": 0.0, "words": 5}, {"toxicity": 0.0, "source": "civil_spans"}],
        ids=["abusive", "unknown", "short", "source"],
    )
    def test_others_are_not(self, changes):
        assert train_words.passages_of(self.row(**changes)) == []

    def test_a_label_that_only_the_whole_has_is_not_passed_on(self):
        pieces = train_words.passages_of(self.row(toxicity=0.0, spam=1.0))
        assert all(piece.labels == {"toxicity": 0.0} for piece in pieces)


class TestTraining:
    @pytest.mark.parametrize("label", LABELS)
    def test_every_label_learns_its_word(self, model, label):
        assert probability(model, f"{BAD[label]} the council", label) > probability(model, "the council", label)

    def test_ordinary_comments_score_low(self, model):
        for label in LABELS:
            assert probability(model, "the council will vote on the budget", label) < 0.3

    def test_same_seed_same_weights(self, rows, model):
        again = train_words.train(rows, EVERY_COLOUR, TINY, QUICK)
        np.testing.assert_array_equal(again.table, model.table)
        np.testing.assert_array_equal(again.scale, model.scale)
        np.testing.assert_array_equal(again.bias, model.bias)

    def test_weights_are_whole_numbers_that_use_the_room(self, model):
        assert model.table.dtype == np.int8
        np.testing.assert_array_equal(np.abs(model.table).max(axis=0), train_words.LEVELS)

    def test_whole_numbers_say_nearly_what_the_weights_said(self, corpus):
        head = train_words.fit_part(corpus, train_words.part_of(corpus, "insult", EVERY_COLOUR), QUICK)
        found = TINY.features("nitwit")
        stored = train_words.quantised(("insult",), [head], TINY, QUICK)
        roots = stored.table[:, 0].astype(float)
        top = np.abs(head.weights).max()
        np.testing.assert_allclose(roots * np.abs(roots) * stored.scale[0], head.weights, atol=top / train_words.LEVELS)
        assert np.corrcoef(roots * np.abs(roots), head.weights)[0, 1] > 0.999
        assert stored.bias[0] == head.bias
        assert stored.log_odds(found)[0] > head.bias

    def test_a_head_without_weights_can_be_stored(self):
        empty = train_words.quantised(("x",), [Head(np.zeros(TINY.size), -1.0)], TINY, QUICK)
        assert empty.log_odds(TINY.features("words"))[0] == -1.0

    def test_a_label_that_all_rows_deny_is_refused(self):
        rows = [Row(id=str(at), text="words", labels=dict.fromkeys(LABELS, 0.0), source="own") for at in range(9)]
        with pytest.raises(ValueError, match="all targets are the same"):
            train_words.train(rows, GREEN, TINY, QUICK)
