"""A story's text is read from its page; a failure is kept for the operator, and what the publisher sends goes first."""

import pytest

from belowline.events.models import Event
from belowline.stories.actions import read_text as module
from belowline.stories.actions.read_text import read_text
from belowline.stories.actions.save_story import save_story
from belowline.stories.models import Story


@pytest.fixture
def waiting(local_site, paper):
    made = Story.objects.create(site=local_site, key="bridge", url=f"{paper.address}/bridge")
    return Story.objects.select_related("site").get(pk=made.pk)


def test_the_page_is_read(waiting):
    assert read_text(story=waiting) is True

    story = Story.objects.get(pk=waiting.pk)
    assert (story.title, story.standfirst, story.text_state) == ("Bridge closed for repairs", "Until May.", "fetched")
    assert "two of the main cables" in story.body
    assert story.thread_version == waiting.thread_version + 1
    assert Event.objects.filter(tag="story:changed", subject_id=story.pk).count() == 1


def test_a_failure_is_kept_in_words(waiting, paper):
    paper.answers["/bridge"] = (503, {}, b"")

    assert read_text(story=waiting) is False

    story = Story.objects.get(pk=waiting.pk)
    assert (story.text_state, story.text_problem) == ("failed", "the page answered 503; send its text by the API")
    assert story.title == ""
    assert Event.objects.get(tag="story:fetch_failed").data == {"code": "fetch_failed"}


def test_it_may_be_tried_again(waiting, paper):
    page = paper.answers.pop("/bridge")
    assert read_text(story=waiting) is False

    paper.answers["/bridge"] = page
    assert read_text(story=Story.objects.select_related("site").get(pk=waiting.pk)) is True

    story = Story.objects.get(pk=waiting.pk)
    assert (story.text_state, story.text_problem) == ("fetched", "")


@pytest.mark.parametrize("state", ["given", "fetched"])
def test_a_story_that_has_its_text_is_left_alone(waiting, paper, state):
    Story.objects.filter(pk=waiting.pk).update(text_state=state, title="As given")

    assert read_text(story=Story.objects.select_related("site").get(pk=waiting.pk)) is True
    assert Story.objects.get(pk=waiting.pk).title == "As given"
    assert paper.asked == []


@pytest.mark.parametrize("answer", [None, (404, {}, b"")], ids=["the page is there", "the page fails"])
def test_what_the_publisher_sends_meanwhile_goes_first(waiting, paper, local_site, answer):
    """The task was begun with a story that waited; the publisher's text came while the page was read."""
    if answer:
        paper.answers["/bridge"] = answer
    save_story(site=local_site, key="bridge", title="As given", body="Given.")

    read_text(story=waiting)

    story = Story.objects.get(pk=waiting.pk)
    assert (story.title, story.body, story.text_state, story.text_problem) == ("As given", "Given.", "given", "")


def test_long_texts_are_cut(waiting, paper, monkeypatch):
    article = module.fetch_article(waiting.site, waiting.url)
    monkeypatch.setattr(module, "fetch_article", lambda *_: article._replace(title="x" * 600, body="y" * 600_000))
    read_text(story=waiting)

    story = Story.objects.get(pk=waiting.pk)
    assert (len(story.title), len(story.body)) == (500, 500_000)


def test_a_null_character_on_a_page_does_no_harm(waiting, paper):
    odd = paper.page.replace(b"Bridge closed", b"Bridge\x00 closed").replace(b"cables", b"cab\x00les")
    paper.answers["/bridge"] = (200, paper.html, odd)

    assert read_text(story=waiting) is True
    story = Story.objects.get(pk=waiting.pk)
    assert story.title == "Bridge closed for repairs"
    assert "main cables" in story.body


def test_the_event_names_what_comments_are_judged_by_anew(waiting, paper):
    read_text(story=waiting)

    assert Event.objects.get(tag="story:changed").data == {"changed": ["title", "standfirst", "body"]}
