"""What else is known of a comment, for whoever decides: its reports with their reporters' records, and its copies."""

from typing import NamedTuple

from django.db.models import Count, Q

from belowline.comments.models import Comment
from belowline.engine.text.fingerprint import BITS
from belowline.moderation.models import Report

BANDS = ("band_0", "band_1", "band_2", "band_3")
NEAR_BITS = 6
"""Texts whose fingerprints differ in at most so many of their 64 bits count as copies."""
MOST_LOOKED_AT, MOST_SHOWN = 200, 5


class Reported(NamedTuple):
    """A report, and how often its reporter was right before."""

    report: Report
    right: int
    """So many of their other reports led to a removal."""
    answered: int
    """So many of their other reports were answered."""


def reports_of(comment: Comment) -> list[Reported]:
    """Return the reports of a comment, the oldest first, each with its reporter's record elsewhere."""
    reports = list(comment.reports.select_related("reporter").order_by("created_at", "pk"))
    if not reports:
        return []
    others = Report.objects.filter(reporter__in={report.reporter_id for report in reports}).exclude(comment=comment)
    counted = others.exclude(state=Report.State.OPEN).values_list("reporter")
    right = Count("pk", filter=Q(state=Report.State.ACCEPTED))
    records = {reporter: (right, all_) for reporter, right, all_ in counted.annotate(right=right, all=Count("pk"))}
    return [Reported(report, *records.get(report.reporter_id, (0, 0))) for report in reports]


def near_copies(comment: Comment, limit: int = MOST_SHOWN) -> list[Comment]:
    """Return other comments with the same or nearly the same text, the newest first; none where it was erased."""
    if comment.is_erased:
        return []
    near = Q(text_key=comment.text_key)
    for name in BANDS if _fingerprint(*(getattr(comment, name) for name in BANDS)) else ():
        near |= Q(**{name: getattr(comment, name)})
    rows = Comment.objects.filter(near).exclude(pk=comment.pk).order_by("-pk")
    found = rows.values_list("pk", "text_key", *BANDS)[:MOST_LOOKED_AT]
    own = _fingerprint(*(getattr(comment, name) for name in BANDS))
    ids = [pk for pk, key, *parts in found if key == comment.text_key or is_near(own, _fingerprint(*parts))]
    kept = Comment.objects.exclude(status=Comment.Status.DELETED).filter(pk__in=ids[:MOST_LOOKED_AT])
    return list(kept.select_related("story", "author").order_by("-pk")[:limit])


def is_near(one: int, other: int) -> bool:
    """Say whether two fingerprints, each in [0, 2**64 - 1], are those of near copies."""
    return (one ^ other).bit_count() <= NEAR_BITS


def _fingerprint(*parts: int) -> int:
    """Put four quarters of a fingerprint together again, the highest first."""
    width = BITS // len(parts)
    value = 0
    for part in parts:
        value = value << width | part
    return value
