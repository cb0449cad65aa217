"""Whatever takes a comment from readers answers the reports of it."""

import pytest

from belowline.events.models import Event
from belowline.moderation.actions.answer_reports import answer_reports
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.record_decision import record_decision
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.models import Decision, Report


def test_only_open_ones_are_answered(report, published, moderator, admin):
    first = report()
    answer_reports(comment=published, by=moderator, removal=None)
    second = report(by=admin)

    assert [one.pk for one in answer_reports(comment=published, by=moderator, removal=None)] == [second.pk]
    assert Event.objects.filter(tag="report:declined", subject_id=first.pk).count() == 1


@pytest.mark.parametrize("source", Decision.Source.values)
def test_a_removal_for_any_reason_says_that_the_reporter_was_right(report, published, moderator, source):
    made = report()
    remove_comment(comment=published, moderator=moderator, rule="links", source=Decision.Source(source))

    made.refresh_from_db()
    assert (made.state, made.decided_by) == ("accepted", moderator)
    assert Event.objects.filter(tag="report:accepted", subject_id=made.pk).count() == 1


def test_so_does_a_rejection_of_what_was_held_again(report, published, moderator):
    made = report()
    record_decision(comment=published, outcome=Decision.Outcome.HOLD, maker="engine", policy="small@1")
    made.refresh_from_db()
    assert made.state == "open", "it waits for the moderator who looks at the comment"

    decide_comment(comment=published, moderator=moderator, outcome=Decision.Outcome.REJECT, rule="links")
    made.refresh_from_db()
    assert made.state == "accepted"


def test_the_machine_may_answer_too(report, published):
    report()
    record_decision(comment=published, outcome=Decision.Outcome.REJECT, maker="engine", policy="small@1")

    assert Report.objects.get().decided_by is None
    assert Event.objects.get(tag="report:accepted").actor_id is None
