"""A notification in one sentence, and where it leads."""

import pytest
from django.utils import translation

from belowline.comments.models import Pick
from belowline.moderation.models import Report
from belowline.notifications.models import Kind, Notification
from belowline.notifications.queries import notifications_for
from belowline.notifications.words import in_words, own_address, public_address

STORY = "“Harbour bridge closed for repairs”"


@pytest.fixture
def told(reader):
    """What the reader is told, in words, the newest first."""
    return lambda: in_words(notifications_for(reader))


def test_a_reply(told, reader, other_reader, written):
    answer = written("No, *never*.", author=other_reader)
    Notification.objects.create(user=reader, kind=Kind.REPLY, comment=answer)
    [item] = told()

    assert item.line == f"Ken Stubbs replied to you under {STORY}"
    assert (item.address, item.words) == (public_address(answer), "No, *never*.")


def test_a_pick_with_its_sentence(told, reader, moderator, written):
    comment = written()
    Pick.objects.create(comment=comment, sentence="Sums it up.", picked_by=moderator)
    Notification.objects.create(user=reader, kind=Kind.PICK, comment=comment)
    [item] = told()

    assert (item.line, item.words) == (f"An editor picked your comment under {STORY}", "Sums it up.")


def test_decisions_and_appeals(told, rejected, appeal, settle):
    settle(appeal)

    assert [(item.line, item.address, item.words) for item in told()] == [
        (f"After your appeal, your comment under {STORY} is published", own_address(rejected), ""),
        (f"Your comment under {STORY} was not published", own_address(rejected), ""),
    ]


def test_a_removal(told, removed):
    assert [(item.line, item.address) for item in told()] == [
        (f"Your comment under {STORY} was removed", own_address(removed))
    ]


def test_hidden_for_a_time(told, published, report, reporter):
    for _ in range(3):
        report(by=reporter(right=5))

    assert [(item.line, item.address) for item in told()] == [
        (f"Your comment under {STORY} is hidden until a moderator has looked at it", own_address(published))
    ]


@pytest.mark.parametrize(
    ("state", "status", "line", "leads"),
    [
        ("accepted", "removed", f"You reported a comment under {STORY}: it was removed", False),
        ("declined", "published", f"You reported a comment under {STORY}: it stays", True),
    ],
)
def test_a_report(told, reader, other_reader, written, state, status, line, leads):  # noqa: PLR0917
    comment = written(author=other_reader, status=status)
    report = Report.objects.create(comment=comment, reporter=reader, category="spam", state=state)
    Notification.objects.create(user=reader, kind=Kind.REPORT, comment=comment, subject_id=report.pk)
    [item] = told()

    assert (item.line, item.address) == (line, public_address(comment) if leads else "")


def test_queries_do_not_grow(reader, other_reader, written, django_assert_num_queries):
    for number in range(4):
        comment = written(f"Remark {number}.", author=other_reader)
        report = Report.objects.create(comment=comment, reporter=reader, category="spam", state="declined")
        Notification.objects.create(user=reader, kind=Kind.REPORT, comment=comment, subject_id=report.pk)

    with django_assert_num_queries(2), translation.override("en"):
        assert len(in_words(notifications_for(reader))) == 4
