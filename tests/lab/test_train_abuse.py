"""Training: what is masked teaches nothing, the same seed gives the same bytes, and probabilities mean a rate."""

import gzip
import json

import numpy as np
import pytest

from belowline.engine.models import bundle as bundles
from belowline.engine.models.bundle import load_bundle
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.lab import train_abuse
from belowline.lab.datasets import LABELS, SOURCES, Row
from belowline.lab.heads import Line, Settings
from belowline.lab.matrix import read_text
from belowline.lab.recipe import PREVALENCE, WEIGHTS, all_sources
from belowline.lab.weak_labels import SexualTerms

TINY = Hasher(10, 10)
BOTH = frozenset({"green", "amber"})
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
    return train_abuse.train(rows, BOTH, TINY, QUICK)


@pytest.fixture(scope="module")
def corpus(rows):
    return train_abuse.build_corpus(rows, TINY, QUICK, number=3, seed=0)


def probability(model, text, label):
    return model.probabilities(TINY.features(read_text(text)))[model.labels.index(label)]


class TestParts:
    def test_masked_labels_teach_nothing(self, corpus):
        part = train_abuse.part_of(corpus, "toxicity", BOTH)
        assert {corpus.rows[place].source for place in part.place} == {"civil_spans", "room_for_debate"}

    def test_a_source_without_a_place_in_the_recipe_teaches_nothing(self, rows):
        other = [Row(id="x", text="words", labels={"threat": 1.0}, source="edos")]
        corpus = train_abuse.build_corpus([*rows, *other], TINY, QUICK, number=3, seed=0)
        part = train_abuse.part_of(corpus, "threat", BOTH)
        assert "edos" not in {corpus.rows[place].source for place in part.place}

    def test_green_alone(self, corpus):
        part = train_abuse.part_of(corpus, "spam", GREEN)
        assert {corpus.rows[place].source for place in part.place} == {"civil_spans"}

    def test_weights_come_from_the_recipe_and_doubt_halves_them(self, corpus):
        part = train_abuse.part_of(corpus, "insult", BOTH)
        for place, target, weight in zip(part.place, part.target, part.weight, strict=True):
            source = corpus.rows[place].source
            doubt = 0.5 if source == "civil_spans" and target < 0.5 else 1.0
            assert weight == WEIGHTS["insult"][source] * doubt

    def test_calibration_weighs_positives_as_the_prevalence(self, corpus):
        for label in LABELS:
            part = train_abuse.part_of(corpus, label, BOTH)
            truth, weight = train_abuse.calibration_weights(corpus, part, label)
            assert weight.sum() == pytest.approx(1.0)
            assert weight[truth == 1].sum() == pytest.approx(PREVALENCE[label])


class TestPassages:
    def row(self, words=50, source="room_for_debate", **labels):
        return Row(id="x:1", text="word " * words, labels=labels, source=source, extra={"story_id": "s"})

    def test_long_ordinary_rows_are_also_learned_in_passages(self):
        whole = self.row(toxicity=0.0, threat=0.0)
        pieces = train_abuse.passages_of(whole)
        assert len(pieces) > 1
        assert {piece.group for piece in pieces} == {whole.group}
        assert all(piece.labels == whole.labels for piece in pieces)

    @pytest.mark.parametrize(
        "changes",
        [{"toxicity": 1.0}, {}, {"toxicity": 0.0, "words": 5}, {"toxicity": 0.0, "source": "civil_spans"}],
        ids=["abusive", "unknown", "short", "source"],
    )
    def test_others_are_not(self, changes):
        assert train_abuse.passages_of(self.row(**changes)) == []

    def test_a_label_that_only_the_whole_has_is_not_passed_on(self):
        pieces = train_abuse.passages_of(self.row(toxicity=0.0, spam=1.0))
        assert all(piece.labels == {"toxicity": 0.0} for piece in pieces)


class TestTraining:
    @pytest.mark.parametrize("label", LABELS)
    def test_every_label_learns_its_word(self, model, label):
        assert probability(model, f"{BAD[label]} the council", label) > probability(model, "the council", label)

    def test_ordinary_comments_score_low(self, model):
        for label in LABELS:
            assert probability(model, "the council will vote on the budget", label) < 0.3

    def test_same_seed_same_weights(self, rows, model):
        again = train_abuse.train(rows, BOTH, TINY, QUICK)
        np.testing.assert_array_equal(again.table, model.table)
        np.testing.assert_array_equal(again.scale, model.scale)
        np.testing.assert_array_equal(again.bias, model.bias)

    def test_weights_are_whole_numbers_that_use_the_room(self, model):
        assert model.table.dtype == np.int16
        np.testing.assert_array_equal(np.abs(model.table).max(axis=0), train_abuse.LEVELS)

    def test_calibration_goes_into_scale_and_bias(self, corpus):
        part = train_abuse.part_of(corpus, "insult", BOTH)
        head = train_abuse.fit_part(corpus, part, np.ones(len(part.place), dtype=bool), QUICK)
        found = TINY.features("nitwit")
        plain, moved = (
            train_abuse.quantised(("insult",), [head], [line], TINY, QUICK).log_odds(found)[0]
            for line in (Line(1.0, 0.0), Line(2.0, -3.0))
        )
        assert moved == pytest.approx(2 * plain - 3)

    def test_a_head_without_weights_can_be_stored(self):
        from belowline.lab.heads import Head

        empty = train_abuse.quantised(("x",), [Head(np.zeros(TINY.size), -1.0)], [Line(1.0, 0.0)], TINY, QUICK)
        assert empty.log_odds(TINY.features("words"))[0] == -1.0


class TestDerivedLabels:
    def test_spam_sources_keep_silent_on_sex(self):
        row = Row(id="x", text="words", labels={"spam": 1.0}, source="sms_spam")
        train_abuse.derive_labels(row, SexualTerms([]))
        assert row.labels == {"spam": 1.0}

    def test_our_sentences_keep_what_they_leave_open(self):
        row = Row(id="x", text="words", labels={"toxicity": 1.0}, source="own")
        train_abuse.derive_labels(row, SexualTerms([]))
        assert row.labels == {"toxicity": 1.0}

    def test_an_ordinary_comment_gets_all_zeros(self):
        row = Row(id="x", text="words", labels={"toxicity": 0.0}, source="wikiconv_cat")
        train_abuse.derive_labels(row, SexualTerms([]))
        assert row.labels == dict.fromkeys(LABELS, 0.0)


class TestCommand:
    @pytest.fixture
    def data(self, tmp_path, monkeypatch):
        """Lay out a data folder with invented rows for every source that the recipe names."""
        draw = np.random.default_rng(1)
        for name, source in SOURCES.items():
            rows = [
                comment(number, name, draw, **({label: 1.0} if number % 2 else dict.fromkeys(LABELS, 0.0)))
                for number, label in enumerate(LABELS * 4)
            ]
            self.write(tmp_path / f"{source.file}.jsonl.gz", rows)
        for name in ("surge", "dsojevic"):
            path = tmp_path / f"lexicons/{name}.jsonl.gz"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(gzip.compress(b'{"term": "smooching", "category": "sexual"}\n'))
        monkeypatch.setattr(train_abuse, "Hasher", lambda: TINY)
        monkeypatch.setattr(train_abuse, "Settings", lambda: QUICK)
        return tmp_path

    def write(self, path, rows):
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [
            json.dumps({"id": row.id, "text": row.text, "labels": row.labels, "source": row.source}) for row in rows
        ]
        path.write_bytes(gzip.compress("\n".join(lines).encode()))

    @pytest.mark.parametrize("only", [[], ["--only", "green"]], ids=["all", "green"])
    def test_it_writes_a_bundle_that_names_its_sources(self, data, only, capsys):
        train_abuse.main(["--data", str(data), "--out", str(data / "out"), *only])
        bundle = load_bundle(data / "out", version=train_abuse.VERSION)
        assert HashedModel.from_bundle(bundle).labels == LABELS
        colours = GREEN if only else BOTH
        assert bundle.manifest.parameters["sources"] == [*all_sources(colours), "own"]
        assert "abuse abuse-linear-1" in capsys.readouterr().out

    def test_same_seed_same_bytes(self, data, capsys):
        for name in ("one", "two"):
            train_abuse.main(["--data", str(data), "--out", str(data / name), "--only", "green"])
        for file in (bundles.MANIFEST, bundles.WEIGHTS):
            assert (data / "one" / file).read_bytes() == (data / "two" / file).read_bytes()
