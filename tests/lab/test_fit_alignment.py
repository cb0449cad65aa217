"""Fitting the map: a known distortion is undone, seen texts are left out, and the same data give the same bytes."""

import csv
import gzip
import json

import numpy as np
import pytest
from tiny_words import save_words

from belowline.engine.models.alignment import Alignment
from belowline.engine.models.bundle import MANIFEST
from belowline.engine.models.hashed import HashedModel, Hasher
from belowline.engine.policy import ABUSE_SCORES
from belowline.lab import fit_alignment as fit
from belowline.lab.datasets import SOURCES
from belowline.lab.recipe import all_sources

TINY = Hasher(10, 10)
COMMENTS = 120


def sample(ours, theirs, population=fit.SET):
    number = len(ours)
    return fit.Sample(ours, theirs, np.arange(number) % fit.FOLDS, np.full(number, population))


@pytest.fixture
def scores():
    """Scores as they are in life: most of them low."""
    return np.random.default_rng(1).beta(0.3, 2.0, 4_000)


class TestCurve:
    @pytest.mark.parametrize(
        "distort", [lambda ours: ours, np.sqrt, lambda ours: ours**0.25, lambda ours: 1 - (1 - ours) ** 3]
    )
    def test_a_known_distortion_is_recovered(self, scores, distort):
        knots = fit.equate(scores, distort(scores))
        for ours, theirs in zip(knots.ours, knots.theirs, strict=True):
            assert theirs == pytest.approx(distort(ours), abs=0.02)

    def test_the_order_of_the_rows_does_not_matter(self, scores):
        assert fit.equate(scores, np.sqrt(scores)[::-1]) == fit.equate(scores, np.sqrt(scores))

    def test_shares_above_old_thresholds_stay_although_the_scores_hardly_agree(self, scores):
        theirs = np.random.default_rng(2).beta(0.5, 1.5, len(scores)).round(2)
        aligned = fit.align(fit.equate(scores, theirs), scores)
        assert abs(np.corrcoef(scores, theirs)[0, 1]) < 0.1
        for level in fit.THRESHOLDS:
            assert (aligned >= level).mean() == pytest.approx((theirs >= level).mean(), abs=0.005)

    def test_knots_increase_and_are_rounded(self, scores):
        knots = fit.equate(scores.round(2), (scores**0.5).round(2))
        for side in (knots.ours, knots.theirs):
            assert list(side) == sorted(set(side))
            assert all(round(value, fit.DECIMALS) == value for value in side)

    def test_no_knot_stands_on_a_few_comments(self):
        ours = np.linspace(0, 0.9, 200)
        theirs = np.where(np.arange(200) < 197, ours / 2, 0.99)
        assert max(fit.equate(ours, theirs).theirs[:-1]) == 0.4

    @pytest.mark.parametrize("constant", [0.0, 0.5, 1.0])
    def test_where_all_are_the_same_the_ends_remain(self, constant):
        level = np.full(50, constant)
        knots = fit.equate(level, level)
        assert (knots.ours[0], knots.ours[-1]) == (0.0, 1.0)
        assert len(knots.ours) == len(knots.theirs)

    @pytest.mark.parametrize(("level", "share"), [(0.05, 1.0), (0.1, 0.75), (0.2, 0.375), (0.5, 0.25), (0.9, 0.0)])
    def test_equal_scores_count_half(self, level, share):
        assert fit.share_above(np.array([0.1, 0.1, 0.2, 0.7]), level) == pytest.approx(share)


class TestFigures:
    def test_a_fold_is_aligned_by_the_others(self, scores, monkeypatch):
        taught = []
        equate = fit.equate
        monkeypatch.setattr(fit, "equate", lambda ours, theirs: (taught.append(ours), equate(ours, theirs))[1])
        found = sample(scores, scores)
        fit.align_held_out(found)
        for number, ours in enumerate(taught):
            assert not np.isin(scores[found.fold == number], ours).any()

    def test_the_other_population_can_be_kept_out(self, scores):
        here, there = sample(scores, scores), sample(scores, np.sqrt(scores), fit.TALK)
        both = fit.Sample(*(np.concatenate(pair) for pair in zip(here, there, strict=True)))
        aligned = fit.align_held_out(both, (fit.SET,))
        assert np.abs(aligned - both.ours).max() < 0.1

    def test_the_map_helps_and_leaves_the_ranks(self, scores):
        (found,) = fit.evaluate({"toxicity": sample(scores, np.sqrt(scores))}, resamples=20)
        assert found.rank.value == pytest.approx(1.0)
        assert found.absolute[1] < 0.05 < found.absolute[0]
        assert found.squared[1] < 0.05 < found.squared[0]
        assert found.kappa[1] > 0.9 > found.kappa[0]
        for at in found.shares:
            assert at.plain < at.theirs
            assert at.aligned == pytest.approx(at.theirs, abs=0.01)

    def test_the_interval_holds_the_value_and_repeats(self, scores):
        noisy = scores + np.random.default_rng(3).normal(0, 0.2, len(scores))
        one, two = (fit.rank_correlation(scores, noisy, resamples=50, seed=4) for _ in range(2))
        assert one == two
        assert one.low < one.value < one.high

    def test_without_resamples_there_is_no_interval(self, scores):
        found = fit.rank_correlation(scores, np.ones(len(scores)), resamples=0, seed=0)
        assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)

    @pytest.mark.parametrize(
        ("first", "second", "kappa"),
        [([1, 1, 0, 0], [1, 1, 0, 0], 1), ([1, 1, 0, 0], [1, 0, 1, 0], 0), ([1, 0], [0, 1], -1), ([0, 0], [0, 0], 1)],
        ids=["always", "by chance", "never", "nothing to tell"],
    )
    def test_kappa(self, first, second, kappa):
        assert fit.cohens_kappa(np.array(first, dtype=bool), np.array(second, dtype=bool)) == pytest.approx(kappa)


@pytest.mark.parametrize(
    "copy",
    ["You NITWIT!!", "you&nbsp;nitwit", "  you… nitwit\n", "＂you＂ nitwit"],
    ids=["case", "html", "space", "nfkc"],
)
def test_copies_of_a_text_are_recognised(copy):
    assert fit.plain_form(copy) == fit.plain_form("you nitwit")


def write_rows(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def comment(number):
    """An invented comment that is the ruder the higher its number."""
    return " ".join(["nitwit"] * (number * 10 // COMMENTS) + [f"word{number}", "council"] + ["budget"] * (number % 3))


@pytest.fixture
def data(tmp_path):
    """A data folder with invented files; the first two texts of the alignment set were learned from."""
    for name in all_sources(fit.COLOURS):
        write_rows(tmp_path / f"{SOURCES[name].file}.jsonl.gz", [{"id": name, "text": "a fine day", "labels": {}}])
    seen = [{"id": str(number), "text": comment(number).upper() + "!", "labels": {}} for number in range(2)]
    write_rows(tmp_path / "train/abuse/jigsaw_wikipedia.jsonl.gz", seen)
    talk = [
        {"id": str(number), "text": f"talk {comment(number)}", "labels": {}, "extra": {fit.TALK_KEY: number / COMMENTS}}
        for number in range(0, COMMENTS, 2)
    ]
    write_rows(tmp_path / "train/abuse/wikiconv_cat.jsonl.gz", [*talk, {"id": "x", "text": "unrated", "labels": {}}])
    path = tmp_path / fit.FILE
    path.parent.mkdir()
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(["id", "comment_text", *fit.ATTRIBUTES.values()])
        for number in range(COMMENTS):
            lines.writerow([number, comment(number), *[round(number / COMMENTS, 2)] * len(fit.ATTRIBUTES)])
    return tmp_path


@pytest.fixture
def arguments(data):
    table = np.zeros((TINY.size, len(ABUSE_SCORES)), dtype=np.int16)
    table[np.unique(TINY.features("nitwit").row)] = 10
    model = HashedModel(ABUSE_SCORES, TINY, table, np.full(8, 0.1), np.full(8, -2.0), power=0.4, blend=0.6)
    save_words(model, data / "model")
    return ["--data", str(data), "--model", str(data / "model"), "--resamples", "5"]


class TestReading:
    def test_texts_that_the_model_learned_from_are_left_out(self, data):
        assert [row.id for row in fit.read_unseen(data)] == [str(number) for number in range(2, COMMENTS)]

    def test_talk_without_a_score_is_left_out(self, data):
        rows = fit.read_talk(data)
        assert len(rows) == COMMENTS // 2
        assert all(row.extra["toxicity"] == row.extra[fit.TALK_KEY] for row in rows)

    def test_every_score_has_an_attribute(self):
        assert sorted(fit.ATTRIBUTES) == sorted(ABUSE_SCORES)


class TestCommand:
    def test_it_writes_a_bundle_that_loads(self, arguments, tmp_path, capsys):
        fit.main([*arguments, "--out", str(tmp_path / "out")])
        alignment = Alignment.load(tmp_path / "out")
        assert alignment.labels == ABUSE_SCORES
        assert alignment.model in capsys.readouterr().out
        assert alignment.align("toxicity", 0.0) == 0.0

    def test_the_same_data_give_the_same_bytes(self, arguments, tmp_path):
        for name in ("one", "two"):
            fit.main([*arguments, "--out", str(tmp_path / name)])
        assert (tmp_path / "one" / MANIFEST).read_bytes() == (tmp_path / "two" / MANIFEST).read_bytes()

    @pytest.mark.parametrize("more", [[], ["--only", fit.SET]], ids=["both", "one population"])
    def test_evaluate_prints_a_row_for_each_attribute_and_writes_nothing(
        self, arguments, more, tmp_path, capsys, monkeypatch
    ):
        monkeypatch.setenv("COLUMNS", "250")
        fit.main([*arguments, *more, "--evaluate", "--out", str(tmp_path / "out")])
        lines = capsys.readouterr().out.splitlines()
        assert not (tmp_path / "out").exists()
        for label in ABUSE_SCORES:
            rows = [line for line in lines if f" {label} " in line]
            assert len(rows) == (4 if label == "toxicity" else 2)
        assert sum(str(COMMENTS - 2) in line for line in lines) == len(ABUSE_SCORES)

    def test_the_shipped_map_is_not_fitted_on_one_population(self, arguments, capsys):
        with pytest.raises(SystemExit):
            fit.main([*arguments, "--only", fit.TALK])
        assert "--only goes with --evaluate" in capsys.readouterr().err
