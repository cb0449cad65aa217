"""The cascade: the first stage settles only what lies outside every doubtful band, and curves keep the order."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.bundle import load_bundle, write_bundle
from belowline.engine.models.cascade import DOUBT, KINDS, MOST_WINDOWS, Cascade, Parameters, Part
from belowline.engine.models.encoder import Encoder
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


def words(labels=(*ABUSE_SCORES, DOUBT)):
    table = np.zeros((TINY.size, COUNT + 1), dtype=np.int16)
    table[np.unique(TINY.features("idiot").row)] = 20
    scale, bias = np.full(COUNT + 1, 0.1), np.full(COUNT + 1, -3.0)
    return HashedModel(labels, TINY, table, scale, bias, power=0.4, blend=0.6)


def log_odds(value=-3.0, doubt=-3.0):
    return np.array([value] * COUNT + [doubt])


@pytest.fixture(scope="module")
def encoder(encoder_files):
    return Encoder(*encoder_files, labels=COUNT, kinds=len(KINDS))


def parameters(*, encoder=0.5, **changes):
    parts = {label: msgspec.structs.replace(PART, encoder={label: encoder}, **changes) for label in ABUSE_SCORES}
    return Parameters(parts=parts, mark_from=0.4, doubt_below=-1.0, labels_below=-2.0)


@pytest.fixture
def cascade(encoder):
    return Cascade(words(), encoder, parameters())


class TestSettling:
    def test_below_both_cut_offs_the_encoder_is_not_asked(self, cascade):
        found = cascade.judge("the bridge", log_odds())
        assert found.settled
        np.testing.assert_allclose(found.values, 1 / (1 + np.exp(-np.interp(-5.5, PART.before, PART.after))))

    @pytest.mark.parametrize("place", [0, 5, COUNT], ids=["toxicity", "identity_attack", "doubt"])
    def test_one_that_is_above_asks_for_the_encoder(self, cascade, place):
        by_words = log_odds()
        by_words[place] = 0.0
        found = cascade.judge("the bridge", by_words)
        assert not found.settled
        assert len(found.windows) == len(found.encoded) == 1

    def test_what_words_tell_as_well_does_not_ask_for_it(self, cascade):
        by_words = log_odds()
        by_words[[6, 7]] = 3.0
        assert cascade.judge("the bridge", by_words).settled

    def test_both_stages_are_added(self, cascade):
        by_words = log_odds(0.0)
        found = cascade.encode("you idiot", by_words)
        joined = found.encoded[0].logits * 0.5 - 1.0
        expected = 1 / (1 + np.exp(-np.array([np.interp(x, PART.before, PART.after) for x in joined])))
        np.testing.assert_allclose(found.values, expected)

    def test_a_label_may_weigh_the_logits_of_others(self, encoder):
        own = parameters()
        threat = msgspec.structs.replace(own.parts["threat"], encoder={"threat": 0.5, "insult": 2.0})
        both = Cascade(words(), encoder, msgspec.structs.replace(own, parts=own.parts | {"threat": threat}))
        one, other = (cascade.encode("you idiot", log_odds(0.0)) for cascade in (Cascade(words(), encoder, own), both))
        threat, insult = ABUSE_SCORES.index("threat"), ABUSE_SCORES.index("insult")
        expected = one.encoded[0].logits[threat] * 0.5 + one.encoded[0].logits[insult] * 2.0 - 1.0
        curve = np.interp(expected, PART.before, PART.after)
        assert other.values[threat] == pytest.approx(1 / (1 + np.exp(-curve)))
        np.testing.assert_array_equal(np.delete(other.values, threat), np.delete(one.values, threat))

    def test_logits_that_there_are_not_are_refused(self, encoder):
        own = parameters()
        odd = msgspec.structs.replace(own.parts["threat"], encoder={"menace": 1.0})
        with pytest.raises(ModelError, match="menace"):
            Cascade(words(), encoder, msgspec.structs.replace(own, parts=own.parts | {"threat": odd}))

    def test_of_a_long_text_the_most_doubtful_windows_are_read(self, encoder):
        cascade = Cascade(words(), encoder, parameters(encoder=0.0, words=1.0))
        text = "the bridge is . " * 300 + "you idiot . " * 40 + "the bridge is . " * 300
        found = cascade.judge(text, log_odds(0.0))
        assert len(found.windows) == MOST_WINDOWS
        best = found.windows[int(found.strongest[0])]
        assert "idiot" in text[best.passage]
        assert [window.starts[0] for window in found.windows] == sorted(window.starts[0] for window in found.windows)

    def test_it_can_be_told_to_ask_always(self, encoder):
        cascade = Cascade(words(), encoder, parameters())
        cascade.always_encodes = True
        assert not cascade.judge("the bridge", log_odds(-50.0, -50.0)).settled
        text = "the bridge is . " * 300
        assert len(cascade.judge(text, log_odds(-50.0, -50.0)).windows) == MOST_WINDOWS


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
    def test_damaged_curves_are_refused(self, encoder, changes, message):
        with pytest.raises(ModelError, match=message):
            Cascade(words(), encoder, parameters(**changes))

    def test_a_label_without_a_part_is_refused(self, encoder):
        few = msgspec.structs.replace(parameters(), parts={"toxicity": PART})
        with pytest.raises(ModelError, match="do not fit the parts"):
            Cascade(words(), encoder, few)

    def test_a_first_stage_without_doubt_is_refused(self, encoder):
        with pytest.raises(ModelError, match="do not fit the parts"):
            Cascade(words((*ABUSE_SCORES, "humour")), encoder, parameters())


class TestBundles:
    def save(self, folder, files, parameters):
        model = words()
        write_bundle(
            folder,
            name="abuse",
            version="v",
            labels=model.labels,
            parameters={**model.parameters(), **parameters},
            tensors={"table": model.table, "scale": model.scale, "bias": model.bias},
            others=dict(zip((GRAPH, TOKENIZER), files, strict=True)),
        )
        return load_bundle(folder)

    def test_a_bundle_gives_the_same_cascade(self, tmp_path, encoder_files, cascade):
        bundle = self.save(tmp_path, encoder_files, msgspec.to_builtins(parameters()))
        again = Cascade.from_bundle(bundle, HashedModel.from_bundle(bundle))
        by_words = log_odds(0.0)
        np.testing.assert_array_equal(again.judge("you", by_words).values, cascade.judge("you", by_words).values)

    def test_damaged_parameters_are_refused(self, tmp_path, encoder_files):
        bundle = self.save(
            tmp_path, encoder_files, {"parts": {}, "mark_from": "high", "doubt_below": 0, "labels_below": 0}
        )
        with pytest.raises(ModelError, match="the parameters of `abuse` are damaged"):
            Cascade.from_bundle(bundle, words())
