"""The cascade: the first stage settles only what it is sure of, and curves keep the order."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import load_bundle, write_bundle
from belowline.engine.models.cascade import ABUSIVE, KINDS, MOST_WINDOWS, Cascade, Parameters, Part
from belowline.engine.models.encoder import Encoder
from belowline.engine.models.first_stage import FIRST_GRAPH, FirstStage
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.models.tokens import GRAPH, TOKENIZER
from belowline.engine.policy import ABUSE_SCORES

COUNT = len(ABUSE_SCORES)
TINY = Hasher(10, 10)
PART = Part(
    encoder={},
    words=0.5,
    shift=-1.0,
    settled_slope=2.0,
    settled_shift=0.5,
    before=(-40.0, 0.0, 40.0),
    after=(-30.0, 1.0, 25.0),
)


def words(labels=ABUSE_SCORES):
    table = np.zeros((TINY.size, COUNT), dtype=np.int16)
    table[np.unique(TINY.features("idiot").row)] = 20
    return HashedModel(labels, TINY, table, np.full(COUNT, 0.1), np.full(COUNT, -3.0), power=0.4, blend=0.6)


@pytest.fixture(scope="module")
def encoder(encoder_files):
    return Encoder(*encoder_files, labels=COUNT, kinds=len(KINDS))


@pytest.fixture(scope="module")
def first(first_file):
    return FirstStage(first_file, labels=COUNT)


def parameters(*, encoder=0.5, **changes):
    parts = {label: msgspec.structs.replace(PART, encoder={label: encoder}, **changes) for label in ABUSE_SCORES}
    return Parameters(parts=parts, mark_from=0.4, settled_below=-2.0)


@pytest.fixture
def cascade(first, encoder):
    return Cascade(first, encoder, words(), parameters())


class TestSettling:
    def test_below_the_cut_off_the_encoder_is_not_asked(self, cascade):
        found = cascade.judge("the bridge")
        assert found.settled
        expected = cascade.first_stage("the bridge")[0] * 2.0 + 0.5
        np.testing.assert_allclose(found.log_odds, expected)
        np.testing.assert_allclose(found.values, 1 / (1 + np.exp(-np.interp(expected, PART.before, PART.after))))

    def test_above_it_the_encoder_is_asked(self, cascade):
        found = cascade.judge("you idiot")
        assert not found.settled
        assert len(found.windows) == len(found.encoded) == 1
        np.testing.assert_array_equal(found.values, cascade.encode("you idiot").values)

    @pytest.mark.parametrize("place", range(COUNT))
    def test_one_abusive_label_above_it_is_enough(self, cascade, place):
        first = np.full((2, COUNT), -6.0)
        first[1, place] = 0.0
        assert cascade.settles(first) == (place >= ABUSIVE)

    def test_encoder_and_words_are_added(self, cascade):
        found = cascade.encode("you idiot")
        joined = found.encoded[0].logits * 0.5 + cascade.words.read("you idiot") * 0.5 - 1.0
        expected = 1 / (1 + np.exp(-np.array([np.interp(x, PART.before, PART.after) for x in joined])))
        np.testing.assert_allclose(found.values, expected)

    def test_a_label_may_weigh_the_logits_of_others(self, first, encoder):
        own = parameters()
        threat = msgspec.structs.replace(own.parts["threat"], encoder={"threat": 0.5, "insult": 2.0})
        both = Cascade(first, encoder, words(), msgspec.structs.replace(own, parts=own.parts | {"threat": threat}))
        one, other = (cascade.encode("you idiot") for cascade in (Cascade(first, encoder, words(), own), both))
        threat, insult = ABUSE_SCORES.index("threat"), ABUSE_SCORES.index("insult")
        expected = one.encoded[0].logits[threat] * 0.5 + one.encoded[0].logits[insult] * 2.0 - 1.0
        expected += both.words.read("you idiot")[threat] * 0.5
        curve = np.interp(expected, PART.before, PART.after)
        assert other.values[threat] == pytest.approx(1 / (1 + np.exp(-curve)))
        np.testing.assert_array_equal(np.delete(other.values, threat), np.delete(one.values, threat))

    def test_logits_that_there_are_not_are_refused(self, first, encoder):
        own = parameters()
        odd = msgspec.structs.replace(own.parts["threat"], encoder={"menace": 1.0})
        with pytest.raises(ModelError, match="menace"):
            Cascade(first, encoder, words(), msgspec.structs.replace(own, parts=own.parts | {"threat": odd}))

    def test_of_a_long_text_the_most_doubtful_windows_are_read(self, first, encoder):
        cascade = Cascade(first, encoder, words(), parameters(encoder=0.0, words=1.0))
        text = "the bridge is . " * 300 + "you idiot . " * 40 + "the bridge is . " * 300
        found = cascade.judge(text)
        assert len(found.windows) == MOST_WINDOWS
        best = found.windows[int(found.strongest[0])]
        assert "idiot" in text[best.passage]
        assert [window.starts[0] for window in found.windows] == sorted(window.starts[0] for window in found.windows)

    def test_a_long_text_is_settled_when_all_its_windows_are(self, cascade):
        assert cascade.judge("the bridge is . " * 300).settled

    def test_it_can_be_told_to_ask_always(self, cascade):
        cascade.always_encodes = True
        assert not cascade.judge("the bridge").settled
        assert len(cascade.judge("the bridge is . " * 300).windows) == MOST_WINDOWS


class TestCurves:
    @given(st.lists(st.floats(-60, 60), min_size=2, max_size=2))
    def test_order_is_kept(self, cascade, pair):
        low, high = sorted(pair)
        assert (cascade.calibrated(np.full(COUNT, low)) <= cascade.calibrated(np.full(COUNT, high))).all()

    def test_ends_hold_beyond(self, cascade):
        np.testing.assert_array_equal(cascade.calibrated(np.full(COUNT, 1e9)), cascade.calibrated(np.full(COUNT, 40.0)))

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"before": (0.0, 0.0, 1.0)}, "does not rise"),
            ({"after": (0.0, 2.0, 1.0)}, "does not rise"),
            ({"before": (0.0, 1.0)}, "2 and 3 corners"),
        ],
    )
    def test_damaged_curves_are_refused(self, first, encoder, changes, message):
        with pytest.raises(ModelError, match=message):
            Cascade(first, encoder, words(), parameters(**changes))

    def test_a_label_without_a_part_is_refused(self, first, encoder):
        few = msgspec.structs.replace(parameters(), parts={"toxicity": PART})
        with pytest.raises(ModelError, match="do not fit the parts"):
            Cascade(first, encoder, words(), few)

    def test_a_part_without_a_label_is_refused(self, first, encoder):
        with pytest.raises(ModelError, match="do not fit the parts"):
            Cascade(first, encoder, words((*ABUSE_SCORES[1:], "humour")), parameters())


class TestBundles:
    @pytest.fixture
    def files(self, encoder_files, first_file):
        return dict(zip((GRAPH, TOKENIZER, FIRST_GRAPH), (*encoder_files, first_file), strict=True))

    def save(self, folder, files, parameters):
        model = words()
        write_bundle(
            folder,
            name="abuse",
            version="v",
            labels=model.labels,
            parameters={**model.parameters(), **parameters},
            tensors={"table": model.table, "scale": model.scale, "bias": model.bias},
            others=files,
        )
        return load_bundle(folder)

    @pytest.mark.parametrize("text", ["you", "you idiot"])
    def test_a_bundle_gives_the_same_cascade(self, tmp_path, files, cascade, text):
        bundle = self.save(tmp_path, files, msgspec.to_builtins(parameters()))
        again = Cascade.from_bundle(bundle, HashedModel.from_bundle(bundle))
        np.testing.assert_array_equal(again.judge(text).values, cascade.judge(text).values)

    def test_a_missing_first_stage_is_said(self, tmp_path, files):
        del files[FIRST_GRAPH]
        bundle = self.save(tmp_path, files, msgspec.to_builtins(parameters()))
        with pytest.raises(ModelError, match=r"has no file first\.onnx"):
            Cascade.from_bundle(bundle, words())

    def test_damaged_parameters_are_refused(self, tmp_path, files):
        bundle = self.save(tmp_path, files, {"parts": {}, "mark_from": "high", "settled_below": 0})
        with pytest.raises(ModelError, match="the parameters of `abuse` are damaged"):
            Cascade.from_bundle(bundle, words())
