"""The abuse signal: eight scores always, spans that lie in the original text, and no judgement on other languages."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import write_bundle
from belowline.engine.models.cascade import KINDS, Cascade, Parameters, Part
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.first_stage import FirstStage
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.models.tokens import Window
from belowline.engine.policy import ABUSE_SCORES, SCORE_NAMES, Settings, load_policy
from belowline.engine.signals.abuse import (
    EXPLAINED_FROM,
    MOST_SPANS,
    VERSION,
    AbuseSignal,
    marked_passages,
    strongest_passages,
)
from belowline.engine.signals.base import Prepared
from belowline.engine.submission import Submission

TINY = Hasher(12, 12)
BAD_WORDS = {"insult": ("idiot", "moron"), "threat": ("strangle",), "profanity": ("strasse",)}


def prepared(text, language="en"):
    return Prepared(Submission(text=text, language=language), Settings())


def tiny_model():
    """Return a model that knows a few words and nothing else."""
    table = np.zeros((TINY.size, len(ABUSE_SCORES)), dtype=np.int16)
    for label, words in BAD_WORDS.items():
        for word in words:
            table[np.unique(TINY.features(word).row), ABUSE_SCORES.index(label)] = 20
    return HashedModel(
        labels=ABUSE_SCORES,
        hasher=TINY,
        table=table,
        scale=np.full(8, 0.1),
        bias=np.full(8, -3.0),
        power=0.4,
        blend=0.6,
    )


@pytest.fixture(scope="module")
def tiny():
    return AbuseSignal(tiny_model())


@pytest.fixture(scope="module")
def shipped():
    return AbuseSignal.load()


def excerpts(text, score):
    return [text[span.start : span.end] for span in score.spans]


class TestContract:
    def test_names(self, tiny):
        assert tiny.name == "abuse"
        assert tiny.version == VERSION
        assert tiny.scores == ABUSE_SCORES
        assert set(ABUSE_SCORES) <= set(SCORE_NAMES)

    @pytest.mark.parametrize("text", ["x", "...", "You idiot", "👍", "a" * 5_000, "word " * 2_000])
    def test_every_score_always(self, tiny, text):
        found = tiny.measure(prepared(text))
        assert tuple(found) == ABUSE_SCORES
        assert all(0 <= score.value <= 1 for score in found.values())

    @pytest.mark.parametrize("language", ["de", "fr", "und"])
    def test_other_languages_are_unchecked(self, tiny, language):
        found = tiny.measure(prepared("You idiot", language))
        assert tuple(found) == ABUSE_SCORES
        for score in found.values():
            assert score.value is None
            assert score.cause == "language_unsupported"
            assert score.spans == ()

    def test_the_same_text_gives_the_same_score(self, tiny):
        assert tiny.measure(prepared("You idiot")) == tiny.measure(prepared("You idiot"))

    @given(st.text(min_size=1, max_size=120))
    def test_any_text_is_measured_with_valid_spans(self, tiny, text):
        for label, score in tiny.measure(prepared(text)).items():
            assert 0 <= score.value <= 1
            assert len(score.spans) <= MOST_SPANS
            for span in score.spans:
                assert 0 <= span.start < span.end <= len(text)
                assert 0 <= span.score <= 1
                assert span.label == label


class TestLoading:
    def test_another_version_is_refused(self, tmp_path):
        model = tiny_model()
        tensors = {"table": model.table, "scale": model.scale, "bias": model.bias}
        write_bundle(
            tmp_path,
            name="abuse",
            version="other-9",
            labels=ABUSE_SCORES,
            parameters=model.parameters(),
            tensors=tensors,
        )
        with pytest.raises(ModelError, match=f"version other-9, but {VERSION} is needed"):
            AbuseSignal.load(tmp_path)

    def test_a_model_from_a_folder(self, tmp_path, tiny):
        model = tiny_model()
        tensors = {"table": model.table, "scale": model.scale, "bias": model.bias}
        write_bundle(
            tmp_path, name="abuse", version=VERSION, labels=ABUSE_SCORES, parameters=model.parameters(), tensors=tensors
        )
        loaded = AbuseSignal.load(tmp_path)
        assert loaded.measure(prepared("You idiot")) == tiny.measure(prepared("You idiot"))

    def test_labels_may_come_in_another_order(self, tiny):
        model = tiny_model()
        turned = model._replace(labels=ABUSE_SCORES[::-1], table=np.ascontiguousarray(model.table[:, ::-1]))
        assert AbuseSignal(turned).measure(prepared("You idiot")) == tiny.measure(prepared("You idiot"))

    def test_a_model_that_lacks_a_label_is_refused(self):
        model = tiny_model()
        with pytest.raises(ModelError, match="lacks the label `spam`"):
            AbuseSignal(model._replace(labels=(*ABUSE_SCORES[:-1], "humour")))


class TestDisguises:
    @pytest.mark.parametrize(
        "text",
        [
            "You idiot",
            "you IDIOT!",
            "you 1d10t",
            "you i d i o t",
            "you i.d.i.o.t",
            "you idi0t",
            "you m o r o n",
            "you іdіоt",
            "you ｉｄｉｏｔ",
            "you id\u200biot",
            "you 𝐢𝐝𝐢𝐨𝐭",
        ],
    )
    def test_the_insult_is_found_where_it_stands(self, tiny, text):
        score = tiny.measure(prepared(text))["insult"]
        assert score.value > EXPLAINED_FROM
        (passage,) = excerpts(text, score)
        assert passage == text[4:].rstrip("!")

    def test_the_plain_reading_counts_where_it_is_higher(self, tiny):
        text = "idiot!!! goood"
        assert excerpts(text, tiny.measure(prepared(text))["insult"]) == ["idiot"]


class TestSpans:
    @pytest.mark.parametrize(
        ("text", "label", "expected"),
        [
            ("What an idiot you are", "insult", ["idiot"]),
            ("idiot, he said, and moron", "insult", ["idiot", "moron"]),
            ("an idiot moron indeed it is", "insult", ["idiot moron"]),
            ("I will strangle this idiot", "threat", ["strangle"]),
            ("I will strangle this idiot", "insult", ["idiot"]),
            ("Die STRASSE ist da, und Straße", "profanity", ["STRASSE", "Straße"]),
            ("nothing here at all", "insult", []),
            ("idiot", "insult", ["idiot"]),
            ("🐷 idiot 🐷", "insult", ["idiot"]),
        ],
    )
    def test_table(self, tiny, text, label, expected):
        assert excerpts(text, tiny.measure(prepared(text))[label]) == expected

    def test_low_scores_are_not_explained(self, tiny):
        for score in tiny.measure(prepared("A fine day")).values():
            assert score.value < EXPLAINED_FROM
            assert score.spans == ()

    def test_the_strongest_span_carries_the_score(self, tiny):
        score = tiny.measure(prepared("an idiot, well, idiotic"))["insult"]
        assert max(span.score for span in score.spans) == pytest.approx(score.value)

    def test_an_insult_in_a_long_letter_is_marked(self, tiny):
        letter = "the council met on tuesday and talked about the bridge " * 12
        text = f"{letter}you idiot moron {letter}"
        score = tiny.measure(prepared(text))["insult"]
        assert "idiot" in "".join(excerpts(text, score))
        assert sum(span.end - span.start for span in score.spans) < len(text) / 2


class TestStrongestPassages:
    @pytest.mark.parametrize(
        ("shares", "expected"),
        [
            ([], []),
            ([0.0], []),
            ([-1.0, -2.0], []),
            ([2.0], [(0, 0, 1.0)]),
            ([0.0, 2.0, 0.0, 0.0], [(1, 1, 1.0)]),
            ([2.0, 0.0, 1.0, 0.0], [(0, 0, 1.0), (2, 2, 0.5)]),
            ([0.0, 1.0, 1.0, 0.0], [(1, 2, 1.0)]),
            ([4.0, 0.0, 0.5, 0.0], [(0, 0, 1.0)]),
            ([1.0, 1.0], [(0, 0, 1.0)]),
            ([1, 0, 2, 0, 3, 0, 4, 0], [(0, 0, 0.25), (2, 2, 0.5), (4, 4, 0.75), (6, 6, 1.0)]),
        ],
        ids=["empty", "nought", "negative", "one", "middle", "two", "merged", "weak", "half", "four"],
    )
    def test_table(self, shares, expected):
        assert strongest_passages(np.array(shares, dtype=float)) == expected

    @given(st.lists(st.floats(-5, 5), max_size=60))
    def test_never_more_than_half_of_the_words(self, shares):
        found = strongest_passages(np.array(shares))
        words = sum(last - first + 1 for first, last, _ in found)
        assert words <= max(1, len(shares) // 2)
        assert len(found) <= MOST_SPANS
        assert all(0 < strength <= 1 for _, _, strength in found)
        places = [place for first, last, _ in found for place in (first, last)]
        assert places == sorted(places)


ABUSIVE = [
    ("You are an idiot and a liar.", "insult"),
    ("Our chancellor is an utter moron.", "insult"),
    ("I will find you and kill you.", "threat"),
    ("Somebody should shoot this judge.", "threat"),
    ("All Muslims are vermin and should be deported.", "identity_attack"),
    ("Women are too dim to be trusted with a ballot.", "identity_attack"),
    ("What a fucking disgrace.", "profanity"),
    ("Fuck off, you stupid cow.", "toxicity"),
    ("Earn $900 a week from home, sign up at www.quick-cash.example now!", "spam"),
    ("Show me your naked boobs, darling.", "sexually_explicit"),
]
ORDINARY = [
    "My uncle is gay and has run this shop since 1990.",
    "My wife is Muslim and we both vote here.",
    "On Fridays many Muslims come to pray at the old cinema.",
    "My cousins were killed in the bombing; their bodies are still under the rubble.",
    "The police shot a man dead in the square and wounded three others.",
    "How many more children must die before both sides stop the war?",
    "It is wrong to call refugees parasites, and it hurts people.",
    "The rape trial collapsed because the police lost the evidence.",
    "The figures in the report at https://www.city.example/report show the opposite.",
    "The goalkeeper was robbed and we were destroyed in the second half.",
    "I disagree completely with the council, and I think the decision was wrong.",
    "Rest in peace, Dot. You will be missed.",
]
HOLD = {rule.score: rule.hold for rule in load_policy().rules.values() if rule.score in ABUSE_SCORES}
"""From where on the shipped policy holds."""


class TestShipped:
    """The shipped model on sentences that it was not trained on: what must be held, and what must not."""

    def test_none_of_them_is_a_training_sentence(self):
        pytest.importorskip("scipy")
        from belowline.lab.material import material_rows
        from belowline.lab.sentences import own_rows

        trained = {row.text.casefold() for row in [*own_rows(each=500), *material_rows(each=100)]}
        for case in [*ABUSIVE, *ORDINARY]:
            text = case if isinstance(case, str) else getattr(case, "values", case)[0]
            assert text.casefold() not in trained

    @pytest.mark.parametrize(("text", "label"), ABUSIVE)
    def test_abuse_is_seen(self, shipped, text, label):
        score = shipped.measure(prepared(text))[label]
        assert score.value >= HOLD[label]
        assert score.value < EXPLAINED_FROM or score.spans

    @pytest.mark.parametrize("text", ORDINARY)
    def test_ordinary_comments_pass(self, shipped, text):
        found = shipped.measure(prepared(text))
        assert {label: found[label].value for label, hold in HOLD.items() if found[label].value >= hold} == {}

    @pytest.mark.parametrize("plain", ["You are an idiot", "What a moron you are", "You are stupid"])
    def test_a_disguise_hardly_helps(self, shipped, plain):
        disguised = plain.replace("i", "1").replace("o", "0")
        values = [shipped.measure(prepared(text))["insult"].value for text in (plain, disguised)]
        assert values[1] > values[0] / 2


class TestMarkedPassages:
    """Tokens to passages: whole words, joined across blanks, strongest first measured."""

    def window(self, text, *tokens):
        starts, place = [], 0
        for token in tokens:
            place = text.index(token, place)
            starts.append(place)
            place += len(token)
        ends = [start + len(token) for start, token in zip(starts, tokens, strict=True)]
        return Window(np.zeros(len(tokens) + 2, dtype=np.int64), np.array(starts), np.array(ends))

    def found(self, text, tokens, marks, mark_from=0.5):
        window = self.window(text, *tokens)
        return [
            (text[start:end], round(strength, 2))
            for start, end, strength in marked_passages(window, np.array(marks), text, mark_from)
        ]

    def test_pieces_of_a_word_are_marked_together(self):
        assert self.found("an unhappy man", ["an", "un", "happy", "man"], [0, 0.1, 0.8, 0]) == [("unhappy", 1.0)]

    def test_marked_neighbours_are_one_passage(self):
        assert self.found("you total idiot", ["you", "total", "idiot"], [0.1, 0.6, 0.9]) == [("total idiot", 1.0)]

    def test_punctuation_keeps_passages_apart(self):
        assert self.found("idiot, fool", ["idiot", ",", "fool"], [0.8, 0.1, 0.6]) == [("idiot", 1.0), ("fool", 0.75)]

    def test_nothing_marked(self):
        assert self.found("the bridge", ["the", "bridge"], [0.1, 0.4]) == []

    def test_only_the_strongest_are_kept_in_order(self):
        words = [f"w{number}" for number in range(9)]
        text = ", ".join(words)
        found = self.found(text, words, [0.9 if number % 2 else 0.6 for number in range(9)])
        assert len(found) == MOST_SPANS
        assert {"w1", "w3", "w5", "w7"} <= {word for word, _ in found}
        assert [word for word, _ in found] == sorted(word for word, _ in found)

    def test_a_window_without_tokens(self):
        assert self.found("", [], np.zeros(0)) == []


class TestCascade:
    """With an encoder: the same contract, and passages from its marks."""

    @pytest.fixture
    def deep(self, encoder_files, first_file):
        same = {"words": 1.0, "shift": 3.0, "settled_slope": 1.0, "settled_shift": 0.0}
        curve = {"before": (-40.0, 40.0), "after": (-40.0, 40.0)}
        parts = {label: Part(encoder={label: 1.0}, **same, **curve) for label in ABUSE_SCORES}
        parameters = Parameters(parts=parts, mark_from=1e-9, settled_below=-1.5)
        encoder = Encoder(*encoder_files, labels=len(ABUSE_SCORES), kinds=len(KINDS))
        first = FirstStage(first_file, labels=len(ABUSE_SCORES))
        model = tiny_model()
        return AbuseSignal(model, cascade=Cascade(first, encoder, model, parameters))

    def test_what_the_first_stage_settles_has_its_score(self, deep):
        found = deep.cascade.first_stage("the bridge is a bridge")
        value = 1 / (1 + np.exp(-found[0, ABUSE_SCORES.index("insult")]))
        assert deep.measure(prepared("the bridge is a bridge"))["insult"].value == pytest.approx(value)

    def test_what_it_doubts_is_read_by_the_encoder(self, deep):
        judged = deep.cascade.encode("you idiot")
        found = deep.measure(prepared("you idiot"))
        assert [found[label].value for label in ABUSE_SCORES] == pytest.approx(judged.values.tolist())
        assert judged.encoded

    @given(st.text(alphabet=st.sampled_from("you idiot 🐷\u200bıİß1.é"), min_size=1, max_size=60))
    def test_spans_lie_in_the_original(self, deep, text):
        for label, score in deep.measure(prepared(f"{text} idiot")).items():
            assert 0 <= score.value <= 1
            for span in score.spans:
                assert 0 <= span.start < span.end <= len(text) + 6
                assert 0 <= span.score <= 1
                assert span.label == label

    def test_marks_explain_in_the_original_text(self, deep):
        text = "you i\u200bdiot"
        score = deep.measure(prepared(text))["toxicity"]
        assert score.value >= EXPLAINED_FROM
        assert excerpts(text, score) == [text]

    def test_labels_without_marks_are_explained_by_words(self, deep):
        score = deep.measure(prepared("you idiot"))["spam"]
        assert all(span.label == "spam" for span in score.spans)
