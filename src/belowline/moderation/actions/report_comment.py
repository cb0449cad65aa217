"""A reader reports a published comment: why, and a word of their own."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.hide_comment import hide_comment
from belowline.moderation.errors import ReportError
from belowline.moderation.models import Report
from belowline.moderation.queueing import requeue
from belowline.moderation.report_weights import tally_reports
from belowline.moderation.reports import PER_HOUR, REPORT_CHARACTERS, report_by, why_not_report


def report_comment(*, comment: Comment, reporter: User, category: str, text_source: str = "") -> Report:
    """Receive a report; the same reader's first one about a comment stands, and comes back again.

    `category` is one of `Report.Category`; the words have at most 1,000 characters. A moderator looks; until then the
    comment is hidden only where several reporters say so who were right before (report_weights).

    Raises:
        ReportError: `cannot_report`, `unknown_category`, `report_too_long` or `too_many_reports`.
    """
    if category not in Report.Category.values:
        raise ReportError(gettext("Choose what is wrong with the comment."), code="unknown_category")
    text = text_source.strip()
    if len(text) > REPORT_CHARACTERS:
        raise ReportError(
            gettext("Your words have %(length)s characters; at most %(most)s fit. Please shorten them.")
            % {"length": number_format(len(text), force_grouping=True), "most": number_format(REPORT_CHARACTERS)},
            code="report_too_long",
        )
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        if earlier := report_by(reporter, locked):
            return earlier
        _check(locked, reporter)
        report = Report.objects.create(comment=locked, reporter=reporter, category=category, text_source=text)
        record_event(
            tags.REPORT_RECEIVED,
            subject_id=report.pk,
            site_id=locked.story.site_id,
            actor_id=reporter.pk,
            category=category,
        )
        _weigh(locked)
        requeue(locked)
    return report


def _weigh(comment: Comment) -> None:
    """Weigh the reports; hide the comment where they suffice, and no person has let it stand."""
    tally = tally_reports(comment)
    if tally and settings.REPORTS_HIDE and comment.is_public and not tally.kept_count and tally.hides:
        hide_comment(comment=comment)


def _check(comment: Comment, reporter: User) -> None:
    if why := why_not_report(comment, reporter):
        raise ReportError(why, code="cannot_report")
    since = timezone.now() - timedelta(hours=1)
    if Report.objects.filter(reporter=reporter, created_at__gte=since).count() >= PER_HOUR:
        raise ReportError(
            gettext(
                "You have reported %(number)d comments within an hour. Please go on in a while: your words stay here."
            )
            % {"number": PER_HOUR},
            code="too_many_reports",
        )
