"""What was answered is taken back: the reports wait again."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Decision, Report
from belowline.moderation.reports import reported_comments


def test_a_kept_comment_waits_again(report, published, moderator):
    made = report()
    decide_reports(comment=published, moderator=moderator, accept=False)
    [reopened] = reopen_reports(comment=published, moderator=moderator)

    assert (reopened.state, reopened.decided_by, reopened.decided_at) == ("open", None, None)
    assert [comment.pk for comment in reported_comments()] == [published.pk]
    event = Event.objects.get(tag="report:reopened")
    assert (event.subject_id, event.actor_id) == (made.pk, moderator.pk)


def test_undoing_the_removal_lets_them_wait_again(report, published, moderator):
    report()
    decide_reports(comment=published, moderator=moderator, accept=True, rule="links")
    undo_decision(decision=Decision.objects.latest("pk"), moderator=moderator)

    assert Comment.objects.get().status == "published"
    assert Report.objects.get().state == "open"
    assert Event.objects.filter(tag="report:reopened").count() == 1


def test_undoing_something_else_answers_nothing(report, published, held, decide, moderator):
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)
    undo_decision(decision=decide(held), moderator=moderator)

    assert Report.objects.get().state == "declined"


def test_there_is_nothing_to_reopen(report, published, moderator, reader):
    with pytest.raises(ReportError) as refused:
        reopen_reports(comment=published, moderator=moderator)
    assert refused.value.code == "nothing_to_reopen"

    report()
    decide_reports(comment=published, moderator=moderator, accept=False)
    Comment.objects.update(status="deleted")
    with pytest.raises(ReportError):
        reopen_reports(comment=published, moderator=moderator)


def test_what_a_colleague_answered_a_senior_takes_back(report, published, moderator, other_moderator, senior):
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)

    with pytest.raises(PermissionDenied):
        reopen_reports(comment=published, moderator=other_moderator)
    assert Report.objects.get().state == "declined"
    assert len(reopen_reports(comment=published, moderator=senior)) == 1


def test_only_moderators(report, published, moderator, reader):
    report()
    decide_reports(comment=published, moderator=moderator, accept=False)

    with pytest.raises(PermissionDenied):
        reopen_reports(comment=published, moderator=reader)
    assert Report.objects.get().state == "declined"
