"""A page that could not be read is read once more."""

import pytest
from django.core.exceptions import PermissionDenied
from django_tasks_db.models import DBTaskResult

from belowline.events.models import Event
from belowline.stories.actions.reread_text import reread_text
from belowline.stories.models import Story


@pytest.fixture
def failed(site):
    return Story.objects.create(
        site=site, key="f", url="https://gazette.example/f", text_state="failed", text_problem="the page answered 500"
    )


def test_the_worker_is_told(failed, moderator):
    assert reread_text(story=failed, by=moderator) is True

    failed.refresh_from_db()
    assert (failed.text_state, failed.text_problem) == ("waiting", "")
    assert DBTaskResult.objects.get().args_kwargs == {"args": [failed.pk], "kwargs": {}}
    event = Event.objects.get(tag="story:read_again")
    assert (event.subject_id, event.actor_id) == (failed.pk, moderator.pk)


@pytest.mark.parametrize(
    "fields", [{"text_state": "given"}, {"text_state": "waiting"}, {"text_state": "failed", "url": ""}]
)
def test_only_a_page_that_failed(failed, moderator, fields):
    Story.objects.filter(pk=failed.pk).update(**fields)

    assert reread_text(story=failed, by=moderator) is False
    assert not DBTaskResult.objects.exists()
    assert not Event.objects.filter(tag="story:read_again").exists()


def test_readers_cannot(failed, reader):
    with pytest.raises(PermissionDenied):
        reread_text(story=failed, by=reader)
    failed.refresh_from_db()
    assert failed.text_state == "failed"
