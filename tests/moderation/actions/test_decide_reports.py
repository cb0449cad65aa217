"""Reports are answered all at once: the comment is removed by a rule, or it stays; and a person may look again."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment
from belowline.desk.card import author_record
from belowline.events.models import Event
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.errors import DecidingError, ReportError
from belowline.moderation.models import Decision, Report


def states():
    return list(Report.objects.order_by("pk").values_list("state", flat=True))


def test_accepting_removes_the_comment_and_names_the_report_as_its_source(report, published, moderator, admin):
    made = [report(), report(by=admin, category="spam")]
    answered = decide_reports(
        comment=published, moderator=moderator, accept=True, rule="links", note_to_author="Without the link it is fine."
    )

    assert [one.pk for one in answered] == [one.pk for one in made]
    assert states() == ["accepted", "accepted"]
    assert Comment.objects.get().status == "removed"
    removal = Decision.objects.latest("pk")
    assert (removal.source, removal.outcome, removal.reasons[0]["rule"]) == ("report", "remove", "links")
    assert removal.note_to_author == "Without the link it is fine."
    events = Event.objects.filter(tag="report:accepted").order_by("id")
    assert [(event.subject_id, event.actor_id, event.data) for event in events] == [
        (one.pk, moderator.pk, {"decision": removal.pk}) for one in made
    ]


def test_declining_leaves_it(report, published, moderator):
    made = report()
    [answered] = decide_reports(comment=published, moderator=moderator, accept=False)

    assert (answered.state, answered.decided_by) == ("declined", moderator)
    assert answered.decided_at > made.created_at
    assert Comment.objects.get().status == "published"
    assert published.decisions.count() == 1, "nothing was decided about the comment itself"
    event = Event.objects.get(tag="report:declined")
    assert (event.subject_id, event.actor_id, event.data) == (made.pk, moderator.pk, {})


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_answer_nothing(report, published, request, who):
    report()

    with pytest.raises(PermissionDenied):
        decide_reports(comment=published, moderator=request.getfixturevalue(who), accept=False)
    assert states() == ["open"]


@pytest.mark.parametrize("rule", ["", "no_such_rule"])
def test_removing_needs_a_rule(report, published, moderator, rule):
    report()

    with pytest.raises(DecidingError):
        decide_reports(comment=published, moderator=moderator, accept=True, rule=rule)
    assert (states(), Comment.objects.get().status) == (["open"], "published")


def test_somebody_was_faster(report, published, moderator, other_moderator):
    report()
    decide_reports(comment=published, moderator=other_moderator, accept=False)

    with pytest.raises(ReportError) as refused:
        decide_reports(comment=published, moderator=moderator, accept=True, rule="links")
    assert refused.value.code == "reports_decided"
    assert Comment.objects.get().status == "published"


def test_a_comment_that_has_changed_is_looked_at_again(report, published, moderator):
    report()

    with pytest.raises(DecidingError, match="changed since you saw it") as refused:
        decide_reports(comment=published, moderator=moderator, accept=False, last_seen=published.decisions.get().pk + 1)
    assert refused.value.code == "not_waiting"
    decide_reports(comment=published, moderator=moderator, accept=False, last_seen=published.decisions.get().pk)
    assert states() == ["declined"]


def test_nobody_answers_reports_of_their_own_comment(report, post, moderator, other_moderator):
    own = post("A remark by the desk.", author=moderator).comment
    report(own)

    with pytest.raises(DecidingError, match="your own comment"):
        decide_reports(comment=own, moderator=moderator, accept=False)
    decide_reports(comment=own, moderator=other_moderator, accept=False)
    assert states() == ["declined"]


def test_off_topic_never_counts_as_abuse(report, ferry, post, moderator):
    comment = post("The ferry is a fine boat.", story=ferry).comment
    report(comment, category="off_topic")
    decide_reports(comment=comment, moderator=moderator, accept=True, rule="off_topic")

    assert Comment.objects.get(pk=comment.pk).status == "removed"
    assert author_record(comment)["refused"] == 0
