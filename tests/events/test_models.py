"""The log of events: rows are added, and neither changed nor deleted, by whatever way."""

import pytest
from django.db import IntegrityError, transaction

from belowline.events.models import AppendOnlyError, Event, event_recorded, record_event

pytestmark = pytest.mark.django_db


@pytest.fixture
def event():
    return record_event("comment:held", subject_id=7, site_id=1, actor_id=3, rules=["links"])


def test_an_event_says_what_happened_to_what_by_whom(event):
    kept = Event.objects.get()

    assert (kept.tag, kept.subject_id, kept.site_id, kept.actor_id) == ("comment:held", 7, 1, 3)
    assert kept.data == {"rules": ["links"]}
    assert kept.created_at is not None
    assert str(kept) == "comment:held 7"


def test_the_machine_acts_without_an_account():
    assert record_event("comment:held", subject_id=7).actor_id is None


def test_an_event_cannot_be_changed(event):
    event.tag = "comment:published"

    with pytest.raises(AppendOnlyError, match="never changed"):
        event.save()
    assert Event.objects.get().tag == "comment:held"


def test_an_event_cannot_be_deleted(event):
    with pytest.raises(AppendOnlyError, match="never deleted"):
        event.delete()
    assert Event.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        lambda events: events.update(tag="comment:published"),
        lambda events: events.delete(),
        lambda events: events.bulk_update(list(events), ["tag"]),
        lambda events: events.filter(tag="comment:held").delete(),
        lambda events: events.update_or_create(subject_id=7, defaults={"tag": "x"}),
    ],
    ids=["update", "delete", "bulk_update", "filtered delete", "update_or_create"],
)
def test_many_events_cannot_be_changed_or_deleted_at_once(event, change):
    with pytest.raises(AppendOnlyError), transaction.atomic():
        change(Event.objects.all())

    assert Event.objects.get().tag == "comment:held"


def test_a_copy_under_the_same_id_is_refused(event):
    with pytest.raises(IntegrityError), transaction.atomic():
        Event(pk=event.pk, tag="comment:published", subject_id=7, created_at=event.created_at).save()
    assert Event.objects.get().tag == "comment:held"


def test_who_listens_is_told_inside_the_transaction(event):
    heard = []

    def listen(sender, event, **_):
        heard.append((event.tag, transaction.get_connection().in_atomic_block))

    event_recorded.connect(listen)
    try:
        with transaction.atomic():
            record_event("story:created", subject_id=1)
    finally:
        event_recorded.disconnect(listen)

    assert heard == [("story:created", True)]


def test_a_listener_that_fails_takes_the_event_back():
    """What cannot be announced did not happen: the caller's transaction fails as a whole."""

    def fail(sender, event, **_):
        raise RuntimeError("no room for a task")

    event_recorded.connect(fail)
    try:
        with pytest.raises(RuntimeError), transaction.atomic():
            record_event("story:created", subject_id=1)
    finally:
        event_recorded.disconnect(fail)

    assert not Event.objects.filter(tag="story:created").exists()
