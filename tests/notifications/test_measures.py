"""Mails about measures: at once but for a minute, in the reader's language, never about what was taken back in time."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.utils import timezone

from belowline.moderation.actions.acknowledge_warning import acknowledge_warning
from belowline.moderation.actions.contest_sanction import contest_sanction
from belowline.moderation.actions.decide_sanction_appeal import decide_sanction_appeal
from belowline.moderation.actions.lift_sanction import lift_sanction
from belowline.moderation.sanction_models import Sanction

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def text_of(work):
    """Do what waits; return the newest mail."""

    def call():
        work()
        return f"{mail.outbox[-1].subject}\n{mail.outbox[-1].body}"

    return call


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("warn", "A moderator has warned you: The Gazette"),
        ("premoderate", "A moderator reads your comments first: The Gazette"),
        ("suspend", "Your account is suspended: The Gazette"),
        ("ban", "Your account is banned: The Gazette"),
    ],
)
def test_what_was_decided_why_and_what_one_can_do(sanction, text_of, rejected, work, kind, subject):  # noqa: PLR0917
    work()
    row = sanction(kind, comment=rejected)
    text = text_of()

    assert text.startswith(subject)
    assert mail.outbox[-1].to == ["marjorie@reader.example"]
    assert "The rule: Words that we do not publish\nFor readers: Words" in text
    assert "You were asked to leave the animals out." in text
    assert "under “Harbour bridge closed for repairs”" in text
    assert "You can contest it until" in text
    assert f"http://localhost:8000/me/account/#measure-{row.pk}" in text
    assert "cannot be switched off" in text
    assert ("It ends: " in text) is (kind in {"suspend", "premoderate"})
    assert "Gazette Desk" not in text


def test_taken_back_within_the_minute_nobody_is_told(sanction, moderator, work):
    lift_sanction(sanction=sanction("suspend"), by=moderator)
    work()

    assert mail.outbox == []


def test_lifted_later_is_told(sanction, admin, text_of):
    row = sanction("suspend")
    Sanction.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=1))
    lift_sanction(sanction=row, by=admin, reason="It was the wrong account.")
    text = text_of()

    assert text.startswith("The decision about your account was lifted: The Gazette")
    assert "It was the wrong account." in text


def test_a_warning_that_was_read_is_mailed_all_the_same(sanction, reader, text_of):
    acknowledge_warning(sanction=sanction("warn"), user=reader)

    assert "A moderator has warned you" in text_of()


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("upheld", "After your appeal, the decision about your account stands"),
        ("overturned", "After your appeal, the decision about your account was lifted"),
    ],
)
def test_how_an_appeal_ended_is_one_mail(sanction, reader, other_moderator, work, text_of, state, words):  # noqa: PLR0917
    row = sanction("suspend")
    Sanction.objects.filter(pk=row.pk).update(created_at=timezone.now() - timedelta(days=1))
    work()
    mail.outbox.clear()
    appeal = contest_sanction(sanction=row, user=reader)
    decide_sanction_appeal(appeal=appeal, moderator=other_moderator, state=state, reason="We looked at the log.")
    text = text_of()

    assert len(mail.outbox) == 1
    assert text.startswith(words)
    assert "We looked at the log." in text


@pytest.mark.parametrize("what", ["unconfirmed", "closed"])
def test_nobody_is_written_to_who_may_be_somebody_else(sanction, reader, work, what):
    sanction("suspend")
    if what == "unconfirmed":
        EmailAddress.objects.update(verified=False)
    else:
        reader.is_active = False
        reader.save()
    work()

    assert mail.outbox == []


def test_in_the_readers_language(sanction, reader, text_of):
    reader.language = "de"
    reader.save()
    sanction("suspend")

    assert "Ihr Konto ist gesperrt" in text_of()


def test_a_title_cannot_break_the_subject(sanction, site, text_of):
    site.name = "The\nGazette"
    site.save()
    sanction("suspend")

    assert text_of().startswith("Your account is suspended: The Gazette\n")
