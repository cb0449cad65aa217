"""What the encoder learns from: masks, mended shares, marks that survive normalisation, rows kept apart."""

from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_data import lay_out

from belowline.engine.models.cascade import KINDS
from belowline.engine.text.normalise import normalise
from belowline.lab import encoder_rows
from belowline.lab.datasets import EVERY_COLOUR, LABELS, SOURCES, Row
from belowline.lab.encoder_rows import (
    COMMENT_SOURCES,
    DRAWS,
    HELD_OUT,
    LABEL_WEIGHTS,
    SENTENCE,
    SPAN_TYPES,
    WEIGHTS,
    Augmenter,
    build_corpus,
    marks_of,
    mend_shares,
    read_corpus,
)

ZEROS = dict.fromkeys(LABELS, 0.0)
NAMED = {*SOURCES, "own"}


def row(text="words", source="wikiconv_cat", number=0, extra=None, **labels):
    return Row(id=f"{source}:{number}", text=text, labels=dict(labels), source=source, extra=extra or {})


def rated(text, *spans, n=2, both=0, **labels):
    """Return a row of marked spans (start, end, kind, rater)."""
    extra = {
        "raters": {"n": n, "both_boxes": both},
        "spans": [list(span[:3]) for span in spans],
        "span_rater": [span[3] for span in spans],
    }
    return row(text, "civil_spans", extra=extra, **labels)


def share(found, kind):
    return found[:, SPAN_TYPES.index(kind)].tolist()


class TestRecipe:
    def test_every_label_and_source_is_known(self):
        assert set(WEIGHTS) == set(LABELS)
        assert {name for weights in WEIGHTS.values() for name in weights} <= NAMED
        assert set(DRAWS) == NAMED
        assert set(COMMENT_SOURCES) <= NAMED

    def test_every_source_teaches_something_in_range(self):
        assert {name for weights in WEIGHTS.values() for name in weights} == NAMED
        assert all(0 < weight <= 2 for weights in WEIGHTS.values() for weight in weights.values())
        assert LABEL_WEIGHTS.shape == (len(LABELS),)
        assert (LABEL_WEIGHTS > 0).all()

    def test_the_marks_are_those_that_the_engine_reads(self):
        assert SPAN_TYPES == KINDS


class TestMasks:
    def corpus(self, *rows):
        return build_corpus(list(rows))

    def test_absent_labels_weigh_nothing(self):
        corpus = self.corpus(row(threat=1.0))
        assert np.flatnonzero(corpus.weights[0]).tolist() == [LABELS.index("threat")]
        assert corpus.targets[0, LABELS.index("threat")] == 1

    def test_labels_that_the_recipe_leaves_out_weigh_nothing(self):
        corpus = self.corpus(row(source="edos", **ZEROS))
        assert [LABELS[column] for column in np.flatnonzero(corpus.weights[0])] == ["identity_attack"]

    def test_draws_are_those_given(self):
        corpus = build_corpus([row(**ZEROS), row(source="gab", **ZEROS)])
        assert corpus.draws.tolist() == [DRAWS["wikiconv_cat"], DRAWS["gab"]]

    @pytest.mark.parametrize("label", LABELS)
    def test_weights_are_the_recipe_times_the_label(self, label):
        corpus = self.corpus(row(source="own", **{label: 0.25}))
        column = LABELS.index(label)
        assert corpus.weights[0, column] == pytest.approx(WEIGHTS[label]["own"] * LABEL_WEIGHTS[column])
        assert corpus.targets[0, column] == 0.25

    def test_rows_that_teach_nothing_are_never_drawn(self):
        assert self.corpus(row(source="edos", toxicity=1.0), row(toxicity=1.0)).draws.tolist() == [
            0.0,
            DRAWS["wikiconv_cat"],
        ]

    def test_the_fillings_of_a_sentence_are_drawn_as_one(self):
        rows = [row(source="own", number=at, extra={"share": 1 / 4}, **ZEROS) for at in range(4)]
        assert self.corpus(*rows).draws.sum() == pytest.approx(SENTENCE)

    def test_comments_share_one_bias_and_others_have_their_own(self):
        sources = ["own", "gab", "wikiconv_cat", "dynahate", "gab", "civil_spans"]
        rows = [rated("w", toxicity=1.0) if name == "civil_spans" else row(source=name, **ZEROS) for name in sources]
        assert self.corpus(*rows).source.tolist() == [0, 1, 0, 2, 1, 3]

    def test_texts_are_normalised(self):
        assert self.corpus(row("yоu\u200b  ﬁnd")).texts == ["you find"]


class TestShares:
    LABELS = {"toxicity": 2 / 3, "insult": 2 / 3, "profanity": 0.0, "threat": 1 / 3, "identity_attack": 0.0}

    def test_by_hand(self):
        """Of three raters one could not mark: two marked an insult, one a threat."""
        found = rated("words", n=3, both=1, **self.LABELS)
        mend_shares(found)
        assert found.labels == pytest.approx(
            {"toxicity": 5 / 6, "insult": 1.0, "profanity": 0.0, "threat": 0.5, "identity_attack": 0.0}
        )

    def test_where_nobody_could_mark_only_toxicity_is_left(self):
        found = rated("words", n=3, both=3, **self.LABELS | {"toxicity": 0.0})
        mend_shares(found)
        assert found.labels == {"toxicity": 0.5}

    @given(st.integers(1, 12), st.data())
    def test_shares_stay_shares(self, n, data):
        both = data.draw(st.integers(0, n))
        found = rated("w", n=n, both=both, **{label: data.draw(st.integers(0, n)) / n for label in self.LABELS})
        mend_shares(found)
        assert all(0 <= value <= 1 for value in found.labels.values())
        assert found.labels["toxicity"] >= 0.5


class TestMarks:
    def marks(self, found):
        form = normalise(found.text)
        return marks_of(found, [form.original_span(at, at + 1) for at in range(len(form.text))])

    def test_by_hand(self):
        found = self.marks(
            rated("you idiot", (4, 9, "insult", 0), (0, 9, "threat", 1), (4, 6, "insult", 1), n=3, both=1)
        )
        assert share(found, "insult") == [0, 0, 0, 0, 1, 1, 0.5, 0.5, 0.5]
        assert share(found, "threat") == [0.5] * 9
        assert share(found, "any") == [0.5] * 4 + [1] * 5
        assert not found[:, SPAN_TYPES.index("profanity")].any()

    def test_a_rater_with_two_kinds_counts_once_among_all(self):
        found = self.marks(rated("idiot", (0, 5, "insult", 0), (0, 5, "profanity", 0)))
        assert share(found, "any") == share(found, "insult") == share(found, "profanity") == [0.5] * 5

    def test_other_kinds_count_among_all(self):
        found = self.marks(rated("idiot", (0, 5, "other", 0)))
        assert share(found, "any") == [0.5] * 5
        assert not found[:, 1:].any()

    @pytest.mark.parametrize(
        ("text", "word"),
        [
            ("🐷🐷 you idiot", "idiot"),
            ("you\u200b\u200b id\u200biot now", "id\u200biot"),
            ("you   ﬁlthy  thing", "ﬁlthy"),
            ("👩\u200d👩\u200d👧 you idiot 🖕🏿", "idiot"),
            ("so уоu іdіоt", "іdіоt"),
            ("e\u0301toile idiot", "idiot"),
        ],
        ids=["emoji", "zero-width", "ligature", "family", "look-alikes", "accent"],
    )
    def test_marks_stay_on_their_word_through_normalisation(self, text, word):
        start = text.index(word)
        found = self.marks(rated(text, (start, start + len(word), "insult", 0), n=1))
        plain = normalise(text).text
        assert len(found) == len(plain)
        marked = "".join(sign for sign, value in zip(plain, share(found, "insult"), strict=True) if value)
        assert marked == normalise(word).text

    @given(st.text(max_size=40), st.data())
    def test_any_text(self, text, data):
        start = data.draw(st.integers(0, len(text)))
        found = self.marks(rated(text, (start, data.draw(st.integers(start, len(text))), "insult", 0)))
        assert found.shape == (len(normalise(text).text), len(SPAN_TYPES))
        assert set(found.ravel().tolist()) <= {0.0, 0.5}

    def test_rows_that_raters_could_have_marked_have_marks(self):
        corpus = build_corpus([row(**ZEROS), rated("a b", toxicity=0.5), rated("idiot", (0, 5, "insult", 0))])
        assert sorted(corpus.marks) == [1, 2]
        assert not corpus.marks[1].any()
        assert corpus.marks[2].any()


class TestHeldOut:
    def test_groups_stay_together(self):
        rows = [row(number=at, extra={"story_id": f"s{at % 200}"}, **ZEROS) for at in range(1_000)]
        corpus = build_corpus(rows)
        kept = defaultdict(set)
        for one, held_out in zip(rows, corpus.held_out.tolist(), strict=True):
            kept[one.group].add(held_out)
        assert {len(found) for found in kept.values()} == {1}
        assert 0 < corpus.held_out.mean() < 3 / HELD_OUT

    def test_another_seed_keeps_others_apart(self):
        rows = [row(number=at, **ZEROS) for at in range(500)]
        one, same, other = (build_corpus(rows, seed=seed).held_out for seed in (0, 0, 1))
        assert (one == same).all()
        assert (one != other).any()


class TestChanges:
    def augmenter(self, *rows, seed=0):
        return Augmenter(build_corpus(list(rows)), {"idiot": 1.0}, seed)

    @pytest.mark.parametrize(
        ("changes", "harmless"),
        [
            ({}, True),
            ({"threat": 1.0}, False),
            ({"toxicity": 0.2}, False),
            ({"source": "dynahate"}, False),
            ({"text": "word " * 40}, False),
            ({"source": "own"}, True),
        ],
        ids=["plain", "abusive", "doubtful", "source", "long", "ours"],
    )
    def test_padding_is_taken_from_short_harmless_comments(self, changes, harmless):
        assert bool(self.augmenter(row(**ZEROS | changes)).harmless) == harmless

    def test_what_nobody_called_harmless_is_not(self):
        assert self.augmenter(row(spam=0.0)).harmless == []

    def test_rows_kept_apart_are_not_padding(self):
        rows = [row(f"remark {at}", number=at, **ZEROS) for at in range(300)]
        corpus = build_corpus(rows)
        kept = {text for text, held_out in zip(corpus.texts, corpus.held_out, strict=True) if held_out}
        assert kept
        assert set(self.augmenter(*rows).harmless) == set(corpus.texts) - kept

    def test_the_same_seed_changes_the_same(self):
        one, two, three = (self.augmenter(row("A fine bridge.", **ZEROS), seed=seed) for seed in (1, 1, 2))
        texts = [f"You idiot, {number} muslims came." for number in range(50)]
        first = [one.change(text) for text in texts]
        assert first == [two.change(text) for text in texts]
        assert first != [three.change(text) for text in texts]

    def test_most_texts_stay(self):
        changer = self.augmenter(row(**ZEROS))
        stayed = np.mean([changer.change("You idiot, stop.") == "You idiot, stop." for _ in range(2_000)])
        assert 0.75 < stayed < 0.9

    @given(st.text(max_size=60))
    def test_any_text(self, text):
        assert isinstance(self.augmenter(row(**ZEROS)).change(text), str)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return lay_out(tmp_path_factory.mktemp("data"))


class TestReading:
    def found(self, corpus, source):
        return [one for one in corpus.rows if one.source == source]

    def test_all_sources_and_our_sentences(self, data):
        corpus = read_corpus(data, EVERY_COLOUR)
        assert {one.source for one in corpus.rows} == NAMED
        assert {one.id.partition(":")[0] for one in self.found(corpus, "own")} == {"own", "material"}
        assert len({one.id for one in corpus.rows}) == len(corpus.rows) == len(corpus.texts) == len(corpus.draws)

    def test_rows_are_drawn_as_their_source_says(self, data):
        corpus = read_corpus(data, EVERY_COLOUR)
        given = zip(corpus.rows, corpus.draws.tolist(), strict=True)
        due = {one.source: value for one, value in given if value and "share" not in one.extra}
        assert due == DRAWS

    def test_green_alone(self, data):
        corpus = read_corpus(data, frozenset({"green"}))
        assert {one.source for one in corpus.rows} == {
            *(name for name, source in SOURCES.items() if source.colour == "green"),
            "own",
        }

    def test_labels_are_mended_and_derived(self, data):
        corpus = read_corpus(data, EVERY_COLOUR)
        assert {one.labels["toxicity"] for one in self.found(corpus, "civil_spans")} == {0.5, 1.0}
        assert all("spam" in one.labels for one in self.found(corpus, "wikiconv_cat"))
        assert all(set(one.labels) == {"spam"} for one in self.found(corpus, "sms_spam"))

    def test_insults_to_a_machine_are_insults(self, data, monkeypatch):
        bare = [row(source="convabuse", number=at, toxicity=value) for at, value in enumerate((0.0, 0.5))]
        bare.append(row(source="convabuse", number=2, toxicity=1.0, insult=0.0))
        monkeypatch.setattr(encoder_rows, "read_source", lambda _, name: bare if name == "convabuse" else [])
        corpus = read_corpus(data, EVERY_COLOUR)
        assert [one.labels["insult"] for one in self.found(corpus, "convabuse")] == [0.0, 1.0, 0.0]

    def test_the_same_seed_reads_the_same(self, data):
        one, two = (read_corpus(data, EVERY_COLOUR) for _ in range(2))
        assert one.texts == two.texts
        for name in ("targets", "weights", "source", "draws", "held_out"):
            np.testing.assert_array_equal(getattr(one, name), getattr(two, name))

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(OSError, match="jigsaw_wikipedia"):
            read_corpus(tmp_path, EVERY_COLOUR)
