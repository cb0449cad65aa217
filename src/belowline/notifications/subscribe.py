"""Which events lead to which notice."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from belowline.accounts.models import Mute
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import Event
from belowline.moderation.hiding import REPORTED, hides
from belowline.moderation.models import Appeal, Decision, Report
from belowline.notifications.desk_tasks import tell_of_escalation
from belowline.notifications.models import Kind, Notification, NotificationSetting
from belowline.notifications.promises import mail_broken_promise
from belowline.notifications.telling import tell

AT_ONCE = timedelta(0)
"""For what cannot be undone."""
OF_DECISIONS = {
    Decision.Outcome.PUBLISH.value: Kind.PUBLISHED,
    Decision.Outcome.REJECT.value: Kind.REJECTED,
    Decision.Outcome.REMOVE.value: Kind.REJECTED,
    Decision.Outcome.HOLD.value: Kind.HIDDEN,
}


def on_event(sender: type[Event], event: Event, **_: Any) -> None:
    """Tell readers what concerns them, and those in charge of a broken promise."""
    if says_of_a_broken_promise(event):
        mail_broken_promise.enqueue(event.pk)
    if known := RECEIVERS.get(event.tag):
        known(event)


def says_of_a_broken_promise(event: Event) -> bool:
    """Say whether the machine has widened a band, or voided a certificate and could or need not widen one."""
    widened = event.tag == tags.POLICY_ACTIVATED and "widens" in event.data
    return widened or (event.tag == tags.CERTIFICATE_VOIDED and event.data["widened_to"] is None)


def _on_published(event: Event) -> None:
    """Tell the author where a person decided, and whoever was answered."""
    _on_decided(event)
    comment = event.subject or Comment.objects.get(pk=event.subject_id)
    if comment.parent_id is None:
        return
    parent = Comment.objects.only("author", "status").get(pk=comment.parent_id)
    if parent.author_id == comment.author_id or parent.status == Comment.Status.DELETED:
        return
    if not Mute.objects.filter(user=parent.author_id, muted=comment.author_id).exists():
        tell(user_id=parent.author_id, kind=Kind.REPLY, comment_id=comment.pk)


def _on_decided(event: Event) -> None:
    """Tell the author what a person decided; what the machine decided they saw when they posted."""
    if event.actor_id is not None:
        decision = Decision.objects.select_related("comment").get(pk=event.data["decision"])
        if not decision.undoes_id:
            _tell_of(decision)


def _on_held(event: Event) -> None:
    """Tell the author whose comment is hidden because of reports; what is held at once they saw when they posted."""
    if REPORTED not in event.data.get("rules", ()):
        return
    decision = Decision.objects.select_related("comment").get(pk=event.data["decision"])
    if hides(decision) and not decision.undoes_id:
        _tell_of(decision)


def _tell_of(decision: Decision, after: timedelta | None = None) -> None:
    more = {} if after is None else {"after": after}
    if kind := OF_DECISIONS.get(decision.outcome):
        comment = decision.comment
        tell(user_id=comment.author_id, kind=kind, comment_id=comment.pk, subject_id=decision.pk, **more)


def _on_undone(event: Event) -> None:
    """Take back what was told of a decision; where it was mailed, say too that the comment is there again."""
    told = Notification.objects.filter(kind__in=set(OF_DECISIONS.values()), subject_id=event.subject_id)
    was_mailed = told.exclude(mailed_at=None).exists()
    told.delete()
    now = Decision.objects.select_related("comment").get(undoes=event.subject_id)
    if was_mailed and now.outcome == Decision.Outcome.PUBLISH:
        _tell_of(now)


def _on_rejudged(event: Event) -> None:
    # They were told that a person looks, and that they hear of it.
    for decision in Decision.objects.select_related("comment").filter(pk__in=event.data["published"]):
        _tell_of(decision, AT_ONCE)


def _on_settled(event: Event) -> None:
    """Tell how an appeal ended; that the comment is published now is part of it."""
    appeal = Appeal.objects.select_related("decision__comment").get(pk=event.subject_id)
    if appeal.result_id:
        Notification.objects.filter(kind=Kind.PUBLISHED, subject_id=appeal.result_id).delete()
    comment = appeal.decision.comment
    tell(user_id=comment.author_id, kind=Kind.APPEAL, comment_id=comment.pk, subject_id=appeal.pk, after=AT_ONCE)


def _on_reported(event: Event) -> None:
    report = Report.objects.get(pk=event.subject_id)
    tell(user_id=report.reporter_id, kind=Kind.REPORT, comment_id=report.comment_id, subject_id=report.pk)


def _on_reopened(event: Event) -> None:
    """Take back what was told: the next answer is told anew."""
    Notification.objects.filter(kind=Kind.REPORT, subject_id=event.subject_id).delete()


def _on_picked(event: Event) -> None:
    """Tell the author of a pick; not again where an editor only corrected the sentence."""
    comment = Comment.objects.get(pk=event.subject_id)
    if event.data["is_new"] and comment.author_id != event.actor_id:
        tell(user_id=comment.author_id, kind=Kind.PICK, comment_id=comment.pk)


def _on_closed(event: Event) -> None:
    """Forget what somebody was told, and how often they wanted mail."""
    Notification.objects.filter(user=event.subject_id).delete()
    NotificationSetting.objects.filter(user=event.subject_id).delete()


def _on_escalated(event: Event) -> None:
    tell_of_escalation.enqueue(event.data["escalation"])


RECEIVERS: dict[str, Callable[[Event], None]] = {
    tags.COMMENT_PUBLISHED: _on_published,
    tags.COMMENT_HELD: _on_held,
    tags.COMMENT_REJECTED: _on_decided,
    tags.COMMENT_REMOVED: _on_decided,
    tags.DECISION_UNDONE: _on_undone,
    tags.STORY_REJUDGED: _on_rejudged,
    tags.APPEAL_UPHELD: _on_settled,
    tags.APPEAL_OVERTURNED: _on_settled,
    tags.REPORT_ACCEPTED: _on_reported,
    tags.REPORT_DECLINED: _on_reported,
    tags.REPORT_REOPENED: _on_reopened,
    tags.COMMENT_PICKED: _on_picked,
    tags.COMMENT_ESCALATED: _on_escalated,
    tags.ACCOUNT_CLOSED: _on_closed,
}
