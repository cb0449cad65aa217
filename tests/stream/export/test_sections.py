"""All that is kept about somebody is exported, or left out for a reason that stands here."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from belowline.accounts.models import User
from belowline.stream.export.sections import SECTIONS

ROOT = Path(__file__).parents[3]
EXPORTED = {
    "account.EmailAddress.user": "email_addresses",
    "mfa.Authenticator.user": "sign_in_means",
    "socialaccount.SocialAccount.user": "social_accounts",
    "accounts.Identity.user": "publisher_ids",
    "accounts.Grant.user": "roles",
    "usersessions.UserSession.user": "sessions",
    "comments.Comment.author": "comments",
    "comments.Recommendation.user": "recommendations",
    "moderation.Report.reporter": "reports",
    "moderation.ReporterMute.reporter": "reporter_mutes",
    "moderation.Nudge.author": "nudges",
    "moderation.Handover.author": "handover_notes",
    "moderation.Sanction.user": "measures",
    "accounts.Mute.user": "mutes",
    "moderation.SavedFilter.owner": "saved_filters",
    "notifications.Notification.user": "notifications",
    "notifications.NotificationSetting.user": "notification_settings",
    "notifications.Channel.user": "desk_digests",
}
OF_STAFF = "what a member of staff decided is the newsroom's record"
LEFT_OUT = {
    "accounts.Mute.muted": "who mutes somebody is theirs to know",
    "accounts.User_groups.user": "nobody is put into groups; the role is exported",
    "accounts.User_user_permissions.user": "nobody is given permissions; the role is exported",
    "accounts.Grant.granted_by": OF_STAFF,
    "comments.Pick.picked_by": OF_STAFF,
    "moderation.PolicyVersion.activated_by": OF_STAFF,
    "moderation.Decision.moderator": OF_STAFF,
    "moderation.Audit.reviewer": OF_STAFF,
    "moderation.SecondOpinion.giver": OF_STAFF,
    "moderation.Appeal.decided_by": OF_STAFF,
    "moderation.Notice.decided_by": OF_STAFF,
    "moderation.Report.decided_by": OF_STAFF,
    "moderation.Batch.moderator": OF_STAFF,
    "moderation.Batch.undone_by": OF_STAFF,
    "moderation.Tag.tagged_by": OF_STAFF,
    "moderation.QueueEntry.claimed_by": "who looks at a comment now; it is over within minutes",
    "moderation.Handover.closed_by": OF_STAFF,
    "moderation.Sanction.given_by": OF_STAFF,
    "moderation.Sanction.lifted_by": OF_STAFF,
    "moderation.SanctionAppeal.decided_by": OF_STAFF,
    "moderation.TeamNote.written_by": OF_STAFF,
    "moderation.MessageTemplate.changed_by": OF_STAFF,
    "moderation.TeamNote.about": "handed out on request, without what would harm others (article 15(4))",
    "moderation.Escalation.asked_by": OF_STAFF,
    "moderation.Escalation.colleague": OF_STAFF,
    "moderation.Escalation.ended_by": OF_STAFF,
    "moderation.Referral.sent_by": OF_STAFF,
    "notifications.Channel.added_by": OF_STAFF,
    "moderation.ReporterMute.muted_by": OF_STAFF,
    "moderation.ReporterMute.lifted_by": OF_STAFF,
}


def pointing_to_accounts():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if isinstance(field, models.ForeignKey) and field.related_model is User:
                yield f"{model._meta.app_label}.{model.__name__}.{field.name}"


@pytest.mark.parametrize("field", sorted(pointing_to_accounts()))
def test_every_row_about_somebody_is_exported_or_explained(field):
    assert (field in EXPORTED) != (field in LEFT_OUT), f"export {field}, or say here why not"


def test_nothing_is_named_that_is_not_there():
    assert {*EXPORTED, *LEFT_OUT} == set(pointing_to_accounts())
    assert set(EXPORTED.values()) <= {section.name for section in SECTIONS}


def test_every_section_and_column_is_documented():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", (ROOT / "docs/reference/export.md").read_text("utf-8"), re.MULTILINE)
    described = {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}

    assert list(described) == [section.name for section in SECTIONS]
    for section in SECTIONS:
        assert [column for column in section.columns if column not in described[section.name]] == [], section.name


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_somebody_new_has_almost_nothing(section, reader):
    assert len(list(section.read(reader))) == (1 if section.name in {"account", "email_addresses"} else 0)


def test_nothing_of_somebody_else(reader, other_reader, written, give_notice):
    written("Mine.")
    theirs = written("Theirs, a secret.", author=other_reader)
    give_notice(theirs)

    rows = str([list(section.read(reader)) for section in SECTIONS])
    assert "Mine." in rows
    assert "secret" not in rows
    assert "ada@" not in rows


def test_a_notice_under_an_address_that_is_theirs(reader, written, give_notice):
    give_notice(written(), email=reader.email)

    [notices] = [section for section in SECTIONS if section.name == "notices"]
    assert [dict(zip(notices.columns, row, strict=True))["name"] for row in notices.read(reader)] == ["Ada Birch"]
