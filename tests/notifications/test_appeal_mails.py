"""What an author is mailed about rejections, removals, and their appeals."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.actions.undo_decision import undo_decision

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def text_of(work):
    """Do what waits; return the newest mail."""

    def call():
        work()
        return f"{mail.outbox[-1].subject}\n{mail.outbox[-1].body}"

    return call


def test_a_rejection_says_how_to_contest_it(rejected, text_of):
    until = rejected.decisions.latest("pk").created_at + timedelta(days=183)
    text = text_of()

    assert "Your comment was not published" in text
    assert "The rule: Words that we do not publish" in text
    assert "A note from the moderator:\nLeave the animal out." in text
    assert f"http://localhost:8000/me/comments/{rejected.pk}/" in text
    assert f"contest the decision until {until:%-d %B %Y}" in text
    assert "It costs nothing, and a person looks again." in text


def test_a_removal_is_mailed_too(removed, text_of):
    text = text_of()

    assert "Your comment was removed: Harbour bridge" in text
    assert "under “Harbour bridge closed for repairs” and removed it." in text
    assert "The rule: Links" in text
    assert "contest the decision until" in text


@pytest.mark.parametrize(
    ("source", "words"),
    [("notice", "removed it, after somebody gave notice that it is illegal."), ("report", "a reader had reported it.")],
)
def test_what_led_to_a_removal(published, moderator, text_of, source, words):
    remove_comment(comment=published, moderator=moderator, rule="links", source=source)

    assert words in text_of()


def test_a_removal_taken_back_in_time_is_not(removed, moderator, work):
    undo_decision(decision=removed.decisions.latest("pk"), moderator=moderator)
    work()

    assert mail.outbox == []


def test_nothing_to_contest_about_what_is_published(held, decide, text_of):
    decide(held, note_to_author="Welcome.")
    text = text_of()

    assert "A note from the moderator:\nWelcome." in text
    assert "contest" not in text


def test_overturned_is_one_mail_and_comes_at_once(appeal, settle, rejected, reader, work):
    work()
    mail.outbox.clear()
    settle(appeal)
    # The worker as it runs: what waits for its minute of grace is left alone.
    call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    assert len(mail.outbox) == 1
    work()
    assert DBTaskResult.objects.filter(status="READY").count() == 0

    [message] = mail.outbox
    assert message.to == [reader.email]
    assert message.subject == "Your comment was published after your appeal: Harbour bridge closed for repairs"
    assert "you were right to ask" in message.body
    assert "It is about an animal." in message.body
    assert f"http://localhost:8000/comments/{rejected.pk}/" in message.body
    assert "nobody else is on duty" not in message.body
    assert "Night Desk" not in message.body


def test_upheld(appeal, settle, rejected, text_of):
    settle(appeal, "upheld", reason="The word is on the list.")
    text = text_of()

    assert "Your comment stays as it is after your appeal" in text
    assert "The decision stands." in text
    assert "The word is on the list." in text
    assert "http://localhost:8000/comments/" not in text
    assert f"/me/comments/{rejected.pk}/" in text


def test_who_decided_first_decided_again(appeal, settle, moderator, text_of):
    settle(appeal, "upheld", by=moderator)

    assert "The moderator who decided first also decided this" in text_of()


def test_submitting_is_nobodys_mail(rejected, reader, work):
    work()
    count = len(mail.outbox)
    submit_appeal(comment=rejected, author=reader)
    work()

    assert len(mail.outbox) == count


def test_nothing_about_a_comment_that_its_author_deleted(appeal, settle, rejected, reader, mail_about):
    settle(appeal, "upheld")
    delete_comment(comment=rejected, by=reader)

    assert mail_about(appeal) is False
    assert mail.outbox == []


def test_the_publishing_decision_is_not_mailed_a_second_time(appeal, settle, mail_about):
    assert mail_about(settle(appeal).result) is False


def test_the_comment_itself_is_not_in_the_mail(appeal, settle, work):
    settle(appeal, "upheld", reason="It stays.")
    work()

    assert not any("wombat" in message.body + message.subject for message in mail.outbox)


def test_words_are_text_and_no_html(appeal, settle, text_of):
    settle(appeal, "upheld", reason="Tolls & <fees>, I'd say.")

    assert "Tolls & <fees>, I'd say." in text_of()
