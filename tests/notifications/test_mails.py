"""The mails' words: what happened, why the mail came, and how to stop it; in the reader's language."""

import re

import pytest
from django.core import mail

from belowline.comments.models import Pick
from belowline.moderation.models import Report
from belowline.notifications.mails import send_digest, send_one
from belowline.notifications.models import Kind, Notification, NotificationSetting
from belowline.notifications.queries import with_subject
from belowline.notifications.words import public_address


@pytest.fixture
def tell(reader):
    def call(kind, comment, subject=0):
        row = Notification.objects.create(user=reader, kind=kind, comment=comment, subject_id=subject)
        return with_subject(Notification.objects.filter(pk=row.pk)).get()

    return call


@pytest.fixture
def answer(written, other_reader):
    return lambda text="No & <never>.\nTwo lines.": written(text, author=other_reader, parent=written())


def sent():
    [message] = mail.outbox
    return message


def test_a_reply_is_quoted(tell, answer, reader):
    comment = answer()
    send_one(tell(Kind.REPLY, comment))
    message = sent()

    assert message.to == [reader.email]
    assert message.subject == "Ken Stubbs replied to you: Harbour bridge closed for repairs"
    assert "Hello Marjorie Tench,\n\nKen Stubbs replied to your comment under “Harbour bridge" in message.body
    assert "> No & <never>.\n> Two lines.\n" in message.body
    assert f"http://localhost:8000{public_address(comment)}" in message.body
    assert message.body.startswith("Hello")
    assert "\n\n\n" not in message.body


def test_a_long_reply_is_cut(tell, answer):
    send_one(tell(Kind.REPLY, answer("word " * 400)))

    quoted = next(line for line in sent().body.splitlines() if line.startswith("> "))
    assert len(quoted) < 610
    assert quoted.endswith(" …")


FREQUENT = {
    "as shipped": (None, "Mails of this kind come once an hour at most."),
    "at once": ("immediate", "Mails of this kind come at once."),
    "daily": ("daily", "Mails of this kind come once a day at most."),
}


@pytest.mark.parametrize(("frequency", "words"), FREQUENT.values(), ids=FREQUENT)
def test_each_says_why_it_came_and_how_to_stop_it(tell, answer, reader, stranger, frequency, words):  # noqa: PLR0917
    if frequency:
        NotificationSetting.objects.create(user=reader, kind="reply", frequency=frequency)
    send_one(tell(Kind.REPLY, answer()))
    message = sent()

    assert f"You get this mail because somebody replied to a comment of yours. {words}" in message.body
    assert "http://localhost:8000/me/settings/" in message.body
    address = re.fullmatch(r"<(http://localhost:8000/unsubscribe/\S+/)>", message.extra_headers["List-Unsubscribe"])[1]
    assert f"No more mails of this kind: {address}" in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stranger.get(address.removeprefix("http://localhost:8000")).status_code == 200


def test_a_pick(tell, written, moderator):
    comment = written()
    Pick.objects.create(comment=comment, sentence="Sums it up.", picked_by=moderator)
    send_one(tell(Kind.PICK, comment))

    assert sent().subject == "An editor picked your comment: Harbour bridge closed for repairs"
    assert "Why, in the editor’s words:\nSums it up." in sent().body


@pytest.mark.parametrize(
    ("state", "subject", "words"),
    [
        ("accepted", "You reported a comment, and it was removed: ", "has looked at it and removed it. Thank you."),
        ("declined", "You reported a comment, and it stays: ", "it breaks none of our rules, and stays."),
    ],
)
def test_a_report(tell, written, reader, other_reader, state, subject, words):  # noqa: PLR0917
    comment = written("The words of somebody else.", author=other_reader)
    report = Report.objects.create(comment=comment, reporter=reader, category="spam", state=state)
    send_one(tell(Kind.REPORT, comment, report.pk))

    assert sent().subject.startswith(subject)
    assert words in sent().body
    assert "(Spam)" in sent().body
    assert "The words of somebody else" not in sent().body
    assert "Ken" not in sent().body


def test_a_comment_that_is_hidden_for_a_time(tell, published, report, reporter, reader):
    for _ in range(3):
        report(by=reporter(right=5))
    told = with_subject(Notification.objects.filter(user=reader, kind=Kind.HIDDEN)).get()
    send_one(told)

    message = sent()
    assert message.subject == "Your comment is hidden until a moderator has looked: Harbour bridge closed for repairs"
    text = " ".join(message.body.split())
    assert "several readers whose earlier reports were right have reported it" in text
    assert "If it breaks no rule, it comes back" in text
    assert f"/me/comments/{published.pk}/" in text
    assert "because a comment of yours is hidden for a time" in text
    assert "did not publish" not in text
    assert "Reporter" not in text, "nobody learns who reported"


def test_a_digest_lists_all_of_it(tell, answer, written, moderator):
    picked = written("Mine.")
    Pick.objects.create(comment=picked, picked_by=moderator)
    send_digest([tell(Kind.REPLY, answer()), tell(Kind.REPLY, answer()), tell(Kind.PICK, picked)])
    message = sent()

    assert message.subject == "3 new things around your comments: The Gazette"
    assert message.body.count("* Ken Stubbs replied to you under “Harbour bridge closed for repairs”\n") == 2
    assert message.body.count("\n  http://localhost:8000/") == 3
    assert "because of: Somebody replied to you, An editor picked your comment." in message.body
    assert "http://localhost:8000/me/notifications/" in message.body


def test_in_the_readers_language(tell, answer, reader, monkeypatch):
    """The catalogue is another matter: here it is enough that the mail asks for the language."""
    from belowline.notifications import mails

    reader.language = "de"
    reader.save()
    asked = []
    monkeypatch.setattr(mails.translation, "override", lambda language: asked.append(language) or _Nothing())
    send_one(tell(Kind.REPLY, answer()))

    assert asked[0] == "de"


class _Nothing:
    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None
