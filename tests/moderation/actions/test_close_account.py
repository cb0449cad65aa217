"""A closed account: nothing in the whole database names its owner any more, and threads stay whole."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core import serializers
from django_tasks_db.models import DBTaskResult

from belowline.accounts.models import Mute, User
from belowline.comments.models import Comment, Recommendation, Revision
from belowline.events.models import Event
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.write_handover import write_handover
from belowline.moderation.errors import ClosingError
from belowline.moderation.models import Appeal, Decision, Notice, Nudge, Report
from belowline.moderation.sanction_models import Sanction, SanctionAppeal
from belowline.moderation.tasks import delete_all_comments
from belowline.moderation.team_models import TeamNote
from belowline.notifications.models import Notification, NotificationSetting

SECRET = "xylophone"
"""A word that only this person wrote."""


def whole_database():
    """Every row of every table as text; of sessions also what is packed within."""
    for model in apps.get_models():
        for row in model._base_manager.all():
            yield serializers.serialize("json", [row])
            if isinstance(row, Session):
                yield str(row.get_decoded())


def found(*words):
    return [text for text in whole_database() for word in words if word.lower() in text.lower()]


@pytest.fixture
def life(reader, other_reader, rejected, published, post, written, give_notice, moderator, sign_in, sanction):  # noqa: PLR0917
    """Somebody who did everything that one can do here: also what names them in other people's rows."""
    submit_appeal(comment=rejected, author=reader, text_source=f"I, Marjorie Tench, say {SECRET}.")
    post(f"What a wombat of a {SECRET}.")
    answer = written("An answer.", author=other_reader, parent=published)
    other = written("Somebody else's.", author=other_reader)
    written("A reply of mine.", parent=other)
    Report.objects.create(comment=other, reporter=reader, category="spam", text_source=f"Marjorie says {SECRET}")
    Recommendation.objects.create(comment=other, user=reader)
    Mute.objects.create(user=reader, muted=moderator)
    Mute.objects.create(user=other_reader, muted=reader)
    Nudge.objects.create(story=other.story, author=reader, idempotency_key="k", text_key="t", policy="p")
    NotificationSetting.objects.create(user=reader, kind="pick", frequency="off")
    Notification.objects.get_or_create(user=reader, kind="reply", comment=answer)
    Authenticator.objects.create(user=reader, type="totp", data={"secret": "s"})
    SocialAccount.objects.create(user=reader, provider="google", uid="1", extra_data={"email": reader.email})
    measure = sanction("premoderate", words="Dear Marjorie Tench, please stop.", comment=rejected)
    contest_sanction(sanction=measure, user=reader, text_source=f"Marjorie says {SECRET}.")
    TeamNote.objects.create(about=reader, written_by=moderator, text_source="Marjorie knows the ferry.")
    give_notice(other, name="Marjorie Tench", email="Marjorie@reader.example")
    DBTaskResult.objects.update(traceback="SMTPRecipientsRefused: {'marjorie@reader.example': (550)}")
    client = sign_in(reader)
    client.get("/me/sessions/")
    session = client.session
    session["account_authentication_methods"] = [{"email": reader.email}]
    session.save()
    return client


def test_the_search_finds_what_is_there(life):
    assert len(found("marjorie")) > 8
    assert len(found(SECRET)) >= 4


@pytest.mark.parametrize("deletes", [False, True])
def test_neither_name_nor_address_is_left_anywhere(life, reader, deletes):
    close_account(user=reader, deletes_comments=deletes)
    if deletes:
        delete_all_comments.call(reader.pk)

    assert found("marjorie", "tench") == []


def test_comments_that_are_deleted_are_erased_in_every_place(life, reader, published):
    close_account(user=reader, deletes_comments=True)
    delete_all_comments.call(reader.pk)

    assert found(SECRET, "harbour bridge and its tolls") == []
    assert set(Comment.objects.filter(author=reader).values_list("status", "text_source", "body_html")) == {
        ("deleted", "", "")
    }
    published.story.refresh_from_db()
    public = Comment.objects.filter(story=published.story, status="published").count()
    assert published.story.comment_count == public == 2
    assert Decision.objects.filter(comment__author=reader).count() == 4
    assert all(reason["rule"] for row in Decision.objects.all() for reason in row.reasons)


def test_comments_that_stay_stand_under_another_name(life, reader, published, stranger):
    close_account(user=reader, deletes_comments=False)

    shown = stranger.get(f"/discussion/{published.story_id}/").content.decode()
    assert "Deleted account" in shown
    assert published.body_html in shown
    assert "Marjorie" not in shown
    assert Revision.objects.filter(text_source__contains=SECRET).exists()
    assert not DBTaskResult.objects.filter(task_path__endswith=".delete_all_comments").exists()


def test_what_belongs_to_the_account_alone_goes(life, reader):
    close_account(user=reader, deletes_comments=False)

    for model in (EmailAddress, Authenticator, SocialAccount, UserSession, Notification, NotificationSetting):
        assert not model.objects.filter(user=reader).exists(), model
    assert not Session.objects.exists()
    assert life.get("/me/").status_code == 302


def test_what_counts_for_others_stays(life, reader, other_reader):
    close_account(user=reader, deletes_comments=False)

    assert Recommendation.objects.filter(user=reader).count() == 1
    assert list(Mute.objects.values_list("user", "muted")) == [(other_reader.pk, reader.pk)]
    report = Report.objects.get(reporter=reader)
    assert (report.category, report.text_source, report.state) == ("spam", "", "open")
    notice = Notice.objects.get()
    assert (notice.name, notice.email) == ("", "")
    assert notice.explanation_source
    assert Appeal.objects.get().text_source == ""
    measure = Sanction.objects.get()
    assert (measure.kind, measure.rule, measure.words) == ("premoderate", "banned_word", "")
    assert SanctionAppeal.objects.get().text_source == ""
    assert not TeamNote.objects.exists()


def test_the_account_itself(reader, site):
    close_account(user=reader, deletes_comments=False)
    closed = User.objects.get(pk=reader.pk)

    assert (closed.display_name, closed.email) == ("Deleted account", f"closed-{reader.pk}@deleted.invalid")
    assert closed.closed_at is not None
    assert (closed.is_active, closed.has_usable_password(), closed.last_login) == (False, False, None)
    [event] = Event.objects.filter(tag="account:closed")
    assert (event.subject_id, event.actor_id, event.data) == (reader.pk, reader.pk, {"deletes_comments": False})


def test_many_are_called_the_same_and_twice_is_once(reader, other_reader):
    for user in (reader, other_reader, reader):
        close_account(user=user, deletes_comments=False)

    assert User.objects.filter(display_name="Deleted account").count() == 2
    assert Event.objects.filter(tag="account:closed").count() == 2


def test_the_name_is_free_again(reader, account):
    close_account(user=reader, deletes_comments=False)

    assert account("Marjorie Tench", email="marjorie@reader.example").pk != reader.pk


def test_somebody_elses_notice_under_an_unconfirmed_address_stays(reader, give_notice):
    EmailAddress.objects.create(user=reader, email="ada@notifier.example", verified=False)
    give_notice()
    close_account(user=reader, deletes_comments=False)

    assert Notice.objects.get().email == "ada@notifier.example"


def test_the_only_administrator_stays(admin, account):
    with pytest.raises(ClosingError) as refused:
        close_account(user=admin, deletes_comments=False)
    assert refused.value.code == "last_administrator"
    account("Second Editor", "admin")
    close_account(user=admin, deletes_comments=False)

    assert User.objects.get(pk=admin.pk).role == "reader"


def test_roles_on_sites_go_too(local, site, moderator):
    user = local(site, "admin", "sport")
    close_account(user=user, deletes_comments=False)

    kept = User.objects.get(pk=user.pk)
    assert (kept.has_role, kept.grants.exists()) == (False, False)


def test_what_was_handed_over_stays_and_names_nobody(moderator, site):
    note = write_handover(by=moderator, text_source="Keep an eye on the bridge.", site=site)
    close_account(user=moderator, deletes_comments=True)

    note.refresh_from_db()
    assert (note.text_source, note.author.display_name) == ("Keep an eye on the bridge.", "Deleted account")


def test_a_moderators_decisions_stay(rejected, moderator):
    close_account(user=moderator, deletes_comments=True)
    delete_all_comments.call(moderator.pk)

    assert rejected.decisions.latest("pk").moderator == moderator
    rejected.refresh_from_db()
    assert (rejected.status, rejected.text_source[:13]) == ("rejected", "What a wombat")
