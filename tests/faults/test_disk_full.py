"""The disk is full: the reader is told so and keeps the text, nothing is half-written; later the same form posts."""

import pytest
from django.db import DatabaseError, connection

from belowline.comments.models import Comment, Revision
from belowline.events.models import Event
from belowline.moderation.models import Decision
from belowline.stories.models import Story

LONG = "A quiet remark about the harbour bridge and its tolls. " * 50


def counts():
    tables = [kind.objects.count() for kind in (Comment, Revision, Decision, Event)]
    return [*tables, *Story.objects.values_list("comment_count", "thread_version")]


# --- in this process: SQLite may use no more pages


@pytest.fixture
def fill(is_sqlite):
    """Give SQLite so many pages more and none beyond them; afterwards as many as it likes."""
    if not is_sqlite:
        pytest.skip("fills up a database of SQLite")

    def call(pages):
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA page_count")
            used = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {used + pages}")

    yield call
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1000000")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 8])
def test_no_room_in_the_database(as_reader, story, fill, pages):
    """Wherever among the rows of a comment the room ends."""
    path = f"/discussion/{story.pk}/post/"
    fill(pages)
    for number in range(100):
        before = counts()
        form = {"text": f"{number} {LONG}", "idempotency_key": f"key-{number}"}
        answer = as_reader.post(path, form)
        if answer.status_code != 302:
            break

    page = answer.content.decode()
    assert answer.status_code == 503
    assert "could not be saved just now" in page
    assert f"{number} {LONG}</textarea>" in page
    assert f'value="key-{number}"' in page
    assert counts() == before
    assert as_reader.get(f"/discussion/{story.pk}/").status_code == 200

    fill(10_000)
    assert as_reader.post(path, form).status_code == 302
    assert Comment.objects.get(idempotency_key=f"key-{number}").decisions.get().outcome == "publish"
    assert as_reader.post(path, form).status_code == 302
    assert counts()[0] == before[0] + 1


@pytest.mark.django_db(transaction=True)
def test_no_room_for_a_moderators_decision(as_moderator, post, fill):
    held = [post(f"Wombat number {number}.").comment for number in range(60)]
    fill(0)
    for comment in held:
        before = counts()
        answer = as_moderator.post(f"/desk/comments/{comment.pk}/decide/", {"outcome": "reject", "rule": "links"})
        if answer.status_code != 302:
            break

    assert answer.status_code == 503
    assert "Nothing was changed" in answer.content.decode()
    assert counts() == before
    assert Comment.objects.get(pk=comment.pk).status == "held"
    fill(10_000)
    as_moderator.post(f"/desk/comments/{comment.pk}/decide/", {"outcome": "reject", "rule": "links"})
    assert Comment.objects.get(pk=comment.pk).status == "rejected"


@pytest.mark.django_db(transaction=True)
def test_no_room_for_an_event_takes_the_comment_back(post, monkeypatch):
    """The last row of the transaction fails: the first ones go too."""
    from belowline.moderation.actions import record_decision

    def fail(*_, **__):
        raise DatabaseError("database or disk is full")

    monkeypatch.setattr(record_decision, "record_event", fail)
    before = counts()
    with pytest.raises(DatabaseError):
        post()
    assert counts() == before


# --- in a process of its own: its files may not grow


def test_files_that_cannot_grow(start, check, kept, record):
    """The write-ahead log meets the end of the disk, in several places; readers lose nothing."""
    poster = start()
    for name, room in (("a", 0), ("b", 3_000), ("c", 30_000), ("d", 100_000)):
        poster.do("room", room)
        poster.do("full", name)
        last = poster.asked[-1]
        assert poster.answered[last][0] == 503, (name, poster.answered[last])
        assert last in poster.shown, "the text and its key are still in the form"
        check()
        assert last not in kept()

        poster.do("room", -1)
        poster.do("again", last, last)
        assert poster.answered[last][0] == 302
        check()
        assert last in kept()

    posted = {key for key, (status, _) in poster.answered.items() if status == 302}
    assert set(kept()) == posted == set(poster.asked)
    record("disk full", "files cannot grow, at four places; forms sent once more when there is room", posted)
