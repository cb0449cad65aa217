"""An editor puts a comment forward, with a sentence that says why; picking it again changes the sentence."""

from django.db import transaction
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, require
from belowline.comments.errors import CuratingError
from belowline.comments.models import Comment, Pick
from belowline.events import tags
from belowline.events.models import record_event

MAX_SENTENCE_CHARACTERS = 300


def pick_comment(*, comment: Comment, by: User, sentence: str = "") -> Pick:
    """Pick a published comment of somebody else's; the same pick again changes nothing.

    The event's `is_new` is false where only the sentence is another one.

    Raises:
        PermissionDenied: no moderator.
        CuratingError: `not_published`, `own_comment` or `sentence_too_long`.
    """
    require(by, Action.PICK, site=comment.story.site_id, section=comment.story.section)
    words = check_sentence(sentence)
    with transaction.atomic():
        locked = published_comment(comment)
        if locked.author_id == by.pk:
            raise CuratingError(gettext("This is your own comment: a colleague may pick it."), code="own_comment")
        pick, is_new = Pick.objects.get_or_create(comment=locked, defaults={"sentence": words, "picked_by": by})
        if not is_new and pick.sentence == words:
            return pick
        if not is_new:
            pick.sentence, pick.picked_by = words, by
            pick.save(update_fields=["sentence", "picked_by"])
        locked.rerank()
        locked.story.bump()
        record_event(
            tags.COMMENT_PICKED,
            subject_id=locked.pk,
            site_id=locked.story.site_id,
            actor_id=by.pk,
            is_new=is_new,
        )
    return pick


def published_comment(comment: Comment) -> Comment:
    """Return the comment with its row locked, inside the caller's transaction.

    Raises:
        CuratingError: `not_published`.
    """
    locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
    if not locked.is_public:
        raise CuratingError(
            gettext("This comment is not published any more. Nothing was changed."), code="not_published"
        )
    return locked


def check_sentence(sentence: str) -> str:
    """Return an editor's sentence in one line, without blanks around it.

    Raises:
        CuratingError: `sentence_too_long`.
    """
    words = " ".join(sentence.replace("\x00", "").split())
    if len(words) > MAX_SENTENCE_CHARACTERS:
        raise CuratingError(
            gettext("Your sentence has %(count)d characters; at most %(most)d fit. Please shorten it.")
            % {"count": len(words), "most": MAX_SENTENCE_CHARACTERS},
            code="sentence_too_long",
        )
    return words
