"""A moderator takes a published comment away again; a visible notice stays in its place."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.models import Comment
from belowline.moderation.actions.record_decision import moderator_reason, record_decision
from belowline.moderation.engine import site_policy
from belowline.moderation.errors import DecidingError
from belowline.moderation.excerpts import Excerpt
from belowline.moderation.hiding import is_hidden
from belowline.moderation.models import Decision

LEGAL_GROUND_CHARACTERS = 500
CHANGED = "The comment has changed since you saw it: please look at it again. Nothing was changed."


def remove_comment(  # noqa: PLR0913 - what a moderator fills in
    *,
    comment: Comment,
    moderator: User,
    rule: str,
    note_to_author: str = "",
    source: Decision.Source = Decision.Source.OWN,
    legal_ground: str = "",
    excerpt: Excerpt | None = None,
    last_seen: int | None = None,
) -> Decision:
    """Remove a published comment by a rule of the policy; `undo_decision` puts it back.

    One that is hidden because of reports had been published, and counts as such. `excerpt` is the passage that is
    meant; `last_seen` the id of the newest decision that the moderator saw.

    `legal_ground` names the law that it is against, where it is: up to 500 characters, and no personal data.

    Raises:
        PermissionDenied: no moderator.
        DecidingError: `not_published` (it is no longer there), `not_waiting` (it has changed), `rule_required` or
            `unknown_rule`.
    """
    require(moderator, Action.REMOVE, site=comment.story.site_id, section=comment.story.section)
    with transaction.atomic():
        locked = (
            Comment.objects.select_for_update(of=("self",), no_key=True)
            .select_related("story__site")
            .get(pk=comment.pk)
        )
        newest = locked.decisions.order_by("-id").first()
        if not (locked.is_public or is_hidden(locked, newest)):
            raise DecidingError("This comment is not published any more. Nothing was changed.", code="not_published")
        if last_seen and newest and newest.pk != last_seen:
            raise DecidingError(CHANGED, code="not_waiting")
        reason = moderator_reason(locked, newest, rule, Decision.Outcome.REMOVE, excerpt)
        if legal_ground.strip():
            reason["legal_ground"] = legal_ground.strip()[:LEGAL_GROUND_CHARACTERS]
        return record_decision(
            comment=locked,
            outcome=Decision.Outcome.REMOVE,
            moderator=moderator,
            maker=Decision.Maker.PERSON,
            reasons=[reason],
            policy=site_policy(locked.story.site).version,
            note_to_author=note_to_author,
            source=source,
        )
