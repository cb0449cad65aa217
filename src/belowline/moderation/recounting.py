"""Everything that is counted and kept, counted anew and compared; and written anew, a story at a time.

What waits in the desk's queues is compared by queueing.find_drift. Not compared is what is as of a moment and meant to
be: how much reports weighed when they came, how lively a discussion was, where the order "best" has a comment.
"""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.comments.recounting import Drift, recount_grants, recount_story
from belowline.comments.recounting import find_drifts as drifts_of_comments
from belowline.moderation.actions.keep_days import KEPT, SETTLED, keep_day
from belowline.moderation.day_counts import Counts, Judged, count_judged_by_day, count_stories_by_day, midnight
from belowline.moderation.day_models import SiteDay, StoryDay
from belowline.moderation.kept_days import COUNTS, JUDGED, ONE, kept_days
from belowline.moderation.models import Report
from belowline.moderation.queueing import requeue
from belowline.moderation.report_weights import tally_reports
from belowline.stories.models import Site

TALLY = "ReportTally.open_count"
DAY = "SiteDay"
COUNTERS = (
    "Story.comment_count",
    "Comment.recommend_count",
    "Comment.thread_count",
    "User.has_local_role",
    TALLY,
    DAY,
)
"""What is compared, in this order."""
SUM_TOLERANCE = 1e-6
"""By which sums of scores may differ: rows are added in another order."""


def day_of(drift: Drift) -> date:
    """Return the day whose figures are wrong; its number stands where others have what is kept."""
    return date.fromordinal(drift.kept)


def describe(drift: Drift) -> str:
    """Return a line about a counter that is wrong."""
    if drift.counter == DAY:
        return f"the figures of {day_of(drift)} on site {drift.pk} are wrong in {drift.counted} places"
    return f"{drift.counter} of {drift.pk} is {drift.kept}, and should be {drift.counted}"


def find_drifts() -> Iterator[Drift]:
    """Yield every counter that says something else than what is there; only reads."""
    yield from drifts_of_comments()
    yield from _tallies()
    for site in Site.objects.order_by("pk"):
        yield from _days(site)


def _tallies() -> Iterator[Drift]:
    """Yield the comments about which another number of reports is open than is kept."""
    opened = Count("reports", filter=Q(reports__state=Report.State.OPEN))
    concerned = Comment.objects.filter(Q(reports__state=Report.State.OPEN) | Q(tally__isnull=False))
    rows = concerned.annotate(opened=opened, kept=F("tally__open_count")).order_by("pk")
    for pk, story, opened_count, kept in rows.values_list("pk", "story_id", "opened", "kept"):
        if opened_count != (kept or 0):
            yield Drift(TALLY, pk, story, kept or 0, opened_count)


def _days(site: Site) -> Iterator[Drift]:
    """Yield the days of a site that are kept with other figures than their rows give; a day at a time."""
    last = timezone.localdate(timezone.now() - SETTLED) - ONE
    kept = kept_days(site, last - (KEPT - 1) * ONE, last)
    for day in sorted(kept):
        start, end = midnight(day), midnight(day + ONE)
        found = {story: counts for (story, _), counts in count_stories_by_day(site, start, end).items()}
        judged = count_judged_by_day(site, start, end).get(day, Judged())
        rows = StoryDay.objects.filter(story__site=site, day=day).values_list("story_id", "counts")
        there = {story: COUNTS.decode(text) for story, text in rows}
        judged_there = JUDGED.decode(SiteDay.objects.values_list("judged", flat=True).get(site=site, day=day))
        wrong = sum(_sorted(found.get(one)) != _sorted(there.get(one)) for one in {*found, *there})
        wrong += not _is_same(judged, judged_there)
        if wrong:
            yield Drift(DAY, site.pk, 0, day.toordinal(), wrong)


def _sorted(counts: Counts | None) -> Counts:
    """Return counts whose waits are in order: rows come in any."""
    counts = counts or Counts()
    return Counts(counts.written, counts.machine, counts.read_first, sorted(counts.waits), counts.holds)


def _is_same(one: Judged, other: Judged) -> bool:
    if one.decisions != other.decisions or one.scores.keys() != other.scores.keys():
        return False
    pairs = ((one.scores[name], other.scores[name]) for name in one.scores)
    return all(a[1] == b[1] and abs(a[0] - b[0]) <= SUM_TOLERANCE * max(1.0, a[0]) for a, b in pairs)


def mend(drifts: Iterable[Drift]) -> int:
    """Write what is wrong anew, each story in a transaction of its own; return how many counters that were."""
    found = list(drifts)
    stories: dict[int, set[int]] = {}
    for drift in found:
        if drift.counter.startswith(("Story.", "Comment.")):
            comments = stories.setdefault(drift.story, set())
            comments |= {drift.pk} if drift.counter.startswith("Comment.") else set()
    for story, comments in sorted(stories.items()):
        recount_story(story, sorted(comments))
    for drift in found:
        if drift.counter == "User.has_local_role":
            recount_grants(drift.pk)
        elif drift.counter == TALLY:
            _tally(drift.pk)
        elif drift.counter == DAY:
            keep_day(site=Site.objects.get(pk=drift.pk), day=day_of(drift))
    return len(found)


def _tally(comment_id: int) -> None:
    with transaction.atomic():
        comment = Comment.objects.select_for_update(of=("self",), no_key=True).get(pk=comment_id)
        tally_reports(comment)
        requeue(comment)
