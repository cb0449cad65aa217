"""A moderator answers all open reports of a comment at once: it is removed, or it stays."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.moderation.actions.answer_reports import answer_reports
from belowline.moderation.actions.publish_comment import publish_against
from belowline.moderation.actions.record_decision import check_words
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.errors import DecidingError, ReportError
from belowline.moderation.hiding import is_hidden
from belowline.moderation.impartial import check_not_own
from belowline.moderation.models import Decision, Report
from belowline.moderation.queueing import requeue


def decide_reports(  # noqa: PLR0913 - what a moderator fills in
    *,
    comment: Comment,
    moderator: User,
    accept: bool,
    rule: str = "",
    note_to_author: str = "",
    last_seen: int | None = None,
) -> list[Report]:
    """Accept the reports and remove the comment by a rule, or decline them; each reporter is told.

    A comment that was hidden because of them is published again where it is kept.

    `last_seen` is the id of the newest decision that the moderator saw: where the author has edited the comment
    meanwhile, there is another text to look at.

    Raises:
        PermissionDenied: no moderator.
        ReportError: `reports_decided` (somebody was faster, or the comment is gone).
        DecidingError: `not_waiting` (the comment has changed), `own_comment` (another moderator must decide),
            `note_too_long`, or as `remove_comment`.
    """
    require(moderator, Action.ANSWER_REPORTS, site=comment.story.site_id, section=comment.story.section)
    note = check_words(note_to_author)
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        waiting = list(Report.objects.filter(comment=locked, state=Report.State.OPEN).order_by("pk"))
        newest = locked.decisions.order_by("-id").first()
        is_gone = not (locked.is_public or is_hidden(locked, newest))
        if not waiting or is_gone:
            raise ReportError(
                "Somebody has answered these reports meanwhile. Nothing was changed.", code="reports_decided"
            )
        _check_seen(newest, last_seen)
        check_not_own(locked, moderator)
        if not accept and locked.is_public:
            declined = answer_reports(comment=locked, by=moderator, removal=None)
            requeue(locked)
            return declined
        if not accept:
            publish_against(comment=locked, moderator=moderator, note_to_author=note, source=Decision.Source.REPORT)
            return list(Report.objects.filter(pk__in=[report.pk for report in waiting]).order_by("pk"))
        # Whatever takes a comment from readers answers the reports of it: record_decision.
        remove_comment(
            comment=locked,
            moderator=moderator,
            rule=rule,
            note_to_author=note,
            source=Decision.Source.REPORT,
        )
        return list(Report.objects.filter(pk__in=[report.pk for report in waiting]).order_by("pk"))


def _check_seen(newest: Decision | None, last_seen: int | None) -> None:
    if last_seen is not None and (newest is None or newest.pk != last_seen):
        raise DecidingError(
            "The comment has changed since you saw it: please look at it again. Nothing was changed.",
            code="not_waiting",
        )
