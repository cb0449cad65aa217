"""Work on decisions that nobody should wait for; at night, counting days, and learning where the policy looks at it."""

import logging
from datetime import datetime, time, timedelta

from django.utils import timezone
from django_tasks import task

from belowline.accounts.models import User
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment, StorySubjects
from belowline.engine.learning import LEAST_DECISIONS, SCORE
from belowline.events import tags
from belowline.events.models import Event
from belowline.events.planning import plan_once
from belowline.events.statistics import keep_statistics
from belowline.moderation.actions.erase_words import erase_words
from belowline.moderation.actions.keep_days import keep_days
from belowline.moderation.actions.keep_reading import keep_reading as keep
from belowline.moderation.actions.keep_subjects import keep_subjects as keep_found
from belowline.moderation.actions.learn_head import learn_head
from belowline.moderation.actions.rejudge_story import rejudge_story as rejudge
from belowline.moderation.engine import site_policy
from belowline.moderation.history import count_decided
from belowline.moderation.models import HeadVersion
from belowline.stories.models import Site, Story

logger = logging.getLogger(__name__)

AT = time(3, 30)
"""In the server's time zone."""
DAYS_AT = time(0, 15)
"""Likewise: the day before is over, and nothing is written to it any more."""
LEAST_NEW, LEAST_NEW_SHARE = 100, 0.1
"""A site learns again after so many new decisions, and so large a share of those that it had: who tests the same
decisions each night finds a gain by chance in the end."""


GATHERING = timedelta(minutes=1)
"""So long more comments are waited for, before it is looked at what they are about."""
PLANNED_FOR = timedelta(hours=1)
"""What was planned so long ago and is not done, is planned anew."""
LEAST_COMMENTS = 16
"""Fewer make no subjects that mean something."""
LEAST_CHANGE, LEAST_CHANGE_SHARE = 5, 0.2
"""It is looked again after so many more or fewer comments, and so large a share of those there were."""


@task()
def rejudge_story(story_id: int) -> int:
    """Judge what waits for its topic under a story again; return how many decisions that gave."""
    return len(rejudge(story=Story.objects.select_related("site").get(pk=story_id)))


@task()
def keep_reading(story_id: int) -> bool:
    """Keep what the topic model computes of a story, so that the next comment need not wait for it."""
    return keep(story=Story.objects.get(pk=story_id))


@task()
def keep_subjects(story_id: int) -> int:
    """Keep what the comments under a story are about; return how many subjects there are."""
    return keep_found(story=Story.objects.get(pk=story_id))


def plan_subjects(story_id: int, now: datetime | None = None) -> bool:
    """Plan to look at what is discussed, where it has changed by a good deal; return whether that was planned now."""
    moment = now or timezone.now()
    known = ("comment_count", "subjects__counted", "subjects__planned_at")
    count, counted, planned_at = Story.objects.values_list(*known).get(pk=story_id)
    counted = counted or 0
    if planned_at and moment - planned_at < PLANNED_FOR:
        return False
    if max(count, counted) < LEAST_COMMENTS or abs(count - counted) < max(LEAST_CHANGE, counted * LEAST_CHANGE_SHARE):
        return False
    StorySubjects.objects.update_or_create(story_id=story_id, defaults={"planned_at": moment})
    keep_subjects.using(run_after=moment + GATHERING).enqueue(story_id)
    return True


@task()
def delete_all_comments(author_id: int) -> int:
    """Delete every comment of a closed account and erase its texts; return how many. Again, it goes on from there."""
    author = User.objects.get(pk=author_id)
    for comment in Comment.objects.filter(author=author).exclude(status=Comment.Status.DELETED):
        delete_comment(comment=comment, by=author)
    return erase_words(author=author)


@task()
def keep_days_nightly() -> int:
    """Count the days that are over, of every site, and return how many that were; the next night is planned first."""
    plan_days(next_night(timezone.now(), DAYS_AT))
    keep_statistics()
    return sum(_keep_days(site) for site in Site.objects.order_by("pk"))


def plan_days(at: datetime | None = None) -> bool:
    """Plan to count days, at once or at a time, unless that is planned; return whether it was not planned yet."""
    return plan_once(keep_days_nightly, at or timezone.now())


def _keep_days(site: Site) -> int:
    """Count the days of a site that are over; a failure is logged, and its pages count by themselves meanwhile."""
    try:
        return keep_days(site=site)
    except Exception as error:  # noqa: BLE001 - the other sites shall be counted all the same
        logger.error("the days of site %s could not be counted (%s)", site.pk, type(error).__name__)  # noqa: TRY400
        return 0


@task()
def learn_nightly() -> int:
    """Let each site learn that is due, and return how many did; the next night is planned first."""
    plan_learning()
    return sum(learn_if_due(site) for site in Site.objects.order_by("pk"))


def plan_learning(now: datetime | None = None) -> bool:
    """Plan the next night, once, however many workers ask; return whether it was not planned yet."""
    return plan_once(learn_nightly, next_night(now or timezone.now()))


def next_night(now: datetime, at: time = AT) -> datetime:
    """Return the next time at which the clock of the server's zone shows `at`."""
    local = timezone.localtime(now)
    tonight = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return tonight if tonight > local else tonight + timedelta(days=1)


def learn_if_due(site: Site) -> bool:
    """Let a site learn when its policy looks at the score and enough was decided since; a failure is logged."""
    try:
        due = is_due(site)
        if due:
            report = learn_head(site=site).report
            logger.info("site %s learned from %d decisions: %s", site.pk, report.decisions, report.status)
    except Exception as error:  # noqa: BLE001 - the other sites shall learn all the same
        # Only the type: the message of an error may quote a comment.
        logger.error("site %s could not learn (%s)", site.pk, type(error).__name__)  # noqa: TRY400
        return False
    return due


def is_due(site: Site) -> bool:
    """Say whether a rule looks at the score, and enough was decided since the site learned last.

    Where the operator has switched the head off, it stays off until somebody activates one by hand.
    """
    if all(rule.score != SCORE for rule in site_policy(site).rules.values()) or was_switched_off(site):
        return False
    last = HeadVersion.objects.filter(site=site).order_by("-id").first()
    if last is None:
        return count_decided(site) >= LEAST_DECISIONS
    return count_decided(site, since=last.created_at) >= max(LEAST_NEW, LEAST_NEW_SHARE * int(last.report["decisions"]))


def was_switched_off(site: Site) -> bool:
    """Say whether the last that happened to the heads of a site is that one was put to rest."""
    steps = Event.objects.filter(site_id=site.pk, tag__in=(tags.HEAD_ACTIVATED, tags.HEAD_DEACTIVATED))
    return steps.order_by("-id").values_list("tag", flat=True).first() == tags.HEAD_DEACTIVATED
