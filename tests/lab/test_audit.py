"""Audits of ten sentences and seven cases, against figures worked out by hand."""

import msgspec
import pytest

from belowline import __version__
from belowline.lab.audit import Choices, Report, audit
from belowline.lab.audit_files import FileError
from belowline.lab.distinct import UnscoredError


@pytest.fixture
def templates(signal, write, template_rows):
    (found,) = audit(signal, [write("made.jsonl.gz", template_rows)], Choices()).files
    return found


@pytest.fixture
def suite(signal, write, suite_rows):
    (found,) = audit(signal, [write("made.csv", suite_rows)], Choices()).files
    return found


class TestTemplates:
    def test_counts(self, templates):
        assert (templates.file, templates.rows_in_file, templates.rows, templates.texts) == (
            "made.jsonl.gz",
            10,
            10,
            10,
        )
        assert templates.templates == {"t1": 8, "t2": 2}
        assert [(one.identity, one.rows, one.toxic) for one in templates.identities] == [
            ("frisian", 4, 2),
            ("sorb", 2, 1),
        ]

    def test_three_aucs(self, templates):
        frisian, sorb = (one.aucs for one in templates.identities)
        assert frisian.subgroup_auc == pytest.approx(3 / 4)
        assert frisian.bpsn_auc == 1.0
        assert frisian.bnsp_auc == pytest.approx(4 / 6)  # .8 beats .5, .45 and .01; .4 beats .01 alone
        assert (sorb.subgroup_auc, sorb.bpsn_auc, sorb.bnsp_auc) == (1.0, 1.0, 1.0)

    def test_means_and_worst(self, templates):
        assert templates.means.bnsp_auc == pytest.approx(((1.5**5 + 1) / 2) ** -0.2)
        assert templates.means.bpsn_auc == pytest.approx(1.0)
        assert (templates.worst.identity, templates.worst.measure) == ("frisian", "bnsp_auc")
        assert templates.worst.value == pytest.approx(4 / 6)

    def test_the_area_over_all_rows_and_by_template(self, templates):
        assert templates.auroc == pytest.approx(22 / 25)
        # Each template weighs 1, so the rows of t1 weigh 1/8 and those of t2 1/2; .4 loses to all but .2 and .01.
        assert templates.auroc_by_template == pytest.approx(3 / 8 + 1 / 8 * 5 / 8 + 1 / 2)

    def test_rates(self, templates):
        frisian, sorb = templates.identities
        assert (templates.false_positives.hits, templates.false_positives.cases) == (2, 5)  # .5 reaches the threshold
        assert (frisian.false_positives.share.value, sorb.false_positives.share.value) == (0.5, 0.0)
        assert templates.false_negatives.share.value == pytest.approx(0.2)
        assert (frisian.false_negatives.share.value, sorb.false_negatives.share.value) == (0.5, 0.0)

    def test_equality_differences(self, templates):
        assert templates.fped == pytest.approx(abs(0.5 - 0.4) + abs(0 - 0.4))
        assert templates.fned == pytest.approx(abs(0.5 - 0.2) + abs(0 - 0.2))

    def test_what_cannot_be_computed_is_null(self, signal, write, template_rows):
        (found,) = audit(signal, [write("made.jsonl", template_rows[:-1])], Choices()).files
        sorb = found.identities[1]
        assert (sorb.aucs.subgroup_auc, sorb.aucs.bpsn_auc, sorb.false_positives) == (None, None, None)
        assert sorb.aucs.bnsp_auc == 1.0
        assert found.means.subgroup_auc == pytest.approx(3 / 4)

    def test_identities_alone_without_a_background(self, signal, write, template_rows):
        (found,) = audit(signal, [write("made.jsonl", template_rows[:4])], Choices()).files
        (frisian,) = found.identities
        assert (frisian.aucs.bpsn_auc, found.means.bpsn_auc) == (None, None)
        assert found.fped == found.fned == 0.0


class TestSuites:
    def test_functionalities_come_in_the_order_of_the_file(self, suite):
        assert [
            (one.functionality, one.expected, one.right.hits, one.right.cases) for one in suite.functionalities
        ] == [
            ("derog_h", "hateful", 2, 3),
            ("neutral_nh", "non-hateful", 2, 3),
            ("object_nh", "non-hateful", 0, 1),
        ]

    def test_totals(self, suite):
        assert (suite.right.hits, suite.right.cases) == (4, 7)
        assert (suite.hateful.hits, suite.hateful.cases) == (2, 3)
        assert (suite.non_hateful.hits, suite.non_hateful.cases) == (2, 4)
        assert suite.right.share.low < 4 / 7 < suite.right.share.high

    def test_groups(self, suite):
        found = [
            (one.target, one.right.hits, one.right.cases, one.false_positives.hits, one.false_positives.cases)
            for one in suite.targets
        ]
        assert found == [("Sorbs", 2, 3, 0, 1), ("women", 2, 3, 1, 2)]

    @pytest.mark.parametrize(
        ("choices", "hits"),
        [
            (Choices(names=("toxicity",)), (1, 3)),
            (Choices(names=("identity_attack",)), (1, 3)),
            (Choices(threshold=0.0), (3, 0)),
            (Choices(threshold=1.0), (0, 4)),
        ],
    )
    def test_scores_and_threshold_are_chosen(self, signal, write, suite_rows, choices, hits):
        (found,) = audit(signal, [write("made.csv", suite_rows)], choices).files
        assert (found.hateful.hits, found.non_hateful.hits) == hits
        assert found.scores == choices.names

    def test_both_answers_in_one_functionality(self, signal, write):
        rows = [("mixed", "0.9 a", "hateful", ""), ("mixed", "0.1 b", "non-hateful", "")]
        (found,) = audit(signal, [write("made.csv", rows)], Choices()).files
        assert (found.functionalities[0].expected, found.targets) == ("both", [])

    def test_hateful_cases_alone(self, signal, write, suite_rows):
        (found,) = audit(signal, [write("made.csv", suite_rows[:3])], Choices()).files
        assert found.non_hateful is None
        assert [one.false_positives for one in found.targets] == [None, None]


class TestReport:
    def test_each_distinct_text_is_scored_once(self, signal, write, suite_rows):
        paths = [write("one.csv", suite_rows * 3), write("two.csv", suite_rows)]
        report = audit(signal, paths, Choices())
        assert sorted(signal.asked) == sorted(row[1] for row in suite_rows)
        assert [(found.rows, found.texts) for found in report.files] == [(21, 7), (7, 7)]

    def test_it_names_model_release_and_choices(self, signal, write, suite_rows):
        report = audit(signal, [write("made.csv", suite_rows)], Choices(sample=5, seed=4, threshold=0.6))
        assert (report.model, report.belowline) == ("read-out-1", __version__)
        assert (report.threshold, report.sample, report.seed) == (0.6, 5, 4)
        assert (report.files[0].rows, report.files[0].rows_in_file) == (5, 7)

    def test_it_can_be_read_back(self, signal, write, suite_rows, template_rows):
        report = audit(signal, [write("a.csv", suite_rows), write("b.jsonl", template_rows)], Choices())
        assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report

    def test_the_work_can_be_watched(self, signal, write, suite_rows):
        seen = []
        audit(signal, [write("made.csv", suite_rows)], Choices(), lambda texts: seen.extend(texts) or texts)
        assert seen == [row[1] for row in suite_rows]

    def test_a_sample_with_one_answer_is_refused(self, signal, write, template_rows):
        with pytest.raises(FileError, match="a sample of 1 has one answer only; draw more rows with --sample"):
            audit(signal, [write("made.jsonl", template_rows)], Choices(sample=1))

    def test_a_text_without_a_score_is_refused(self, signal, write):
        path = write("made.csv", [("f", "unread words", "hateful", "")])
        with pytest.raises(UnscoredError, match=r"no score for toxicity \(error\) of “unread words”; take the row out"):
            audit(signal, [path], Choices())
