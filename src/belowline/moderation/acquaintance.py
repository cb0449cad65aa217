"""Whose private data concerns a member of staff: of people who wrote, or reported, where their role holds."""

from django.core.exceptions import PermissionDenied

from belowline.accounts.models import User
from belowline.accounts.permissions import Action, may, within
from belowline.comments.models import Comment
from belowline.moderation.models import Report


def concerns(user: User, staff: User, action: Action = Action.SEE_PRIVATE) -> bool:
    """Say whether somebody may do this to an account: everywhere, or where it has written or reported something.

    Accounts belong to no site; what is private about them is not for moderators of a site where they never were.
    """
    if may(staff, action):
        return True
    if within(staff, action, Comment.objects.filter(author=user)).exists():
        return True
    place = {"site": "comment__story__site", "section": "comment__story__section"}
    return within(staff, action, Report.objects.filter(reporter=user), **place).exists()


def require_concern(user: User, staff: User, action: Action = Action.SEE_PRIVATE) -> None:
    """Let an action go on where `concerns` says yes.

    Raises:
        PermissionDenied: this person has written nothing, and reported nothing, where that role holds.
    """
    if not concerns(user, staff, action):
        raise PermissionDenied("this person never wrote where your role holds")
