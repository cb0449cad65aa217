"""Mails to those who give notice: the receipt at once, the decision after the minute in which it may be taken back."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.actions.submit_notice import NoticeText, submit_notice
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.notifications.notices import mail_notice_decision, mail_receipt
from belowline.stories.models import Story


@pytest.fixture
def notice(published):
    return submit_notice(
        comment=published,
        text=NoticeText(
            category="VIOLENCE",
            explanation="The last sentence threatens the ferryman by name.",
            name="Ada O'Birch",
            email="ada@notifier.example",
            in_good_faith=True,
        ),
    )


@pytest.fixture
def settle(notice, moderator):
    def call(accept, reason="It is <a> threat.", **more):
        return decide_notice(notice=notice, moderator=moderator, accept=accept, reason=reason, rule="links", **more)

    return call


def tasks(name):
    return [task for task in DBTaskResult.objects.all() if task.task_path.endswith(f".{name}")]


def newest(name):
    return tasks(name)[-1].args_kwargs["args"]


@pytest.mark.django_db(transaction=True)
def test_the_receipt_goes_out_at_once_and_the_decision_does_not(notice, settle):
    settle(accept=False)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    assert [message.subject[:12] for message in mail.outbox] == ["We have rece"]


def test_the_receipt(notice):
    [task] = tasks("mail_receipt")
    assert task.args_kwargs["args"] == [notice.pk]
    assert mail_receipt.call(notice.pk) is True

    [message] = mail.outbox
    assert message.to == ["ada@notifier.example"]
    assert message.subject == "We have received your notice: Harbour bridge closed for repairs"
    assert "Hello Ada O'Birch," in message.body
    assert notice.receipt in message.body
    assert f"http://localhost:8000/notices/{notice.receipt}/" in message.body
    assert "Threats, or a call for violence" in message.body


@pytest.mark.parametrize(
    ("accept", "what", "words"),
    [(True, "accepted", "the comment was removed"), (False, "declined", "the comment stays")],
)
def test_the_decision(notice, settle, accept, what, words):
    settle(accept)
    [task] = tasks("mail_notice_decision")
    assert timedelta(seconds=50) < task.run_after - timezone.now() <= timedelta(seconds=60)
    assert mail_notice_decision.call(*task.args_kwargs["args"]) is True

    [message] = mail.outbox
    assert message.subject == f"Your notice was {what}: Harbour bridge closed for repairs"
    for part in (words, "It is <a> threat.", "No automated means were used", "editor@gazette.example", "out-of-court"):
        assert part in message.body
    assert notice.receipt in message.body


def test_the_words_of_the_comment_and_its_author_are_in_no_mail(notice, settle):
    settle(accept=True)
    mail_receipt.call(notice.pk)
    mail_notice_decision.call(*newest("mail_notice_decision"))

    for message in mail.outbox:
        assert "tolls" not in message.body
        assert "Marjorie" not in message.body


def test_no_address_no_mail(published, moderator):
    nameless = submit_notice(
        comment=published,
        text=NoticeText(category="CHILD_SEXUAL_ABUSE", explanation="The whole of it is abuse.", in_good_faith=True),
    )
    decide_notice(notice=nameless, moderator=moderator, accept=True, reason="It is.", rule="links")

    assert mail_receipt.call(nameless.pk) is False
    assert mail_notice_decision.call(*newest("mail_notice_decision")) is False
    assert mail.outbox == []


def test_nothing_when_the_removal_is_taken_back(notice, settle, moderator):
    undo_decision(decision=settle(accept=True).result, moderator=moderator)

    assert mail_notice_decision.call(*newest("mail_notice_decision")) is False
    assert mail.outbox == []


def test_only_the_last_word_is_mailed(notice, settle, moderator):
    undo_decision(decision=settle(accept=True).result, moderator=moderator)
    settle(accept=False)
    sent = [mail_notice_decision.call(*task.args_kwargs["args"]) for task in tasks("mail_notice_decision")]

    assert sorted(sent) == [False, True]
    assert [message.subject[:24] for message in mail.outbox] == ["Your notice was declined"]


def test_a_subject_is_one_line(notice):
    Story.objects.update(title="Bridge closed\nBcc: everybody@example.org")
    mail_receipt.call(notice.pk)

    [message] = mail.outbox
    assert message.message()["Bcc"] is None
    assert message.recipients() == ["ada@notifier.example"]


def test_a_site_without_an_address(notice, settle, site):
    site.contact_email = ""
    site.save()
    settle(accept=False)
    mail_receipt.call(notice.pk)
    mail_notice_decision.call(*newest("mail_notice_decision"))

    assert not [message for message in mail.outbox if "write to  " in message.body or "us: ." in message.body]


# --- the author


def test_the_author_is_told_of_a_removal(notice, settle, reader, mail_about):
    decision = settle(accept=True, legal_ground="section 241", note_to_author="Please do not.").result
    assert len(tasks("mail_notification")) == 1
    assert mail_about(decision) is True

    [message] = mail.outbox
    assert message.to == [reader.email]
    assert message.subject == "Your comment was removed: Harbour bridge closed for repairs"
    for part in ("removed it, after somebody gave notice", "The rule: Links", "The law: section 241", "Please do not."):
        assert part in message.body
    assert "Ada" not in message.body


def test_a_removal_of_our_own(published, moderator, mail_about):
    from belowline.moderation.actions.remove_comment import remove_comment

    mail_about(remove_comment(comment=published, moderator=moderator, rule="links"))

    [message] = mail.outbox
    assert "and removed it." in message.body
    assert "The law" not in message.body


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_them(notice, settle, work):
    settle(accept=True)
    work()

    assert sorted(message.to[0] for message in mail.outbox) == [
        "ada@notifier.example",
        "ada@notifier.example",
        "marjorie@reader.example",
    ]
