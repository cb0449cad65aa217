"""Figures of the on-topic judgement: a signal that sees the subject is told from one that does not."""

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_paper import tiny_rows, tiny_signal

from belowline.engine.policy import load_policy
from belowline.lab.audit_files import FileError
from belowline.lab.topic_evaluate import Choices, evaluate, risk_curve, threshold
from belowline.lab.topic_report import TopicReport

QUICK = Choices(resamples=10)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    path = tmp_path_factory.mktemp("rows") / "rows.jsonl"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, tiny_rows())))
    return evaluate(tiny_signal(), [path], QUICK)


@pytest.fixture
def found(report):
    return report.files[0]


def level(found, name):
    return next(one for one in found.levels if one.level == name)


def test_the_head(report):
    assert (report.model, report.threshold, report.sample, report.seed) == ("tiny-1", threshold(), None, 0)
    assert msgspec.json.decode(msgspec.json.encode(report), type=TopicReport) == report


def test_the_threshold_is_the_policy_s():
    assert threshold() == load_policy().rules["off_topic"].hold


def test_the_file(found):
    assert (found.file, found.comments, found.stories, found.unchecked) == ("rows.jsonl", 50, 10, {})
    assert {one.level for one in found.levels} | found.missing.keys() | {"N4"} == {
        "N0", "N1", "N2", "N3", "N4", "nearest", "N5", "R0", "R1", "R2",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["N0", "N1", "N2", "nearest"])
def test_a_signal_that_sees_the_subject_is_nearly_always_right(found, name):
    one = level(found, name)
    assert one.auroc.value > 0.85
    assert one.mean_own < one.mean_other
    assert one.auroc.low <= one.auroc.value <= one.auroc.high
    assert one.baselines.keys() == {"TF-IDF", "nearest passage"}
    assert one.baselines["TF-IDF"].auroc.value > 0.95


def test_the_comment_alone_tells_nothing(found):
    assert found.leak.value == pytest.approx(0.5, abs=0.02)
    assert found.ablation[0].known == "comment alone"


def test_each_part_of_a_story_is_tried(found):
    assert [one.known for one in found.ablation] == ["comment alone", "title", "+ abstract", "+ body", "+ parent"]
    assert found.ablation[1].auroc.value > 0.9


def test_the_same_event_is_no_error(found):
    assert found.same_event.comments == 50
    assert 0 <= found.same_event.own.value <= found.same_event.held.value <= 1


def test_the_thread_speaks_for_an_answer(found):
    assert level(found, "R0").mean_own <= level(found, "R2").mean_own
    assert level(found, "R0").comments == level(found, "R2").comments == 20


def test_slices(found):
    one = level(found, "N0")
    assert [part.name for part in one.by_depth] == ["first level", "depth 2"]
    assert [part.comments for part in one.by_depth] == [30, 20]
    assert [part.name for part in one.by_length] == ["8 to 20"]
    assert {part.name for part in one.by_section} == {"Town", "State"}


def test_means_in_order(found):
    assert [*found.means][-1] == "matched"
    assert found.in_order == (list(found.means.values()) == sorted(found.means.values(), reverse=True))


def test_the_same_again(report, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, tiny_rows())))
    assert evaluate(tiny_signal(), [path], QUICK) == report


def test_headlines_alone(write):
    rows = tiny_rows(section="", published_at=None, tags=[], abstract="", body="", parent=None)
    (found,) = evaluate(tiny_signal(), [write("rows.jsonl", rows)], QUICK).files
    assert [one.level for one in found.levels] == ["N0", "nearest", "N5"]
    assert [one.known for one in found.ablation] == ["comment alone", "title"]
    assert found.levels[0].by_section == []


def test_unchecked_pairs_are_left_out_and_counted(write):
    rows = tiny_rows()
    german = "Die Brücke war ein Fehler, und das weiß hier im Lande seit vielen Jahren wirklich jeder Mensch."
    (found,) = evaluate(tiny_signal(), [write("rows.jsonl", [rows[0] | {"comment": german}, *rows[1:]])], QUICK).files
    assert level(found, "N0").comments == 49
    assert found.unchecked["language_unsupported"] >= 2


def test_too_few_comments_for_any_level(write):
    (found,) = evaluate(tiny_signal(), [write("rows.jsonl", tiny_rows())], Choices(sample=5, resamples=5)).files
    assert (found.levels, found.ablation, found.leak, found.means, found.risk) == ([], [], None, {}, [])
    assert len(found.missing) == 10


def test_a_file_that_cannot_be_used(write):
    with pytest.raises(FileError, match="fewer than two stories"):
        evaluate(tiny_signal(), [write("rows.jsonl", tiny_rows()[:5])], QUICK)


class TestRisk:
    def test_the_machine_decides_less_when_it_must_be_sure(self):
        truth = np.array([False, False, True, True])
        points = risk_curve(truth, np.array([0.1, 0.6, 0.4, 0.95]))
        first, last = points[0], points[-1]
        assert (first.human, first.risk) == (0.0, 0.5)
        assert (last.accepted, last.held, last.human, last.risk) == (0.0, 0.0, 1.0, 0.0)
        at_ninety = next(one for one in points if one.sure == 0.9)
        assert (at_ninety.accepted, at_ninety.held, at_ninety.risk) == (0.25, 0.25, 0.0)

    @given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40))
    def test_shares_add_up(self, rows):
        truth, scores = (np.array(column) for column in zip(*rows, strict=True))
        points = risk_curve(truth, scores)
        assert all(one.accepted + one.human + one.held == pytest.approx(1) for one in points)
        assert [one.human for one in points] == sorted(one.human for one in points)
