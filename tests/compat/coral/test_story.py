"""The story of a comment: found or made, its page read once and in time, or the comment judged without it."""

import json
import threading
import time

import pytest
from django.db import connection
from django.test import Client

from belowline.compat.actions.connect_coral import connect_coral
from belowline.compat.coral import story as module
from belowline.compat.coral.schemas import SentStory
from belowline.compat.coral.story import find_row, may_be_made
from belowline.events.models import Event
from belowline.stories.models import Story

ON_TOPIC = "The cables of the harbour bridge were rusted for years, and the council knew."
pytestmark = pytest.mark.django_db(transaction=True)


def test_a_new_page_is_read_at_once(courier, paper, ask, texts):
    answer = ask(courier, texts["on"], url=f"{paper.address}/bridge")

    assert answer.status_code == 204
    story = Story.objects.get()
    assert (story.site, story.key, story.text_state) == (courier, "story-1", "fetched")
    assert story.title == "Harbour bridge closed for repairs"
    assert Event.objects.filter(tag="story:created", subject_id=story.pk).count() == 1


def test_off_topic_is_withheld_and_no_word_of_toxic(courier, paper, ask, texts):
    said = ask(courier, texts["off"], url=f"{paper.address}/bridge").said

    assert said["status"] == "SYSTEM_WITHHELD"
    assert said["actions"] == []
    assert said["belowline"]["rules"] == ["off_topic"]


def test_abuse_under_a_story(courier, paper, ask, texts):
    said = ask(courier, texts["abuse"], url=f"{paper.address}/bridge").said

    assert said["status"] == "SYSTEM_WITHHELD"
    assert said["actions"] == [{"actionType": "FLAG", "reason": "COMMENT_DETECTED_TOXIC"}]


def test_a_slow_page_is_not_waited_for(courier, paper, ask, texts, until):
    """The first comment is held unchecked within the budget; once the page is there, the next one is judged with it."""
    connect_coral(site=courier, secret="the phase's own secret", budget_ms=150)
    ask(courier, "Warm up.", url="")
    paper.gate.clear()
    started = time.monotonic()
    first = ask(courier, texts["on"], url=f"{paper.address}/bridge")
    took = time.monotonic() - started
    paper.gate.set()

    assert first.said["status"] == "SYSTEM_WITHHELD"
    assert first.said["belowline"]["rules"] == ["off_topic"]
    assert 0.14 < took < 1.5

    until(lambda: Story.objects.filter(text_state="fetched").exists())
    assert ask(courier, texts["on"], url=f"{paper.address}/bridge").status_code == 204
    assert len(paper.asked) == 1


def test_ten_comments_at_once_read_the_page_once(courier, paper, texts, sent, signed):
    body = json.dumps(sent(texts["on"], url=f"{paper.address}/bridge")).encode()
    headers = {"X-Coral-Signature": signed(body, "the phase's own secret")}
    statuses, barrier = [], threading.Barrier(10)

    def ask():
        try:
            barrier.wait(60)
            answer = Client().post("/coral/courier/", body, content_type="application/json", headers=headers)
            statuses.append(answer.status_code)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert statuses == [204] * 10
    assert len(paper.asked) == 1
    assert Story.objects.count() == 1


def test_a_page_that_fails_is_left_alone_for_ten_minutes(courier, paper, ask, texts, monkeypatch):
    page = paper.pages.pop("/bridge")
    url = f"{paper.address}/bridge"
    assert ask(courier, texts["on"], url=url).said["belowline"]["rules"] == ["off_topic"]
    assert Story.objects.get().text_state == "failed"
    paper.pages["/bridge"] = page

    assert ask(courier, texts["on"], url=url).status_code == 200
    assert len(paper.asked) == 1

    now = time.monotonic()
    monkeypatch.setattr(module.time, "monotonic", lambda: now + module.RETRY_SECONDS + 1)
    begun = module.stories.begin(courier, SentStory(id="story-1", url=url))
    monkeypatch.undo()
    assert begun.result(10).title == "Harbour bridge closed for repairs"
    assert len(paper.asked) == 2


def test_what_the_publisher_sends_after_a_failure_counts_at_once(courier, paper, ask, texts, make_story):
    paper.pages.clear()
    assert ask(courier, texts["on"], url=f"{paper.address}/bridge").status_code == 200
    make_story(courier, "story-1", title="Harbour bridge closed", body="Cables rusted; ferries run from the fish dock.")

    assert ask(courier, texts["on"], url=f"{paper.address}/bridge").status_code == 204


def test_a_changed_text_counts_at_once(courier, ask, texts, make_story):
    make_story(courier, "story-1")
    assert ask(courier, texts["off"], url="").status_code == 200
    make_story(courier, "story-1", title="Sourdough bread", body="Rye flour, vinegar and a hot oven make a crust.")

    assert ask(courier, texts["off"], url="").status_code == 204


@pytest.mark.parametrize(
    "url",
    [
        "http://evil.example/bridge",
        "",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.2:9/x",
        "x" * 2_000,
    ],
)
def test_no_other_page_is_ever_read(courier, paper, ask, texts, url):
    assert ask(courier, texts["on"], url=url).said["belowline"]["rules"] == ["off_topic"]
    assert Story.objects.count() == 0
    assert paper.asked == []


@pytest.mark.parametrize("key", ["", "k" * 201, "nul\x00l"])
def test_a_story_whose_id_cannot_be_kept(courier, paper, key):
    assert not may_be_made(courier, SentStory(id=key, url=f"{paper.address}/bridge"))


@pytest.mark.parametrize(
    ("key", "url", "asked"),
    [
        ("coral-id", "", ("coral-id", "https://elsewhere.example/")),
        ("https://gazette.example/a", "", ("coral-id", "https://gazette.example/a")),
        ("https://gazette.example/a", "", ("coral-id", "https://gazette.example/a/?utm=1#top")),
        ("cms-7", "https://gazette.example/a", ("coral-id", "https://gazette.example/a")),
        ("cms-7", "https://gazette.example/a/", ("coral-id", "https://gazette.example/a?utm=1")),
        ("cms-7", "https://gazette.example/a?id=3", ("coral-id", "https://gazette.example/a?id=3")),
    ],
)
def test_how_a_story_is_found(site, make_story, key, url, asked):
    made = make_story(site, key, url=url)

    assert find_row(site, SentStory(*asked)) == made


def test_another_papers_story_is_not_found(site, other_site, make_story):
    make_story(other_site, "coral-id", url="https://gazette.example/a")

    assert find_row(site, SentStory("coral-id", "https://gazette.example/a")) is None


def test_the_story_with_a_text_goes_first(site, make_story):
    """Coral's own was made and never read; the publisher's system knows the page under another name."""
    Story.objects.create(site=site, key="coral-id", url="https://gazette.example/a")
    known = make_story(site, "cms-7", url="https://gazette.example/a")

    assert find_row(site, SentStory("coral-id", "https://gazette.example/a")) == known


def test_a_known_story_costs_few_queries(courier, ask, texts, make_story, django_assert_max_num_queries):
    make_story(courier, "story-1")
    ask(courier, texts["off"], url="")

    with django_assert_max_num_queries(4):
        ask(courier, texts["off"], url="")


def test_a_database_that_fails_leaves_the_story_out(courier, ask, texts, monkeypatch, caplog):
    def broken(*_):
        raise RuntimeError(texts["on"])

    monkeypatch.setattr(module, "find_row", broken)

    assert ask(courier, texts["on"], url="").said["belowline"]["rules"] == ["off_topic"]
    assert "RuntimeError" in caplog.text
    assert "cables" not in caplog.text


def broken_reading(*, story):
    raise RuntimeError(ON_TOPIC)


def test_an_errand_that_fails_leaves_the_story_out(courier, paper, ask, monkeypatch, caplog):
    monkeypatch.setattr(module, "read_text", broken_reading)

    assert ask(courier, ON_TOPIC, url=f"{paper.address}/bridge").status_code == 200
    assert ask(courier, ON_TOPIC, url=f"{paper.address}/bridge").status_code == 200
    assert caplog.text.count("RuntimeError") == 1
    assert "cables" not in caplog.text
