"""A moderator accepts a notice of illegal content, and the comment is removed; or declines it, and it stays."""

from django.db import transaction
from django.utils import timezone

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.errors import NoticeError
from belowline.moderation.impartial import check_not_own
from belowline.moderation.models import Decision, Notice
from belowline.moderation.notices import waiting_notices


def decide_notice(  # noqa: PLR0913 - what a moderator fills in
    *,
    notice: Notice,
    moderator: User,
    accept: bool,
    reason: str,
    rule: str = "",
    legal_ground: str = "",
    note_to_author: str = "",
) -> Notice:
    """Decide about a notice; `reason` is for the notifier, the rest for the removal.

    Where a comment is gone already, accepting removes nothing: it says that the notifier was right.

    Raises:
        PermissionDenied: no moderator.
        NoticeError: `notice_decided` (somebody was faster) or `notice_reason_required`.
        DecidingError: `own_comment` (another moderator must decide), or as `remove_comment`.
    """
    story = notice.comment.story
    require(moderator, Action.DECIDE_NOTICE, site=story.site_id, section=story.section)
    if not reason.strip():
        raise NoticeError("Write the reason for the person who sent the notice.", code="notice_reason_required")
    with transaction.atomic():
        locked = Notice.objects.select_for_update(of=("self",)).select_related("comment__story").get(pk=notice.pk)
        if not waiting_notices().filter(pk=locked.pk).exists():
            raise NoticeError(
                "Somebody has decided about this notice meanwhile. Nothing was changed.", code="notice_decided"
            )
        check_not_own(locked.comment, moderator)
        locked.result = None
        if accept and locked.comment.is_public:
            locked.result = remove_comment(
                comment=locked.comment,
                moderator=moderator,
                rule=rule,
                note_to_author=note_to_author,
                source=Decision.Source.NOTICE,
                legal_ground=legal_ground,
            )
        locked.state = Notice.State.ACCEPTED if accept else Notice.State.DECLINED
        locked.reason, locked.decided_by, locked.decided_at = reason.strip(), moderator, timezone.now()
        locked.save(update_fields=["result", "state", "reason", "decided_by", "decided_at"])
        record_event(
            tags.NOTICE_ACCEPTED if accept else tags.NOTICE_DECLINED,
            subject_id=locked.pk,
            site_id=locked.comment.story.site_id,
            actor_id=moderator.pk,
            **({"decision": locked.result.pk if locked.result else None} if accept else {}),
        )
    return locked
