"""Reading saved filters, and counting what they let through."""

from django.db.models import Case, Count, Q, QuerySet, When

from belowline.accounts.models import User
from belowline.moderation.filter_models import SavedFilter
from belowline.moderation.queue_entries import QueueEntry
from belowline.moderation.queue_order import Narrowed, narrowing


def filters_for(user: User) -> QuerySet[SavedFilter]:
    """Return somebody's own filters, then those that others share, each by name."""
    found = SavedFilter.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("site", "owner", "story")
    return found.order_by(Case(When(owner=user, then=0), default=1), "name", "pk")


def terms_of(saved: SavedFilter) -> Narrowed:
    """Return what a filter lets through."""
    return Narrowed(
        site=saved.site.key if saved.site else "",
        section=saved.section,
        language=saved.language,
        story=saved.story_id,
        rule=saved.rule,
    )


def count_waiting(terms: list[Narrowed], entries: QuerySet[QueueEntry]) -> list[int]:
    """Return how many of the entries each of the terms lets through, in one query for all."""
    if not terms:
        return []
    # One comment may wait in several queues: it counts once.
    counts = {
        f"filter_{place}": Count("comment", distinct=True, filter=narrowing(one)) for place, one in enumerate(terms)
    }
    found = entries.order_by().aggregate(**counts)
    return [found[name] for name in counts]
