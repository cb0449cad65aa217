"""What waits where, and who works there: the figures of the desk's overview."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet

from belowline.accounts.models import User
from belowline.comments.models import Comment
from belowline.moderation.models import Decision
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed
from belowline.stories.discussion import DiscussionState, discussion_states
from belowline.stories.models import Story

Queue = QueueEntry.Queue
NEW = timedelta(hours=24)
"""So long a comment counts as new."""
AT_WORK = timedelta(minutes=15)
"""Who decided about a comment of a story within this time works there."""
URGENT, LONGEST, MOST, NEWEST = "urgent", "longest", "most", "newest"
ORDERS = {
    URGENT: "Most urgent first",
    LONGEST: "Longest wait first",
    MOST: "Most waiting first",
    NEWEST: "Newest story first",
}
LARGE = ("body", "standfirst")


class QueueLoad(NamedTuple):
    """How much waits in a queue."""

    queue: str
    waiting: int
    oldest: datetime | None
    """Since when the one has waited that waits longest; None: nothing waits."""


class Load(NamedTuple):
    """How much waits under a story; each comment once in each queue."""

    held: int = 0
    reported: int = 0
    appealed: int = 0
    elsewhere: int = 0
    """Escalated, or at the newsroom's or the corrections desk."""
    oldest: datetime | None = None
    rank: float = float("-inf")
    """Of the most urgent comment, as moderation.risk makes it."""

    @property
    def waiting(self) -> int:
        """How much waits in all queues together."""
        return self.held + self.reported + self.appealed + self.elsewhere


class StoryLoad(NamedTuple):
    """A story as the overview lists it."""

    story: Story
    new: int
    """Comments written within the last 24 hours, in whatever state."""
    load: Load
    state: DiscussionState
    people: tuple[str, ...]
    """Who works there now."""


def queue_loads(entries: QuerySet[QueueEntry]) -> list[QueueLoad]:
    """Return for every queue, in its order, how many of the entries wait there, and since when."""
    rows = entries.order_by().values_list("queue").annotate(Count("pk"), Min("waiting_since"))
    found = {queue: (count, oldest) for queue, count, oldest in rows}
    return [QueueLoad(queue, *found.get(queue, (0, None))) for queue in Queue.values]


def loads_by_story(entries: QuerySet[QueueEntry]) -> dict[int, Load]:
    """Return by story how many of the entries wait there; stories under which nothing waits are left out."""
    here = {Queue.HELD: "held", Queue.REPORTED: "reported", Queue.APPEALS: "appealed"}
    counts = {name: Count("pk", filter=Q(queue=queue)) for queue, name in here.items()}
    elsewhere = Count("pk", filter=~Q(queue__in=list(here)))
    rows = entries.order_by().values("story").annotate(**counts, elsewhere=elsewhere)
    rows = rows.annotate(oldest=Min("waiting_since"), most=Max("rank"))
    return {story: Load(*load) for story, *load in rows.values_list("story", *counts, "elsewhere", "oldest", "most")}


def new_by_story(stories: QuerySet[Story] | None, now: datetime) -> Counter[int]:
    """Return by story how many comments were written within the last 24 hours; None: under all stories."""
    # Every status is named, so that the index over status and time serves.
    recent = Comment.objects.filter(status__in=Comment.Status.values, created_at__gte=now - NEW, created_at__lte=now)
    if stories is not None:
        recent = recent.filter(story__in=stories)
    return Counter(dict(recent.order_by().values_list("story").annotate(Count("pk"))))


def stories_of(narrowed: Narrowed) -> QuerySet[Story] | None:
    """Return the stories that a filter speaks of by their place; None: it says nothing of places."""
    wanted = {"site__key": narrowed.site, "section": narrowed.section, "pk": narrowed.story}
    terms = {name: value for name, value in wanted.items() if value}
    return Story.objects.filter(**terms) if terms else None


def in_order(loads: dict[int, Load], new: Counter[int], order: str) -> list[int]:
    """Return the ids of the stories where something waits or is new, in one of ORDERS; the quiet ones last."""
    every = {**dict.fromkeys(new), **dict.fromkeys(loads)}
    if order == NEWEST:
        return list(Story.objects.filter(pk__in=every).order_by("-published_at", "-pk").values_list("pk", flat=True))
    nothing = Load()

    def place(story: int) -> tuple[float, ...]:
        load = loads.get(story, nothing)
        since = load.oldest.timestamp() if load.oldest else float("inf")
        first = {LONGEST: since, MOST: -load.waiting}.get(order, -load.rank)
        return (first, -load.rank, -new[story], -story)

    return sorted(every, key=place)


def story_loads(ids: Iterable[int], loads: dict[int, Load], new: Counter[int], now: datetime) -> list[StoryLoad]:
    """Return these stories in their order, with what waits, how their discussions stand, and who works there."""
    wanted = list(ids)
    stories = Story.objects.select_related("site").defer(*LARGE).in_bulk(wanted)
    listed = [stories[pk] for pk in wanted if pk in stories]
    states, people = discussion_states(listed, now), at_work(listed, now)
    return [
        StoryLoad(story, new[story.pk], loads.get(story.pk, Load()), states[story.pk], people.get(story.pk, ()))
        for story in listed
    ]


def at_work(stories: Iterable[Story], now: datetime) -> dict[int, tuple[str, ...]]:
    """Return by story who looks at a comment there now, or decided about one within the last quarter of an hour."""
    wanted = list(stories)
    looking = QueueEntry.objects.claimed(now).filter(story__in=wanted).values_list("story", "claimed_by")
    decided = Decision.objects.filter(
        maker=Decision.Maker.PERSON, created_at__gte=now - AT_WORK, comment__story__in=wanted
    ).values_list(F("comment__story"), "moderator")
    found: dict[int, set[int]] = defaultdict(set)
    for story, person in [*looking.order_by().distinct(), *decided.order_by().distinct()]:
        if person is not None:
            found[story].add(person)
    names = dict(User.objects.filter(pk__in=set().union(*found.values())).values_list("pk", "display_name"))
    return {story: tuple(sorted(names[one] for one in people if one in names)) for story, people in found.items()}
