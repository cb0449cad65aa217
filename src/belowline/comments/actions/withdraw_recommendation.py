"""A reader takes their recommendation back, at any time."""

from django.db import transaction

from belowline.accounts.models import User
from belowline.comments.actions.recommend_comment import count_one
from belowline.comments.models import Comment, Recommendation


def withdraw_recommendation(*, comment: Comment, by: User) -> int:
    """Take a recommendation back and return how many are left; where there is none, nothing changes."""
    with transaction.atomic():
        locked = Comment.objects.select_for_update(of=("self",), no_key=True).select_related("story").get(pk=comment.pk)
        gone, _ = Recommendation.objects.filter(comment=locked, user=by).delete()
        return count_one(locked, -min(gone, 1))
