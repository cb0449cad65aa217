"""The mail to the author: what a person decided, by which rule; nothing when something came after it."""

import pytest
from django.core import mail
from django_tasks_db.models import DBTaskResult

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.stories.models import Story


def test_published(held, decide, reader, mail_about):
    assert mail_about(decide(held)) is True

    [message] = mail.outbox
    assert message.to == [reader.email]
    assert message.subject == "Your comment was published: Harbour bridge closed for repairs"
    assert "Hello Marjorie Tench," in message.body
    assert f"http://localhost:8000/comments/{held.pk}/" in message.body
    assert "The Gazette" in message.body


def test_not_published(held, decide, mail_about):
    assert mail_about(decide(held, "reject", rule="banned_word")) is True

    [message] = mail.outbox
    assert message.subject == "Your comment was not published: Harbour bridge closed for repairs"
    assert "The rule: Words that we do not publish" in message.body
    assert "For readers: Words that we do not publish." in message.body
    assert "http://localhost:8000/comments/" not in message.body
    assert "http://localhost:8000/faq/gazette/" in message.body
    assert "http://localhost:8000/me/" in message.body


def test_the_comment_itself_is_not_in_the_mail(held, decide, mail_about):
    mail_about(decide(held))

    assert "wombat" not in mail.outbox[0].body + mail.outbox[0].subject


def test_nothing_after_undo(held, decide, moderator, mail_about):
    decision = decide(held)
    undone = undo_decision(decision=decision, moderator=moderator)

    assert mail_about(decision) is False
    assert mail_about(undone) is False
    assert mail.outbox == []


def test_only_the_last_word_is_mailed(held, decide, moderator, mail_about):
    first = decide(held)
    undo_decision(decision=first, moderator=moderator)
    second = decide(held, "reject", rule="links")

    assert [mail_about(decision) for decision in (first, second)] == [False, True]
    assert [message.subject[:30] for message in mail.outbox] == ["Your comment was not published"]


def test_nothing_about_a_comment_that_its_author_took_away(held, decide, reader, mail_about):
    decision = decide(held)
    delete_comment(comment=held, by=reader)

    assert mail_about(decision) is False
    assert mail.outbox == []


@pytest.mark.parametrize(
    "title",
    [
        "Bridge closed\nBcc: everybody@example.org",
        "Bridge closed\r\nX-Spam: yes",
        "Bridge\u2028closed",
        "x" * 500,
        "Brücke gesperrt – 橋",
    ],
    ids=["a line break", "two", "another separator", "long", "other letters"],
)
def test_a_subject_is_one_line(held, decide, story, title, mail_about):
    Story.objects.filter(pk=story.pk).update(title=title)
    mail_about(decide(held))

    [message] = mail.outbox
    assert len(message.subject) <= 200
    assert message.subject.splitlines() == [message.subject]
    assert message.message()["Bcc"] is None
    assert message.message()["X-Spam"] is None
    assert message.recipients() == ["marjorie@reader.example"]


def test_names_and_titles_are_text_and_no_html(held, decide, story, reader, mail_about):
    """Nothing is escaped in a mail of plain text."""
    Story.objects.filter(pk=story.pk).update(title="Tolls & <fees>")
    reader.display_name = "O'Brien"
    reader.save()
    mail_about(decide(held))

    assert "Tolls & <fees>" in mail.outbox[0].body
    assert "Hello O'Brien," in mail.outbox[0].body
    assert mail.outbox[0].content_subtype == "plain"


def test_few_queries(held, decide, django_assert_max_num_queries, mail_about):
    decision = decide(held)
    with django_assert_max_num_queries(14):
        mail_about(decision)


@pytest.mark.django_db(transaction=True)
def test_the_worker_sends_it(held, decide, work):
    decide(held)
    assert mail.outbox == []
    work()

    assert [message.to for message in mail.outbox] == [["marjorie@reader.example"]]
    assert DBTaskResult.objects.get(task_path__endswith=".mail_notification").status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
def test_the_worker_leaves_it_alone_before_its_time(held, decide, work):
    from django.core.management import call_command

    decide(held)
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    assert mail.outbox == []
    assert DBTaskResult.objects.get(task_path__endswith=".mail_notification").status == "READY"


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_does_not_answer_is_seen(held, decide, work, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    decide(held)
    work()

    task = DBTaskResult.objects.get(task_path__endswith=".mail_notification")
    assert task.status == "FAILED"
    assert "ConnectionRefusedError" in task.exception_class_path
