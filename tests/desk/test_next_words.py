"""What the overview says of the things to do."""

from datetime import timedelta

import pytest
from django.utils import timezone

from belowline.desk.next_words import QUEUES, advise
from belowline.desk.templatetags.waits import waited
from belowline.moderation.next_best import Thing, things_to_do
from belowline.moderation.queue_entries import QueueEntry


def test_a_queue(held, moderator, story):
    (thing,) = things_to_do(moderator, QueueEntry.objects.all(), timezone.now() + timedelta(hours=3))
    found = advise(thing)

    assert (found.title, found.action, found.href) == ("Decide about what is held", "Open the queue", "/desk/")
    assert found.says == "One waits, for 3 hours."
    assert (found.story, found.waiting, len(found.why)) == (story, 1, 3)
    assert advise(thing._replace(waiting=1_200)).says == "1,200 wait; the most urgent of them for 3 hours."


@pytest.mark.parametrize("kind", ["notices", "promise", "audit"])
def test_what_waits_in_no_queue_has_its_reason(kind):
    found = advise(Thing(kind, 1.0, 2))

    assert found.says.endswith(".")
    assert found.href.startswith("/desk/")
    assert found.waiting == 2


def test_every_queue_has_words():
    assert set(QueueEntry.Queue.values) <= set(QUEUES)


def test_a_pause_leads_nowhere():
    found = advise(Thing("pause", 1.0, since=timezone.now()))

    assert (found.title, found.href, found.action) == ("Have a pause", "", "")


def test_a_good_comment(published):
    found = advise(Thing("pick", 0.0, comment=published))

    assert found.href == f"/discussion/{published.story_id}/#c-{published.pk}"
    assert "Marjorie Tench" in found.says


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(seconds=40), "40 s"),
        (timedelta(hours=2, minutes=5), "2 h 5 min"),
        (-timedelta(hours=1), "0 s"),
    ],
)
def test_how_long_something_waited(ago, words):
    now = timezone.now()

    assert waited(now - ago, now).replace("\N{NO-BREAK SPACE}", " ") == words
