"""What is exported: section by section, column by column. docs/reference/export.md describes each."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Model, QuerySet

from belowline.accounts.models import Grant, Identity, Mute, User
from belowline.comments.models import Comment, Pick, Recommendation, Revision
from belowline.events.models import Event
from belowline.moderation.actions.close_account import confirmed_addresses
from belowline.moderation.filter_models import SavedFilter
from belowline.moderation.handover import Handover
from belowline.moderation.models import Appeal, Decision, Notice, Nudge, Report
from belowline.moderation.report_models import ReporterMute
from belowline.moderation.sanction_models import Sanction
from belowline.notifications.channel_models import Channel
from belowline.notifications.models import Notification, NotificationSetting

CHUNK = 500
"""So many rows are in memory at once."""
Rows = Callable[[User], QuerySet[Any, Any]]


class Section(NamedTuple):
    """One table of the export."""

    name: str
    rows: Rows
    columns: dict[str, str]
    """Name in the export -> field."""

    def read(self, user: User) -> Iterator[tuple[Any, ...]]:
        """Yield a person's rows, the oldest first."""
        found = self.rows(user).order_by("pk").values_list(*self.columns.values())
        yield from found.iterator(chunk_size=CHUNK)


def _own(model: type[Model], field: str) -> Rows:
    return lambda user: model._default_manager.filter(**{field: user})  # noqa: SLF001 - Django's documented way


def _same(*names: str) -> dict[str, str]:
    return {name: name for name in names}


STORY = {"story": "comment__story__key", "story_title": "comment__story__title", "site": "comment__story__site__key"}
"""Of sections about a comment."""
SECTIONS = (
    Section(
        "account",
        lambda user: User.objects.filter(pk=user.pk),
        _same("id", "email", "display_name", "role", "language", "created_at", "last_login"),
    ),
    Section("email_addresses", _own(EmailAddress, "user"), _same("email", "verified", "primary")),
    Section("sign_in_means", _own(Authenticator, "user"), _same("type", "created_at", "last_used_at")),
    Section(
        "social_accounts",
        _own(SocialAccount, "user"),
        _same("provider", "uid", "extra_data", "date_joined", "last_login"),
    ),
    Section(
        "publisher_ids",
        _own(Identity, "user"),
        {"site": "site__key", "id": "subject", "created_at": "created_at"},
    ),
    Section(
        "roles",
        _own(Grant, "user"),
        {"role": "role", "site": "site__key", "section": "section", "created_at": "created_at"},
    ),
    Section("sessions", _own(UserSession, "user"), {"browser": "user_agent", "signed_in_at": "created_at"}),
    Section(
        "comments",
        _own(Comment, "author"),
        {
            "id": "id",
            "site": "story__site__key",
            "story": "story__key",
            "story_title": "story__title",
            "story_url": "story__url",
            "reply_to": "parent",
            "second_version_of": "resubmits",
            "status": "status",
            "text": "text_source",
            "relation_to_article": "relation_source",
            "recommendations": "recommend_count",
            "is_digression": "is_digression",
            "created_at": "created_at",
            "published_at": "published_at",
            "edited_at": "edited_at",
        },
    ),
    Section(
        "revisions",
        _own(Revision, "comment__author"),
        {"id": "id", "comment": "comment", "text": "text_source", "created_at": "created_at"},
    ),
    Section(
        "decisions",
        _own(Decision, "comment__author"),
        _same(
            *("id", "comment", "revision", "outcome", "maker", "source", "reasons", "noted", "scores", "language"),
            *("policy", "model", "note_to_author", "undoes", "created_at"),
        ),
    ),
    Section(
        "appeals",
        _own(Appeal, "decision__comment__author"),
        {
            "decision": "decision",
            "comment": "decision__comment",
            "text": "text_source",
            "state": "state",
            "reason": "reason",
            "created_at": "created_at",
            "decided_at": "decided_at",
        },
    ),
    Section(
        "measures",
        _own(Sanction, "user"),
        {
            "kind": "kind",
            "site": "site__key",
            "rule": "rule",
            "title": "title",
            "comment": "comment",
            "words": "words",
            "begins_at": "begins_at",
            "ends_at": "ends_at",
            "read_at": "acknowledged_at",
            "lifted_at": "lifted_at",
            "lifted_because": "lifted_because",
            "contested_at": "appeal__created_at",
            "contested_with": "appeal__text_source",
            "appeal_state": "appeal__state",
            "appeal_reason": "appeal__reason",
        },
    ),
    Section("picks", _own(Pick, "comment__author"), _same("comment", "sentence", "created_at")),
    Section(
        "reports",
        _own(Report, "reporter"),
        {"comment": "comment", **STORY, "category": "category", "text": "text_source", "state": "state"}
        | _same("created_at", "decided_at"),
    ),
    Section(
        "reporter_mutes",
        _own(ReporterMute, "reporter"),
        _same("reason", "created_at", "ends_at", "lifted_at"),
    ),
    Section(
        "notices",
        lambda user: Notice.objects.filter(email__in=confirmed_addresses(user)),
        {"comment": "comment", **STORY, "explanation": "explanation_source"}
        | _same("receipt", "legal_ground", "category", "name", "email", "state", "reason", "created_at", "decided_at"),
    ),
    Section(
        "recommendations", _own(Recommendation, "user"), {"comment": "comment", **STORY, "created_at": "created_at"}
    ),
    Section(
        "mutes",
        _own(Mute, "user"),
        {"account": "muted", "display_name": "muted__display_name", "created_at": "created_at"},
    ),
    Section(
        "nudges",
        _own(Nudge, "author"),
        _same("story", "rules", "policy", "result", "comment", "created_at"),
    ),
    Section(
        "saved_filters",
        _own(SavedFilter, "owner"),
        {"name": "name", "is_shared": "is_shared", "site": "site__key", "section": "section", "language": "language"}
        | {"story": "story__key", "rule": "rule", "created_at": "created_at"},
    ),
    Section(
        "notifications",
        _own(Notification, "user"),
        _same("kind", "comment", "subject_id", "created_at", "read_at", "mailed_at"),
    ),
    Section(
        "handover_notes",
        _own(Handover, "author"),
        {"site": "site__key", "text": "text_source", "created_at": "created_at"},
    ),
    Section(
        "desk_digests",
        _own(Channel, "user"),
        {"site": "site__key"}
        | _same("section", "frequency", "has_excerpts", "tells_escalations", "created_at", "sent_at"),
    ),
    Section("notification_settings", _own(NotificationSetting, "user"), _same("kind", "frequency")),
    Section(
        "events",
        lambda user: Event.objects.filter(actor_id=user.pk),
        _same("tag", "subject_id", "data", "created_at"),
    ),
)
