"""The map to Perspective's scale: increasing curves with fixed ends, and refusal of what is none."""

from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.engine.errors import ModelError
from belowline.engine.models.alignment import VERSION, Alignment
from belowline.engine.models.bundle import FORMAT, MANIFEST, load_bundle
from belowline.engine.policy import ABUSE_SCORES
from belowline.engine.signals.abuse import AbuseSignal

MOST_KNOTS = 33
SHIPPED = Alignment.load()
VALUES = st.floats(0, 1)
GOOD = {"ours": [0.0, 0.1, 0.4, 1.0], "theirs": [0.0, 0.5, 0.8, 1.0]}


def write(folder, *, labels=("toxicity",), version=VERSION, **parameters):
    folder.mkdir(exist_ok=True)
    manifest = {"format": FORMAT, "name": "perspective", "version": version, "labels": labels, "files": {}}
    parameters = {"model": "made-1", "knots": {"toxicity": GOOD}} | parameters
    (folder / MANIFEST).write_bytes(msgspec.json.encode(manifest | {"parameters": parameters}))
    return folder


@st.composite
def curves(draw):
    """Draw the knots of any valid curve."""
    inner = st.lists(st.integers(1, 9_999), unique=True, max_size=MOST_KNOTS - 2)
    first, second = sorted(draw(inner)), sorted(draw(inner))
    count = min(len(first), len(second))
    return {
        name: [0.0, *(value / 10_000 for value in side[:count]), 1.0]
        for name, side in (("ours", first), ("theirs", second))
    }


def made(tmp_path_factory, knots):
    return Alignment.load(write(tmp_path_factory.mktemp("made"), knots={"toxicity": knots}))


class TestAnyCurve:
    @given(curves(), VALUES, VALUES)
    def test_the_order_is_kept(self, tmp_path_factory, knots, one, other):
        alignment = made(tmp_path_factory, knots)
        lower, upper = sorted((one, other))
        assert 0 <= alignment.align("toxicity", lower) <= alignment.align("toxicity", upper) <= 1

    @given(curves())
    def test_knots_and_ends_are_met(self, tmp_path_factory, knots):
        alignment = made(tmp_path_factory, knots)
        for ours, theirs in zip(knots["ours"], knots["theirs"], strict=True):
            assert alignment.align("toxicity", ours) == theirs

    @pytest.mark.parametrize(
        ("value", "aligned"),
        [(0.05, 0.25), (0.1, 0.5), (0.25, 0.65), (0.7, 0.9), (-1, 0), (2, 1)],
        ids=["first piece", "knot", "second piece", "last piece", "below", "above"],
    )
    def test_between_knots_it_is_straight(self, tmp_path, value, aligned):
        assert Alignment.load(write(tmp_path)).align("toxicity", value) == pytest.approx(aligned)

    def test_it_names_its_model_version_and_labels(self, tmp_path):
        alignment = Alignment.load(write(tmp_path))
        assert (alignment.model, alignment.version, alignment.labels) == ("made-1", VERSION, ("toxicity",))

    @pytest.mark.parametrize("name", ["off_topic", "TOXICITY", ""])
    def test_a_score_without_a_curve_is_refused(self, tmp_path, name):
        with pytest.raises(KeyError):
            Alignment.load(write(tmp_path)).align(name, 0.5)

    def test_it_is_frozen(self, tmp_path):
        with pytest.raises(AttributeError):
            Alignment.load(write(tmp_path)).model = "other"


class TestDamage:
    @pytest.mark.parametrize(
        "changes",
        [
            {"ours": [0.0, 0.4, 0.1, 1.0]},
            {"ours": [0.0, 0.4, 0.4, 1.0]},
            {"theirs": [0.0, 0.8, 0.5, 1.0]},
            {"theirs": [0.0, 0.8, 1.2, 1.0]},
            {"ours": [-0.1, 0.1, 0.4, 1.0]},
            {"ours": [0.1, 0.2, 0.4, 1.0]},
            {"theirs": [0.0, 0.5, 0.8, 0.9]},
            {"ours": [], "theirs": []},
            {"ours": [0.0], "theirs": [0.0]},
        ],
        ids=["falling", "level", "theirs-falling", "above-1", "below-0", "no-start", "no-end", "empty", "one"],
    )
    def test_a_curve_that_does_not_increase_from_0_to_1_is_refused(self, tmp_path, changes):
        with pytest.raises(ModelError, match="knots of `toxicity` do not increase from 0 to 1"):
            Alignment.load(write(tmp_path, knots={"toxicity": GOOD | changes}))

    def test_sides_of_different_length_are_refused(self, tmp_path):
        with pytest.raises(ModelError, match="has 3 and 4 knots"):
            Alignment.load(write(tmp_path, knots={"toxicity": GOOD | {"ours": [0.0, 0.5, 1.0]}}))

    @pytest.mark.parametrize(
        "parameters",
        [{"model": 3}, {"knots": None}, {"knots": {"toxicity": {"ours": [0, 1]}}}, {"knots": {"toxicity": [0, 1]}}],
        ids=["model", "no knots", "one side", "no curve"],
    )
    def test_parameters_of_another_shape_are_refused(self, tmp_path, parameters):
        with pytest.raises(ModelError, match="parameters of `perspective` are damaged"):
            Alignment.load(write(tmp_path, **parameters))

    @pytest.mark.parametrize("labels", [(), ("insult",), ("toxicity", "insult")])
    def test_curves_of_other_labels_are_refused(self, tmp_path, labels):
        with pytest.raises(ModelError, match="not those of its labels"):
            Alignment.load(write(tmp_path, labels=labels))

    def test_another_version_is_refused(self, tmp_path):
        with pytest.raises(ModelError, match="version perspective-scale-0"):
            Alignment.load(write(tmp_path, version="perspective-scale-0"))

    def test_a_missing_folder_is_refused(self, tmp_path):
        with pytest.raises(ModelError, match="there is no model"):
            Alignment.load(tmp_path / "nothing")


class TestShipped:
    def test_it_was_fitted_for_the_shipped_abuse_model(self):
        assert SHIPPED.model == AbuseSignal.load().version == load_bundle("abuse").manifest.version

    def test_every_abuse_score_has_a_curve_and_no_other(self):
        assert sorted(SHIPPED.labels) == sorted(ABUSE_SCORES)

    @pytest.mark.parametrize("label", ABUSE_SCORES)
    def test_curves_are_short_and_rounded(self, label):
        curve = SHIPPED.curves[label]
        assert 10 <= len(curve.ours) == len(curve.theirs) <= MOST_KNOTS
        assert all(round(value, 6) == value for value in (*curve.ours.tolist(), *curve.theirs.tolist()))

    @pytest.mark.parametrize("label", ABUSE_SCORES)
    def test_it_rises_strictly_from_0_to_1(self, label):
        aligned = [SHIPPED.align(label, step / 1000) for step in range(1001)]
        assert (aligned[0], aligned[-1]) == (0.0, 1.0)
        assert all(lower < upper for lower, upper in pairwise(aligned))

    @given(st.sampled_from(ABUSE_SCORES), VALUES, VALUES)
    def test_the_order_is_kept(self, label, one, other):
        lower, upper = sorted((one, other))
        assert 0 <= SHIPPED.align(label, lower) <= SHIPPED.align(label, upper) <= 1

    @pytest.mark.parametrize("label", ABUSE_SCORES)
    def test_ours_run_lower_where_people_set_thresholds(self, label):
        least = 0.42 if label == "toxicity" else 0.45  # toxicity is nearest
        assert SHIPPED.align(label, 0.3) > least
