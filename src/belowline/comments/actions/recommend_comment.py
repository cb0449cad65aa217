"""A reader recommends a comment: once, never their own, and there is no voting down.

The row says who and when; no event is written, because nobody is told and nothing else follows.
"""

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext

from belowline.accounts.models import User
from belowline.comments.errors import RecommendingError
from belowline.comments.models import Comment, Recommendation
from belowline.comments.tasks import show_soon


def recommend_comment(*, comment: Comment, by: User) -> int:
    """Recommend a published comment and return how many recommend it; doing it twice changes nothing.

    Raises:
        RecommendingError: `cannot_recommend`: it is their own, it is not published, or their account is closed.
    """
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        if why := why_not(locked, by):
            raise RecommendingError(why, code="cannot_recommend")
        _, is_new = Recommendation.objects.get_or_create(comment=locked, user=by)
        return count_one(locked, int(is_new))


def why_not(comment: Comment, by: User) -> str:
    """Return why somebody cannot recommend a comment, as a sentence for them; empty: they can."""
    if not by.is_active:
        return gettext("This account is closed.")
    if not comment.is_public:
        return gettext("This comment is not published any more.")
    if comment.author_id == by.pk:
        return gettext("This is your own comment: others may recommend it.")
    return ""


def count_one(comment: Comment, step: int) -> int:
    """Move the counter of a comment whose row is locked (`step` is -1, 0 or 1), and return what it is then."""
    if step:
        Comment.objects.filter(pk=comment.pk).update(recommend_count=F("recommend_count") + step)
        comment.rerank()
        show_soon(comment.story)
    return comment.recommend_count + step
