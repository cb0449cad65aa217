"""Reports hide a comment only by weight: until a person has looked, who brings it back or removes it."""

import pytest
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.desks import MODERATORS, held_at
from belowline.moderation.errors import ReportError
from belowline.moderation.figures import count_figures
from belowline.moderation.models import Decision, Report
from belowline.moderation.queries import expected_wait
from belowline.moderation.report_models import ReportTally
from belowline.moderation.reports import reported_comments
from belowline.moderation.statements.restrictions import restrictions


def status():
    return Comment.objects.order_by("pk").values_list("status", flat=True)[0]


def states(comment):
    return sorted(comment.reports.values_list("state", flat=True))


@pytest.fixture
def hidden(published, report, reporter):
    """A comment that three reporters have hidden whose reports were right."""
    for _ in range(3):
        report(published, by=reporter(right=5))
    published.refresh_from_db()
    return published


def test_a_hundred_reports_by_fresh_accounts_hide_nothing(published, report, account):
    for number in range(100):
        report(published, by=account(f"Fresh {number}"))

    assert (status(), published.decisions.count()) == ("published", 1)
    assert ReportTally.objects.get().weight == pytest.approx(1.0)
    assert [comment.pk for comment in reported_comments()] == [published.pk], "a person looks all the same"


def test_three_by_accurate_reporters_do(hidden, story, reader):
    assert hidden.status == "held"
    story.refresh_from_db()
    assert story.comment_count == 0
    before, decision = hidden.decisions.order_by("id")
    assert (decision.outcome, decision.maker, decision.source) == ("hold", "engine", "report")
    assert [reason["rule"] for reason in decision.reasons] == ["reported"]
    assert (decision.scores, decision.model, decision.language) == (before.scores, before.model, before.language)
    event = Event.objects.filter(tag="comment:held").latest("id")
    assert (event.subject_id, event.actor_id, event.data) == (
        hidden.pk,
        None,
        {"decision": decision.pk, "rules": ["reported"]},
    )


@pytest.mark.parametrize(
    ("records", "fresh"),
    [
        ([(5, 0), (5, 0)], 50),
        ([(50, 0), (50, 0)], 0),
        ([(5, 1), (5, 1), (5, 1)], 0),
        ([(5, 0), (5, 0), (3, 3), (0, 9)], 0),
        ([(4, 0)] * 9, 0),
    ],
    ids=["two and many fresh ones", "two of the best", "three often right", "two and two worse", "nine nearly proven"],
)
def test_what_is_not_enough(published, report, reporter, account, records, fresh):  # noqa: PLR0917
    for right, wrong in records:
        report(published, by=reporter(right=right, wrong=wrong))
    for number in range(fresh):
        report(published, by=account(f"Fresh {number}"))

    assert status() == "published"


def test_reports_as_off_topic_hide_nothing(published, report, reporter):
    for _ in range(5):
        report(published, by=reporter(right=20), category="off_topic")

    assert status() == "published"


def test_it_is_at_the_desk_at_once_and_first(hidden, post, report, account):
    other = post("Another remark on the bridge.").comment
    for number in range(9):
        report(other, by=account(f"Fresh {number}"))

    assert [(row.pk, bool(row.is_hidden)) for row in reported_comments()] == [(hidden.pk, True), (other.pk, False)]
    assert list(held_at(MODERATORS)) == [hidden]


@pytest.mark.parametrize("way", ["the reports", "the held ones"])
def test_kept_it_comes_back_and_the_reports_are_answered(hidden, moderator, decide, way):
    if way == "the reports":
        answered = decide_reports(comment=hidden, moderator=moderator, accept=False)
        assert {one.state for one in answered} == {"declined"}
    else:
        decide(hidden)

    assert (status(), states(hidden)) == ("published", ["declined"] * 3)
    newest = hidden.decisions.latest("id")
    assert (newest.outcome, newest.maker, newest.source) == ("publish", "person", "report")
    assert not reported_comments().exists()


def test_what_was_kept_is_not_hidden_again(hidden, moderator, report, reporter):
    decide_reports(comment=hidden, moderator=moderator, accept=False)
    for _ in range(5):
        report(hidden, by=reporter(right=20))

    assert status() == "published"
    assert ReportTally.objects.get().is_waiting, "but it is looked at again"


def test_but_another_text_may_be(hidden, moderator, report, reporter, reader):
    decide_reports(comment=hidden, moderator=moderator, accept=False)
    hidden.refresh_from_db()
    Decision.objects.filter(maker="person").delete()  # else nobody edits what a person has decided about
    edit_comment(comment=hidden, author=reader, text_source="Another remark on the bridge.")
    for _ in range(3):
        report(hidden, by=reporter(right=20))

    assert status() == "held"


def test_removed_it_had_been_published(hidden, moderator):
    decide_reports(comment=hidden, moderator=moderator, accept=True, rule="links")

    assert (status(), states(hidden)) == ("removed", ["accepted"] * 3)
    assert hidden.decisions.latest("id").source == "report"


def test_rejected_from_among_the_held_ones(hidden, decide):
    decide(hidden, "reject", rule="links")

    assert (status(), states(hidden)) == ("rejected", ["accepted"] * 3)


@pytest.mark.parametrize("accept", [True, False])
def test_taken_back_it_is_hidden_again_and_the_reports_wait(hidden, moderator, accept):
    decide_reports(comment=hidden, moderator=moderator, accept=accept, rule="links" if accept else "")
    undo_decision(decision=hidden.decisions.latest("id"), moderator=moderator)

    assert (status(), states(hidden)) == ("held", ["open"] * 3)
    assert [row.pk for row in reported_comments()] == [hidden.pk]
    decide_reports(comment=hidden, moderator=moderator, accept=False)
    assert (status(), states(hidden)) == ("published", ["declined"] * 3)


def test_taking_back_leaves_what_was_answered_before(hidden, moderator, other_reader):
    Report.objects.create(
        comment=hidden,
        reporter=other_reader,
        category="abuse",
        state="declined",
        decided_by=moderator,
        decided_at=timezone.now(),
    )
    decide_reports(comment=hidden, moderator=moderator, accept=False)
    undo_decision(decision=hidden.decisions.latest("id"), moderator=moderator)

    assert states(hidden) == ["declined", "open", "open", "open"]


def test_somebody_was_faster(hidden, moderator, other_moderator):
    seen = hidden.decisions.latest("id").pk
    decide_reports(comment=hidden, moderator=other_moderator, accept=False)

    with pytest.raises(ReportError, match="Somebody has answered"):
        decide_reports(comment=hidden, moderator=moderator, accept=True, rule="links", last_seen=seen)
    assert status() == "published"


def test_a_held_comment_that_was_never_hidden_has_no_reports_to_answer(held, moderator, other_reader):
    Report.objects.create(comment=held, reporter=other_reader, category="abuse")

    with pytest.raises(ReportError, match="Somebody has answered"):
        decide_reports(comment=held, moderator=moderator, accept=False)


def test_a_newsroom_can_do_without(published, report, reporter, settings):
    settings.REPORTS_HIDE = False
    for _ in range(5):
        report(published, by=reporter(right=20))

    assert status() == "published"


def test_hiding_is_no_restriction_and_nobody_waited_for_days(hidden, site, moderator):
    for _ in range(6):
        decide_reports(comment=hidden, moderator=moderator, accept=False)
        undo_decision(decision=hidden.decisions.latest("id"), moderator=moderator)

    assert list(restrictions(site)) == []
    assert expected_wait(site) is None
    assert count_figures(site, timezone.now()).decided == 0
