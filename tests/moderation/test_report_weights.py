"""What reports weigh together, when a comment comes back that was kept, and what hides nothing."""

import pytest

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.moderation.report_models import ReportTally
from belowline.moderation.report_weights import needed_weight, tally_reports, times_kept, weigh
from belowline.moderation.reporters import ReporterRecord
from belowline.moderation.reports import comments_to_look_at, quiet_comments

FRESH, GOOD, BAD = ReporterRecord(), ReporterRecord(18, 0), ReporterRecord(1, 9)
MUTED = ReporterRecord(9, 0, is_muted=True)


@pytest.mark.parametrize(
    ("records", "weight", "proven", "count"),
    [
        ([], 0, 0, 0),
        ([FRESH], 0.2, 0, 0),
        ([FRESH] * 5, 1.0, 0, 0),
        ([FRESH] * 100, 1.0, 0, 0),
        ([GOOD], 9 / 11, 9 / 11, 1),
        ([GOOD] * 3, 27 / 11, 27 / 11, 3),
        ([GOOD, FRESH], 9 / 11 + 0.2, 9 / 11, 1),
        ([BAD] * 20, 0, 0, 0),
        ([MUTED] * 20, 0, 0, 0),
        ([GOOD, BAD, MUTED], 9 / 11, 9 / 11, 1),
    ],
)
def test_weighing(records, weight, proven, count):
    reports = [(place, "abuse") for place in range(len(records))]

    assert weigh(reports, dict(enumerate(records))) == pytest.approx((weight, proven, count))


def test_off_topic_weighs_nothing():
    assert weigh([(1, "off_topic"), (2, "off_topic")], {1: GOOD, 2: GOOD}) == (0, 0, 0)


@pytest.mark.parametrize(
    ("proven", "count", "hides"),
    [(1.5, 3, True), (5 / 9 * 3, 3, True), (1.49, 3, False), (1.9, 2, False), (1.2, 3, False), (0.0, 0, False)],
)
def test_what_hides(proven, count, hides):
    assert ReportTally(proven=proven, proven_count=count).hides is hides


@pytest.mark.parametrize(("kept", "needed"), [(0, 0.0), (1, 1.0), (2, 2.0), (3, 4.0), (6, 32.0)])
def test_each_time_it_takes_twice_as_much(kept, needed):
    assert needed_weight(kept) == needed


def tally():
    return ReportTally.objects.get()


@pytest.mark.parametrize("category", ["abuse", "off_topic", "legal"])
def test_the_first_report_comes_to_the_desk_at_once(report, published, category):
    made = report(category=category)

    found = tally()
    assert (found.open_count, found.kept_count, found.needed, found.is_waiting) == (1, 0, 0.0, True)
    assert found.is_grave is (category != "off_topic")
    assert found.waits_since == made.created_at
    assert list(comments_to_look_at()) == [published]
    assert str(found) == f"reports about comment {published.pk}"


@pytest.fixture
def kept(published, report, moderator):
    """A comment that a moderator kept against a report."""
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)
    assert not ReportTally.objects.exists()
    return published


def test_what_was_kept_comes_back_when_the_new_reports_weigh_enough(kept, report, account):
    for number in range(4):
        report(kept, by=account(f"Newcomer {number}"))
        assert (tally().is_waiting, list(comments_to_look_at())) == (False, [])
    assert list(quiet_comments()) == [kept]

    report(kept, by=account("Newcomer 4"))
    assert tally().weight == pytest.approx(1.0)
    assert list(comments_to_look_at()) == [kept]
    assert not quiet_comments().exists()


def test_two_with_a_record_are_enough(kept, report, reporter):
    report(kept, by=reporter(right=10))
    assert not tally().is_waiting
    report(kept, by=reporter(right=10))
    assert tally().is_waiting


def test_what_was_kept_twice_no_newcomers_bring_back(kept, report, account, moderator, reporter):
    for number in range(5):
        report(kept, by=account(f"Newcomer {number}"))
    decide_reports(comment=kept, moderator=moderator, accept=False)
    assert times_kept(kept) == 2

    for number in range(5, 40):
        report(kept, by=account(f"Newcomer {number}"))
    assert (tally().needed, tally().is_waiting, tally().open_count) == (2.0, False, 35)
    for _ in range(2):
        report(kept, by=reporter(right=10))
    assert tally().is_waiting


def test_a_legal_matter_always_comes_back(kept, report, account):
    report(kept, by=account("Newcomer"), category="legal")

    assert tally().is_waiting


def test_off_topic_never_comes_back(kept, report, reporter):
    for _ in range(6):
        report(kept, by=reporter(right=20), category="off_topic")

    assert (tally().weight, tally().is_waiting) == (0.0, False)


def test_what_a_moderator_published_counts_as_looked_at(held, decide, report):
    decide(held)
    held.refresh_from_db()
    report(held)

    assert (tally().kept_count, tally().is_waiting) == (1, False)


def test_another_text_has_not_been_looked_at(kept, report, reader):
    report(kept, by=reader.__class__.objects.create_user(email="n@reader.example", display_name="Newcomer"))
    assert not tally().is_waiting
    edit_comment(comment=kept, author=reader, text_source="Another remark on the bridge.")

    assert (tally().kept_count, tally().is_waiting) == (0, True)


def test_reports_that_wait_again_were_never_answered(kept, moderator):
    reopen_reports(comment=kept, moderator=moderator)

    assert (tally().kept_count, tally().is_waiting) == (0, True)


def test_what_was_taken_back_counts_as_never_done(moderator, held, decide):
    decision = decide(held)
    undo_decision(decision=decision, moderator=moderator)
    assert times_kept(held) == 0


def test_putting_back_what_was_removed_is_no_second_look(published, moderator):
    decision = remove_comment(comment=published, moderator=moderator, rule="links")
    undo_decision(decision=decision, moderator=moderator)

    assert times_kept(published) == 0


def test_answers_by_the_machine_keep_nothing(published, report):
    report()
    published.reports.update(state="declined", decided_by=None)

    assert times_kept(published) == 0


def test_removing_answers_everything(published, report, moderator):
    report()
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert not ReportTally.objects.exists()


def test_what_its_author_deleted_is_nowhere(published, report, reader):
    report()
    delete_comment(comment=published, by=reader)

    assert not comments_to_look_at().exists()
    assert not quiet_comments().exists()


def test_weighing_again_changes_nothing(published, report):
    report()
    before = ReportTally.objects.values().get()
    tally_reports(published)

    assert ReportTally.objects.values().get() == before


def test_what_waits_is_read_in_few_queries(published, report, django_assert_max_num_queries):
    report()
    with django_assert_max_num_queries(9):
        tally_reports(published)
    assert Decision.objects.count() == 1
