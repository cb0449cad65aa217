"""The task that reads a story's text: once asked for, done by the worker, harmless to repeat."""

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from belowline.stories.actions.find_story import find_story
from belowline.stories.models import Story
from belowline.stories.tasks import read_story_text


@pytest.fixture
def work():
    """Run what waits, as a worker does."""

    def call():
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)

    return call


@pytest.mark.django_db(transaction=True)
def test_a_new_page_is_read_by_the_worker(local_site, paper, work):
    story = find_story(site=local_site, key="bridge", url=f"{paper.address}/bridge")
    assert story.title == ""
    work()

    story.refresh_from_db()
    assert story.title == "Bridge closed for repairs"
    task = DBTaskResult.objects.get(task_path__endswith=".read_story_text")
    assert (task.status, task.return_value) == ("SUCCESSFUL", True)


@pytest.mark.django_db(transaction=True)
def test_a_page_that_cannot_be_read_does_not_break_the_worker(local_site, paper, work):
    story = find_story(site=local_site, key="gone", url=f"{paper.address}/gone")
    work()

    story.refresh_from_db()
    assert story.text_state == "failed"
    assert DBTaskResult.objects.get(task_path__endswith=".read_story_text").status == "SUCCESSFUL"


def test_repeating_it_does_no_harm(local_site, paper):
    made = Story.objects.create(site=local_site, key="bridge", url=f"{paper.address}/bridge")

    assert read_story_text.call(made.pk) is True
    first = Story.objects.get(pk=made.pk)
    assert read_story_text.call(made.pk) is True

    assert Story.objects.get(pk=made.pk).thread_version == first.thread_version
    assert len(paper.asked) == 1
