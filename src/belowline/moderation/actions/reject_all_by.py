"""A moderator rejects, or removes, all that a commenter wrote in some time: one batch, taken back as a whole."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import OuterRef, QuerySet, Subquery

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require_somewhere, within
from belowline.comments.models import Comment
from belowline.engine.policy import TOPIC_SCORES
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.batches import Batch
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.stories.models import Site

Status = Comment.Status
UNSEEN = -1
"""The id of no decision: whoever saw this one saw another than the newest."""


def reject_all_by(  # noqa: PLR0913 - what the form says
    *,
    author: User,
    moderator: User,
    site: Site,
    rule: str,
    note_to_author: str = "",
    since: datetime | None = None,
    with_published: bool = False,
    as_of: int,
) -> Batch:
    """Reject what of an author's waits on a site, and remove what is published too where `with_published` says so.

    `as_of` is the id of the newest decision when the moderator looked: what was decided after it is skipped, and
    written after it is left alone. The topic is judged comment by comment: its rules are refused here.

    Raises:
        PermissionDenied: they may not decide about many comments at once.
        DecidingError: `topic_alone`, and whatever `decide_batch` refuses: `rule_required`, `nothing_chosen` ...
    """
    require_somewhere(moderator, Action.DECIDE_BATCH)
    known = site_policy(site).rules.get(rule)
    if known is not None and known.score in TOPIC_SCORES:
        raise DecidingError("Off topic is judged comment by comment. Name another rule.", code="topic_alone")
    found = comments_by(author=author, moderator=moderator, site=site, since=since, with_published=with_published)
    batch = decide_batch(
        comments=list(found.values_list("pk", flat=True)),
        moderator=moderator,
        outcome=Decision.Outcome.REJECT,
        rule=rule,
        note_to_author=note_to_author,
        seen=_seen(found, as_of),
        chosen=f"everything of commenter {author.pk}",
    )
    record_event(
        tags.ACCOUNT_ALL_REJECTED,
        subject_id=author.pk,
        site_id=site.pk,
        actor_id=moderator.pk,
        batch=batch.pk,
        done=batch.done,
    )
    return batch


def comments_by(
    *, author: User, moderator: User, site: Site, since: datetime | None = None, with_published: bool = False
) -> QuerySet[Comment]:
    """Return what would be rejected or removed, of what this moderator may decide about."""
    statuses = (Status.HELD, Status.PUBLISHED) if with_published else (Status.HELD,)
    found = Comment.objects.filter(author=author, story__site=site, status__in=statuses)
    if since is not None:
        found = found.filter(created_at__gte=since)
    return within(moderator, Action.DECIDE_BATCH, found)


def _seen(found: QuerySet[Comment], as_of: int) -> Mapping[int, int]:
    """Return the decision that the moderator saw of each comment; UNSEEN where a newer one came after they looked."""
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-id").values("pk")[:1]
    rows = found.annotate(newest=Subquery(newest)).values_list("pk", "newest")
    return {pk: decision if decision is not None and decision <= as_of else UNSEEN for pk, decision in rows}
