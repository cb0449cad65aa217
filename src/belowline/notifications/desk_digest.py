"""What a digest of the desk says: how much waits where, and the first of the held comments with their links."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from belowline.comments.models import Comment
from belowline.moderation.appeals import open_appeals
from belowline.moderation.desks import MODERATORS, held_at, listed_at
from belowline.moderation.engine import site_policy
from belowline.moderation.escalations import open_escalations
from belowline.moderation.models import Decision
from belowline.moderation.notices import waiting_notices
from belowline.moderation.queries import with_history
from belowline.moderation.reports import comments_to_look_at
from belowline.notifications.action_links import ActionLink, action_address
from belowline.notifications.channel_models import Channel

if TYPE_CHECKING:
    from django.db.models import QuerySet

MOST = 5
"""Comments that are shown."""
EXCERPT_CHARACTERS = 200


class Count(NamedTuple):
    """How much waits on a page of the desk."""

    title: str
    number: int
    address: str


class Item(NamedTuple):
    """A held comment, and what can be done about it."""

    author: str
    story: str
    since: datetime
    why: str
    """The title of the gravest rule that it met."""
    excerpt: str
    """The beginning of its text, untrusted; empty where the channel quotes nothing."""
    publish: str
    reject: str
    """The address that leads to rejecting it by that rule; empty where there is none."""
    open: str


class Digest(NamedTuple):
    """What waits."""

    place: str
    """The site and section that it is about, or empty: everything."""
    total: int
    oldest: datetime | None
    """Since when the comment waits that waits longest for a moderator."""
    counts: tuple[Count, ...]
    items: tuple[Item, ...]
    desk: str
    """The address of the desk."""


def desk_digest(channel: Channel) -> Digest | None:
    """Return what waits where a channel's readers look; None: nothing does."""
    counts = tuple(count for count in _counts(channel) if count.number)
    held = held_at(MODERATORS).filter(**_place(channel, "story"))
    first = list(with_history(held)[:MOST])
    if not counts:
        return None
    return Digest(
        place=place_of(channel),
        total=sum(count.number for count in counts),
        oldest=first[0].created_at if first else None,
        counts=counts,
        items=tuple(_item(comment, channel) for comment in first),
        desk=settings.BASE_URL + reverse("desk"),
    )


def place_of(channel: Channel) -> str:
    """Return the site and section that a channel is about; empty: everything."""
    if channel.site is None:
        return ""
    return f"{channel.site.name}, {channel.section}" if channel.section else channel.site.name


def waited(since: datetime, now: datetime | None = None) -> str:
    """Return how long something has waited, in short words."""
    minutes = max(1, int(((now or timezone.now()) - since).total_seconds() // 60))
    hours, days = minutes // 60, minutes // (24 * 60)
    if days:
        return f"{days} day{'s' if days > 1 else ''}"
    return f"{hours} h {minutes % 60} min" if hours else f"{minutes} min"


def _counts(channel: Channel) -> list[Count]:
    of_comment, of_story = _place(channel, "comment__story"), _place(channel, "story")
    of_decision = _place(channel, "decision__comment__story")
    kinds: list[tuple[str, str, list[QuerySet[Any]]]] = [
        ("Held", "desk", [held_at(MODERATORS).filter(**of_story)]),
        ("Reported", "desk-reports", [comments_to_look_at().filter(**of_story)]),
        ("Appeals", "appeals", [open_appeals().filter(**of_decision)]),
        ("Notices of illegal content", "desk-notices", [waiting_notices().filter(**of_comment)]),
        ("Escalated", "desk-escalated", [open_escalations().filter(**of_comment)]),
        *(
            (desk.title(), f"desk-{desk}", [held_at(desk).filter(**of_story), listed_at(desk).filter(**of_story)])
            for desk in ("newsroom", "corrections")
        ),
    ]
    return [
        Count(title, sum(rows.count() for rows in found), settings.BASE_URL + reverse(page))
        for title, page, found in kinds
    ]


def _place(channel: Channel, story: str) -> dict[str, Any]:
    """Return what narrows a query to where a channel's readers look; `story` is the way to the story."""
    if channel.site_id is None:
        return {}
    return {f"{story}__site": channel.site_id} | ({f"{story}__section": channel.section} if channel.section else {})


def _item(comment: Comment, channel: Channel) -> Item:
    newest: Decision = comment.history[0]  # type: ignore[attr-defined] # moderation.queries.with_history sets it
    reason = newest.first_reason
    rule = reason["rule"] if reason and reason["rule"] in site_policy(comment.story.site).rules else ""
    user = channel.user_id or 0

    def leads_to(outcome: Decision.Outcome, rule: str = "") -> str:
        return action_address(ActionLink(comment.pk, outcome.value, rule, newest.pk, user))

    return Item(
        author=comment.author.display_name,
        story=str(comment.story),
        since=comment.created_at,
        why=reason["title"] if reason else "Waiting",
        excerpt=_excerpt(comment.text_source) if channel.has_excerpts else "",
        publish=leads_to(Decision.Outcome.PUBLISH),
        reject=leads_to(Decision.Outcome.REJECT, rule) if rule else "",
        open=f"{settings.BASE_URL}{reverse('desk')}?comment={comment.pk}",
    )


def _excerpt(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= EXCERPT_CHARACTERS else f"{words[:EXCERPT_CHARACTERS].rstrip()} …"
