"""Somebody signs out elsewhere: in one browser, in all but this one, or everywhere."""

from allauth.usersessions.models import UserSession
from django.db import transaction

from belowline.accounts.models import User
from belowline.events import tags
from belowline.events.models import record_event


def end_sessions(
    *, user: User, session_id: int | None = None, besides: str | None = None, by_operator: bool = False
) -> int:
    """End one session, or all of an account but the one with the key `besides`; return how many ended.

    What is somebody else's, or has ended already, is left alone. `by_operator`: not the account's owner does this.
    """
    with transaction.atomic():
        found = UserSession.objects.filter(user=user).exclude(session_key=besides or "")
        ended = list(found if session_id is None else found.filter(pk=session_id))
        for session in ended:
            session.end()
        if ended:
            record_event(
                tags.ACCOUNT_SESSIONS_ENDED,
                subject_id=user.pk,
                actor_id=None if by_operator else user.pk,
                count=len(ended),
            )
    return len(ended)
