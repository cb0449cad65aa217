"""Somebody deletes their account: what names them goes, and what others answered stays.

Rows that belong to an account alone (those that would go with it: addresses, means of signing in, sessions, mutes) are
deleted. Comments, decisions and reports stay, and name nobody any more.
"""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from belowline.accounts.actions.end_sessions import end_sessions
from belowline.accounts.administrators import lock_administrators
from belowline.accounts.models import Mute, User
from belowline.comments.models import Recommendation
from belowline.events import tags
from belowline.events.models import record_event
from belowline.moderation.errors import ClosingError
from belowline.moderation.models import Appeal, Notice, Report
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.team_models import TeamNote

KEPT = {(Recommendation, "user"), (Mute, "muted")}
"""What counts for others: recommendations stay counted, and whoever muted somebody sees their comments no more."""


def close_account(*, user: User, deletes_comments: bool) -> None:
    """Erase what names a person, end their sessions, and keep or delete their comments; closing twice does nothing.

    Raises:
        ClosingError: `last_administrator`: nobody else could change the rules of this server.
    """
    from belowline.moderation.tasks import delete_all_comments

    with transaction.atomic():
        admins = lock_administrators()
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if locked.closed_at:
            return
        if admins == [user.pk]:
            raise ClosingError(
                _("You are the only administrator. Make somebody else an administrator first."),
                code="last_administrator",
            )
        erase_elsewhere(locked)
        end_sessions(user=locked)
        delete_own_rows(locked)
        erase_account(locked)
        record_event(tags.ACCOUNT_CLOSED, subject_id=user.pk, actor_id=user.pk, deletes_comments=deletes_comments)
        if deletes_comments:
            delete_all_comments.enqueue(user.pk)


def erase_account(user: User) -> None:
    """Take name and address out of the account itself; nobody can sign in with it again."""
    with override(settings.LANGUAGE_CODE):
        user.display_name = _("Deleted account")
    user.email = f"closed-{user.pk}@deleted.invalid"
    user.closed_at = timezone.now()
    user.is_active = user.is_superuser = False
    user.role, user.language, user.last_login = User.Role.READER, "", None
    user.has_local_role = False
    user.set_unusable_password()
    user.groups.clear()
    user.user_permissions.clear()
    user.save()


def erase_elsewhere(user: User) -> None:
    """Take out of reports and appeals what the person wrote, out of notices who gave them, and what was said of them.

    Measures against the account stay, without the words that were written about it; notes of the team go. Only an
    address that they have confirmed is theirs; the texts of notices stay: they are why something was removed.
    """
    Report.objects.filter(reporter=user).update(text_source="")
    Appeal.objects.filter(decision__comment__author=user).update(text_source="")
    Sanction.objects.filter(user=user).update(words="", lifted_because="")
    SanctionAppeal.objects.filter(sanction__user=user).update(text_source="", reason="")
    TeamNote.objects.filter(about=user).delete()
    for address in confirmed_addresses(user):
        Notice.objects.filter(email__iexact=address).update(name="", email="")
    forget_failures(user)


def confirmed_addresses(user: User) -> list[str]:
    """Return the addresses of which it is known that they are this person's."""
    from allauth.account.models import EmailAddress

    return list(EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True))


def forget_failures(user: User) -> None:
    """Take the account's address out of what failed tasks left: a mail server names those whom it refuses."""
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.filter(traceback__icontains=user.email).update(traceback="")


def delete_own_rows(user: User) -> None:
    """Delete every row that belongs to the account alone."""
    for field in User._meta.get_fields(include_hidden=True):  # noqa: SLF001 - Django's documented way
        if not isinstance(field, models.ForeignObjectRel) or field.on_delete is not models.CASCADE:
            continue
        model, name = field.related_model, field.field.name
        if isinstance(model, type) and (model, name) not in KEPT:
            model._base_manager.filter(**{name: user}).delete()  # noqa: SLF001 - as Django itself deletes
