"""What the open reports about a comment weigh together, and what follows: to the desk, hidden, or neither yet.

- A comment that no person has looked at comes to the desk with its first report.
- One that a person let stand comes back when its new reports weigh enough: 1 after the first time, then 2, 4, ... A
  report of a legal matter always brings it back.
- A comment is hidden until a person looks when three reporters or more whose reports were nearly always right weigh 1.5
  together. However many others report it, they hide nothing. What a person has let stand is not hidden either.
- Reports as off topic weigh nothing: they bring a new comment to the desk, and that is all.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q

from belowline.comments.models import Comment
from belowline.moderation.models import Decision, Report
from belowline.moderation.report_models import ReportTally
from belowline.moderation.reporters import ReporterRecord, records_of

UNPROVEN_MOST = 1.0
"""What all reporters without a record weigh together at most."""
RETURN_WEIGHT = 1.0
"""What brings back a comment that was kept once; each further time it takes twice as much."""


class Weighed(NamedTuple):
    """What reports weigh together."""

    weight: float
    proven: float
    proven_count: int


def weigh(reports: Iterable[tuple[int, str]], records: Mapping[int, ReporterRecord]) -> Weighed:
    """Return what reports weigh, each given by its reporter and its category. Pure."""
    theirs = [records[reporter] for reporter, category in reports if category != Report.Category.OFF_TOPIC]
    proven = [record.weight for record in theirs if record.is_proven and record.weight > 0]
    unproven = sum(record.weight for record in theirs if not record.is_proven)
    total = sum(proven)
    return Weighed(total + min(UNPROVEN_MOST, unproven), total, len(proven))


def needed_weight(kept_count: int) -> float:
    """Return from which weight on a comment comes to the desk that was kept so often: 0, 1, 2, 4, ..."""
    return float(RETURN_WEIGHT * 2 ** (kept_count - 1)) if kept_count else 0.0


def tally_reports(comment: Comment) -> ReportTally | None:
    """Write anew what the open reports about a comment weigh; None: there are none.

    Call it in the transaction of what changed; the comment's row is locked.
    """
    reports = list(
        Report.objects.filter(comment=comment, state=Report.State.OPEN)
        .order_by("created_at")
        .values_list("reporter_id", "category", "created_at")
    )
    if not reports:
        ReportTally.objects.filter(comment=comment).delete()
        return None
    records = records_of([reporter for reporter, _, _ in reports])
    heard = [(reporter, category) for reporter, category, _ in reports if not records[reporter].is_muted]
    kept = times_kept(comment)
    weighed = weigh(heard, records)
    needed = needed_weight(kept)
    categories = {category for _, category in heard}
    tally, _ = ReportTally.objects.update_or_create(
        comment=comment,
        defaults={
            "open_count": len(reports),
            "weight": weighed.weight,
            "proven": weighed.proven,
            "proven_count": weighed.proven_count,
            "kept_count": kept,
            "needed": needed,
            "is_waiting": bool(heard) and (weighed.weight >= needed or Report.Category.LEGAL in categories),
            "is_grave": bool(categories - {Report.Category.OFF_TOPIC}),
            "waits_since": reports[0][2],
        },
    )
    return tally


def times_kept(comment: Comment) -> int:
    """Return how often a person has let the present text stand: published it, or kept it against reports."""
    stands = Q(maker=Decision.Maker.PERSON, outcome=Decision.Outcome.PUBLISH, undoes=None, undone_by=None)
    newest = comment.revisions.order_by("-id").values("pk")[:1]
    # What ends the hiding of a comment is counted by the reports that it answers.
    published = comment.decisions.filter(stands, revision__in=newest).exclude(source=Decision.Source.REPORT).count()
    kept = Report.objects.filter(comment=comment, state=Report.State.DECLINED, decided_by__isnull=False)
    if comment.edited_at:
        kept = kept.filter(decided_at__gte=comment.edited_at)
    return published + kept.order_by().values("decided_at").distinct().count()
