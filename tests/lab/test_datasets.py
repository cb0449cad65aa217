"""Data sets are read in order, with the labels that they give and no others."""

import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.lab.datasets import (
    LABELS,
    SOURCES,
    Row,
    folds,
    label_matrix,
    read_rows,
    read_source,
    read_terms,
)


def write_lines(path, records):
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


def record(number, **changes):
    return {
        "id": f"x:{number}",
        "text": f"text {number}",
        "parent": None,
        "labels": {"toxicity": 0.25},
        "source": "somebody/somewhere",
        "licence": "CC0",
        "extra": {"original_split": "train"},
    } | changes


def row(number=0, source="made", extra=None, **labels):
    return Row(id=f"{source}:{number}", text="words", labels=labels, source=source, extra=extra or {})


class TestReading:
    def test_rows_come_in_the_order_of_the_file(self, tmp_path):
        write_lines(tmp_path / "a.jsonl.gz", [record(number) for number in (3, 1, 2)])
        assert [found.id for found in read_rows(tmp_path / "a.jsonl.gz")] == ["x:3", "x:1", "x:2"]

    def test_text_labels_and_extra_are_kept(self, tmp_path):
        write_lines(tmp_path / "a.jsonl.gz", [record(1, text="Grüße 🐷\nnext", labels={"spam": 1, "threat": 0.5})])
        (found,) = read_rows(tmp_path / "a.jsonl.gz")
        assert found.text == "Grüße 🐷\nnext"
        assert found.labels == {"spam": 1.0, "threat": 0.5}
        assert found.extra == {"original_split": "train"}

    def test_records_without_extra_are_read(self, tmp_path):
        lean = record(1)
        del lean["extra"]
        write_lines(tmp_path / "a.jsonl.gz", [lean])
        assert read_rows(tmp_path / "a.jsonl.gz")[0].extra == {}

    def test_the_source_is_named_by_its_file(self, tmp_path):
        write_lines(tmp_path / "train/spam/sms_spam.jsonl.gz", [record(1)])
        assert read_source(tmp_path, "sms_spam")[0].source == "sms_spam"
        assert read_rows(tmp_path / "train/spam/sms_spam.jsonl.gz")[0].source == "somebody/somewhere"

    def test_an_unknown_source_is_refused(self, tmp_path):
        with pytest.raises(KeyError):
            read_source(tmp_path, "nothing")

    def test_a_missing_file_is_refused(self, tmp_path):
        with pytest.raises(OSError, match="civil_spans"):
            read_source(tmp_path, "civil_spans")

    def test_terms(self, tmp_path):
        write_lines(
            tmp_path / "lexicons/surge.jsonl.gz",
            [{"term": "b*d", "severity": 1, "category": "mild", "extra": {"canonical": ["bad"]}}, {"term": "worse"}],
        )
        one, two = read_terms(tmp_path, "surge")
        assert (one.term, one.category, one.extra) == ("b*d", "mild", {"canonical": ["bad"]})
        assert (two.term, two.category, two.extra) == ("worse", "", {})

    def test_no_source_is_red(self):
        assert {source.colour for source in SOURCES.values()} <= {"green", "amber"}

    def test_no_source_is_a_test_file(self):
        assert all(source.file.startswith("train/") for source in SOURCES.values())


class TestMasks:
    def test_absent_is_not_zero(self):
        targets, known = label_matrix([row(toxicity=0.0), row(threat=0.7)], ("toxicity", "threat"))
        np.testing.assert_array_equal(known, [[True, False], [False, True]])
        np.testing.assert_allclose(targets, [[0.0, 0.0], [0.0, 0.7]], rtol=1e-6)

    def test_labels_that_nobody_asked_for_are_left_out(self):
        targets, known = label_matrix([row(humour=1.0)])
        assert targets.shape == known.shape == (1, len(LABELS))
        assert not known.any()

    def test_no_rows(self):
        targets, known = label_matrix([])
        assert targets.shape == known.shape == (0, len(LABELS))

    @given(st.dictionaries(st.sampled_from(LABELS), st.floats(0, 1, width=32)))
    def test_every_label_finds_its_column(self, labels):
        targets, known = label_matrix([row(**labels)])
        for column, label in enumerate(LABELS):
            assert known[0, column] == (label in labels)
            assert targets[0, column] == pytest.approx(labels.get(label, 0.0))


class TestGroups:
    @pytest.mark.parametrize(
        ("extra", "expected"),
        [
            ({}, "made:7"),
            ({"story_id": "war"}, "war"),
            ({"video": "psy"}, "psy"),
            ({"rev_id": 12}, "12"),
            ({"pair": "made:6"}, "made:6"),
            ({"pair": "made:8"}, "made:7"),
            ({"class": "hate"}, "made:7"),
        ],
    )
    def test_what_stays_together(self, extra, expected):
        assert row(7, extra=extra).group == expected

    def test_pairs_agree_on_their_group(self):
        one, two = row(1, extra={"pair": "made:2"}), row(2, extra={"pair": "made:1"})
        assert one.group == two.group

    @given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=1, max_size=30), st.integers(1, 7))
    def test_a_group_lies_in_one_fold(self, stories, number):
        rows = [row(place, extra={"story_id": story}) for place, story in enumerate(stories)]
        found = folds(rows, number)
        assert ((found >= 0) & (found < number)).all()
        for story in set(stories):
            assert len({fold for fold, name in zip(found.tolist(), stories, strict=True) if name == story}) == 1

    def test_the_seed_deals_anew_and_the_same_seed_the_same(self):
        rows = [row(place) for place in range(200)]
        np.testing.assert_array_equal(folds(rows, 5, seed=1), folds(rows, 5, seed=1))
        assert (folds(rows, 5, seed=1) != folds(rows, 5, seed=2)).any()

    def test_folds_are_of_like_size(self):
        sizes = np.bincount(folds([row(place) for place in range(5_000)], 5))
        assert sizes.min() > 900
