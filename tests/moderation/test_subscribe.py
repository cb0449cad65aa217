"""What comments are judged by has changed: they are judged again by the worker, and their authors hear of it."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from belowline.stories.actions.save_story import save_story
from belowline.stories.actions.switch_topic import switch_topic

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def work():
    """Do all tasks that wait; return how many of them judge comments again."""
    from django_tasks_db.models import DBTaskResult

    def call():
        ready = DBTaskResult.objects.filter(status="READY")
        count = ready.filter(task_path__endswith=".rejudge_story").count()
        ready.update(run_after=timezone.now())
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
        return count

    return call


@pytest.fixture
def save(ferry):
    """The publisher sends the ferry's story again, with changes."""

    def call(**changes):
        fields = {"title": ferry.title, "body": ferry.body, "section": ferry.section, "url": ferry.url}
        return save_story(site=ferry.site, key="ferry", **fields | changes)

    return call


def test_a_changed_text_publishes_what_fits_and_the_author_is_told(off_topic, save, telephones, work):
    save(**telephones)
    work()

    off_topic.refresh_from_db()
    assert off_topic.status == "published"
    (sent,) = mail.outbox
    assert sent.to == ["marjorie@reader.example"]
    assert sent.subject.startswith("Your comment was published")
    assert "It was checked again, and is published now." in sent.body
    assert "a moderator has looked" not in sent.body


def test_the_same_story_again_changes_nothing(off_topic, save, work):
    save()

    assert work() == 0
    off_topic.refresh_from_db()
    assert off_topic.status == "held"


def test_a_switch_publishes_what_waits(off_topic, ferry, moderator, work):
    switch_topic(story=ferry, is_on=False, by=moderator)
    work()

    off_topic.refresh_from_db()
    assert off_topic.status == "published"


def test_the_publishers_switch_too(off_topic, save, work):
    save(judges_topic=False)
    work()

    off_topic.refresh_from_db()
    assert off_topic.status == "published"


def test_a_live_blog_grows(off_topic, ferry, save, telephones, work):
    save(body=f"{telephones['body']}\n{ferry.body}")
    work()

    off_topic.refresh_from_db()
    assert off_topic.status == "published"


@pytest.mark.parametrize("field", ["is_open", "url"])
def test_what_nobody_is_judged_by(off_topic, save, work, field):
    save(**{field: {"is_open": False, "url": "https://gazette.example/other"}[field]})

    assert work() == 0


def test_nothing_waits_so_nothing_is_to_do(ferry, save, telephones, work):
    save(**telephones)

    assert work() == 0


def test_a_new_or_changed_text_is_read_by_the_worker(ferry, save, work):
    from belowline.stories.models import StoryReading

    body = "The ferry has a new engine, and the children are on time again."
    save(body=body)
    work()
    first = StoryReading.objects.get(story=ferry).digest

    save(body=body, section="Elsewhere")
    work()
    assert StoryReading.objects.get(story=ferry).digest == first

    save(title="The ferry sails at noon")
    work()
    assert StoryReading.objects.get(story=ferry).digest != first
