"""Each night, a little at a time: what has been kept for as long as it may be is erased."""

import logging
import time
from datetime import datetime, timedelta
from datetime import time as clock

from django.utils import timezone
from django_tasks import task

from belowline.comments.search_index import forget_words
from belowline.events import tags
from belowline.events.models import Event
from belowline.events.planning import plan_once
from belowline.moderation.tasks import next_night
from belowline.retention.kinds import KINDS, Kind

logger = logging.getLogger(__name__)

AT = clock(2, 40)
"""In the server's time zone: no figure is being counted then, and nothing learned."""
TEXTS = frozenset({"refused", "deleted"})
"""Kinds whose words moderators search."""
FEW = 200
"""So many records are erased at once: others wait no longer for the database than for a comment."""
RUN_SECONDS = 30
"""So long a turn lasts; what is left comes next, after the tasks that wait."""


def plan_erasing(at: datetime | None = None) -> bool:
    """Plan the next night, or at a time, unless it is planned; return whether it was not planned yet."""
    return plan_once(erase_nightly, at or next_night(timezone.now(), AT))


@task()
def erase_nightly() -> dict[str, int]:
    """Erase what has been kept long enough; return how many records of each kind. The next night is planned first."""
    plan_erasing()
    erased, is_more = erase_old(time.monotonic() + RUN_SECONDS)
    if is_more:
        go_on.enqueue()
    return erased


@task()
def go_on() -> dict[str, int]:
    """Erase what one turn has left."""
    erased, is_more = erase_old(time.monotonic() + RUN_SECONDS)
    if is_more:
        go_on.enqueue()
    return erased


def erase_old(end: float = float("inf")) -> tuple[dict[str, int], bool]:
    """Erase what has been kept long enough, kind by kind; return how many of each, and whether something is left.

    `end` is a time of `time.monotonic()`. A kind that fails is logged, and leaves the others alone.
    """
    erased: dict[str, int] = {}
    for kind in KINDS:
        if not kind.is_erased:
            continue
        before = timezone.now() - timedelta(days=kind.days)
        while count := _erase(kind, before):
            erased[kind.key] = erased.get(kind.key, 0) + count
            if time.monotonic() > end:
                return erased, True
    return erased, not _forget(erased, end)


def _forget(erased: dict[str, int], end: float) -> bool:
    """Have the index of words forget those of texts that are gone since yesterday; return whether it has."""
    yesterday = timezone.now() - timedelta(days=1, hours=1)
    if (
        TEXTS.isdisjoint(erased)
        and not Event.objects.filter(tag=tags.ACCOUNT_ERASED, created_at__gt=yesterday).exists()
    ):
        return True
    return forget_words(end)


def _erase(kind: Kind, before: datetime) -> int:
    try:
        return kind.erase(before, FEW)
    except Exception as error:  # noqa: BLE001 - the other kinds shall be erased all the same
        logger.error("%s could not be erased (%s)", kind.key, type(error).__name__)  # noqa: TRY400
        return 0
