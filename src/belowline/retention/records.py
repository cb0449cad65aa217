"""Deleting rows that nobody needs any more when their time is over. Each call deletes a few."""

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet
from django_tasks_db.models import DBTaskResult

from belowline.accounts.models import Identity, UsedToken, User
from belowline.comments.models import Comment
from belowline.compat.models import Suggestion
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.models import Report
from belowline.notifications.channel_models import UsedLink
from belowline.notifications.models import Notification
from belowline.notifications.webhooks.models import Message


def delete_notifications(before: datetime, most: int) -> int:
    """Delete what readers were told before then."""
    return _delete(Notification.objects.filter(created_at__lt=before), most)


def delete_messages(before: datetime, most: int) -> int:
    """Delete messages to publishers that were delivered, or given up, before then."""
    return _delete(Message.objects.filter(ended_at__lt=before), most)


def delete_tasks(before: datetime, most: int) -> int:
    """Delete tasks that were done, or failed, before then."""
    return _delete(DBTaskResult.objects.filter(finished_at__lt=before), most)


def delete_suggestions(before: datetime, most: int) -> int:
    """Delete scores, with their texts, that callers of the Perspective door suggested before then."""
    return _delete(Suggestion.objects.filter(changed_at__lt=before), most)


def delete_expired(now: datetime, most: int) -> int:
    """Delete sessions that have ended, and used tokens and links that would not be accepted any more anyway."""
    live = Session.objects.filter(session_key=OuterRef("session_key"))
    steps: tuple[QuerySet[Any], ...] = (
        Session.objects.filter(expire_date__lt=now),
        UserSession.objects.filter(~Exists(live)),
        UsedToken.objects.filter(expires_at__lt=now),
        UsedLink.objects.filter(expires_at__lt=now),
    )
    count = 0
    for rows in steps:
        count += _delete(rows, most - count)
        if count >= most:
            break
    return count


def close_unconfirmed(before: datetime, most: int) -> int:
    """Close accounts that were made before then, never confirmed an address, and never did anything."""
    rows = {"user": OuterRef("pk")}
    untouched = User.objects.filter(
        ~Exists(EmailAddress.objects.filter(verified=True, **rows)),
        ~Exists(Identity.objects.filter(**rows)),
        ~Exists(SocialAccount.objects.filter(**rows)),
        ~Exists(Comment.objects.filter(author=OuterRef("pk"))),
        ~Exists(Report.objects.filter(reporter=OuterRef("pk"))),
        created_at__lt=before,
        closed_at=None,
        role=User.Role.READER,
        has_local_role=False,
    )
    found = list(untouched.order_by("pk")[:most])
    for user in found:
        close_account(user=user, deletes_comments=False)
    return len(found)


def _delete(rows: QuerySet[Any], most: int) -> int:
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:most])
    if not ids:
        return 0
    rows.model._base_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - as Django itself deletes
    return len(ids)
