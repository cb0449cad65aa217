"""Somebody who left traces everywhere is erased: the raw database, its index of words, files and the log are searched.

test_close_account.py looks at what becomes of each thing; this one looks at all bytes, whatever table they are in.
"""

import logging

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from belowline.accounts.models import Identity
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.models import Comment, StorySubjects
from belowline.moderation.actions.close_account import close_account
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.escalation_models import Referral
from belowline.moderation.models import Report
from belowline.moderation.tasks import delete_all_comments
from belowline.moderation.team_models import TeamNote
from belowline.notifications.models import Notification
from belowline.notifications.tasks import mail_notification
from belowline.notifications.webhooks.models import Message
from belowline.retention.tasks import erase_nightly

SECRET = "xylophone"
"""A word that only this person wrote."""
NAMES = ("marjorie", "tench", "reader.example/marjorie", "subscriber-4711", "google-0815", "0815@elsewhere")
WORDS = (SECRET, "ukulele", "glockenspiel", "harbour bridge and its tolls")


def raw():
    """Every value of every row of every table there is, Django's or not, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - names of our own tables
            for row in cursor.fetchall():
                for value in row:
                    text = bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
                    yield f"{table}: {text}"
    for session in Session.objects.all():
        yield f"session: {session.get_decoded()}"


def files():
    """What stands in the data folder besides the database."""
    for path in settings.DATA_DIR.rglob("*"):
        if path.is_file() and "sqlite3" not in path.name:
            yield f"{path.name}: {path.read_bytes().decode('latin-1')}"


def found(*words):
    texts = [*raw(), *files()]
    return [text[:200] for text in texts for word in words if word.lower() in text.lower()]


@pytest.fixture
def life(  # noqa: PLR0917 - a cast
    reader,
    other_reader,
    moderator,
    site,
    post,
    written,
    webhook,
    sanction,
    give_notice,
    sign_in,
    story,
    escalated,
    caplog,
):
    """Somebody who did everything that one can do here, and to whom everything was done."""
    caplog.set_level(logging.DEBUG, "belowline")
    SocialAccount.objects.create(user=reader, provider="google", uid="google-0815", extra_data={"sub": "google-0815"})
    Identity.objects.create(site=site, subject="subscriber-4711", user=reader)
    Authenticator.objects.create(user=reader, type="totp", data={"secret": "glockenspiel"})
    EmailAddress.objects.create(user=reader, email="0815@elsewhere.example", verified=True)
    endpoint = webhook(sends_text=True, sends_author=True)
    public = post(f"A quiet {SECRET} about the harbour bridge and its tolls.").comment
    edit_comment(comment=public, author=reader, text_source=f"A quiet {SECRET}, and an ukulele, about the bridge.")
    held = post(f"What a wombat of a {SECRET} this is.").comment
    escalated(comment=held, note=f"Marjorie Tench writes {SECRET}.")
    Referral.objects.create(comment=held, sent_by=moderator, desk="newsroom", note="Marjorie Tench again.")
    tag_comment(comment=public, by=moderator, word=SECRET)
    pick_comment(comment=public, by=moderator, sentence="An editor's own words.")
    StorySubjects.objects.update_or_create(
        story=public.story, defaults={"found": [{"name": f"{SECRET}, tolls", "comments": [public.pk]}], "counted": 20}
    )
    gone = post("Another quiet ukulele about the harbour bridge.").comment
    remove_comment(comment=gone, moderator=moderator, rule="links", note_to_author=f"Dear Marjorie, no {SECRET}s.")
    submit_appeal(comment=gone, author=reader, text_source=f"I, Marjorie Tench, say {SECRET}.")
    other = written("Somebody else's remark.", author=other_reader)
    Report.objects.create(comment=other, reporter=reader, category="spam", text_source=f"Marjorie says {SECRET}")
    give_notice(other, name="Marjorie Tench", email="marjorie@reader.example")
    answer = written("An answer to her.", author=other_reader, parent=public)
    told, _ = Notification.objects.get_or_create(user=reader, kind="reply", comment=answer)
    mail_notification.call(told.pk)
    TeamNote.objects.create(about=reader, written_by=moderator, text_source="Marjorie Tench knows the ferry.")
    measure = sanction("premoderate", words="Dear Marjorie Tench, please stop.", comment=gone)
    contest_sanction(sanction=measure, user=reader, text_source=f"Marjorie says {SECRET}.")
    browser = sign_in(reader)
    for path in ("/me/sessions/", "/me/", "/me/export/", "/me/notifications/"):
        browser.get(path)
    assert Message.objects.filter(webhook=endpoint).exists()
    return public


def test_the_search_finds_what_is_there(life):
    assert len(found("marjorie", "tench")) > 10
    assert len(found(SECRET)) > 10
    assert all(found(word) for word in ("subscriber-4711", "google-0815", "0815@elsewhere", "ukulele"))


def test_nothing_of_an_erased_person_is_left_in_any_byte(life, reader, caplog):
    close_account(user=reader, deletes_comments=True)
    delete_all_comments.call(reader.pk)
    erase_nightly.call()

    assert found(*NAMES) == []
    assert found(*WORDS) == []
    assert not [word for word in (*NAMES, SECRET, "ukulele") if word in caplog.text.lower()]
    assert Comment.objects.filter(author=reader).count() == 4, "threads stay whole"


def test_who_leaves_their_comments_leaves_nothing_else(life, reader):
    close_account(user=reader, deletes_comments=False)
    erase_nightly.call()

    left = [text for text in found(*NAMES) if not text.startswith(NOTED)]
    assert left == []
    assert found(SECRET), "the comments stay"


NOTED = ("moderation_escalation:", "moderation_referral:", "moderation_decision:")
"""What moderators wrote about a comment stays as long as the comment does, and names whom they named."""


@pytest.mark.parametrize("word", ["xylophone", "ukulele"])
def test_the_index_of_words_forgets(life, reader, as_moderator, word):
    assert str(life.pk) in as_moderator.get(f"/desk/search/?q={word}").content.decode()
    close_account(user=reader, deletes_comments=True)
    delete_all_comments.call(reader.pk)

    assert list(Comment.objects.filter(text_source__icontains=word)) == []
    shown = as_moderator.get(f"/desk/search/?q={word}")
    assert f"/desk/comments/{life.pk}/" not in shown.content.decode()


def test_sessions_are_readable_to_the_search(life):
    """Else it would find nothing in them whatever they held."""
    assert any("session:" in text and "_auth_user_id" in text for text in raw())
