"""The desk's pages about stories: the list, the switch, the map, and the comments of one subject."""

import re

import pytest
from django_tasks_db.models import DBTaskResult

from belowline.comments.models import Comment
from belowline.desk.stories import story_rows
from belowline.moderation.subjects import FAR, map_story
from belowline.stories.models import Story

SAID = ["A weekly ticket at that fare costs more than {}.", "The engine and its gearbox failed in {}."]
EXTRA = ["my lunch", "a film", "Monday", "the shop", "two coffees", "my shoes", "spring", "the news", "April", "a taxi"]


def shown(client, path):
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def talked_about(ferry, post):
    """The ferry's story with ten comments on fares and ten on the engine."""
    for form in SAID:
        for extra in EXTRA:
            post(form.format(extra), story=ferry)
    return ferry


@pytest.mark.parametrize("path", ["/desk/stories/", "/desk/stories/{}/"])
def test_moderators_only(stranger, as_reader, story, path):
    assert stranger.get(path.format(story.pk))["Location"].startswith("/accounts/login/")
    assert as_reader.get(path.format(story.pk)).status_code == 403


@pytest.mark.parametrize("path", ["topic", "read"])
def test_only_moderators_change_anything(stranger, as_reader, story, path):
    address = f"/desk/stories/{story.pk}/{path}/"

    assert stranger.post(address)["Location"].startswith("/accounts/login/")
    assert as_reader.post(address, {"judges_topic": "off"}).status_code == 403
    assert Story.objects.get(pk=story.pk).judges_topic


def test_no_stories_yet(as_moderator, site):
    assert "There are no stories yet." in shown(as_moderator, "/desk/stories/")


def test_the_list_says_what_waits(as_moderator, ferry, off_topic, message, published):
    page = shown(as_moderator, "/desk/stories/")

    assert f'href="/desk/stories/{ferry.pk}/"' in page
    assert "1 held, 1 as off topic" in page
    assert "1 published" in page
    assert [(row.waiting, row.off_topic) for row in story_rows([ferry, message.story])] == [(1, 1), (1, 0)]


@pytest.mark.parametrize(
    ("fields", "badge"),
    [
        ({"judges_topic": False}, "Topic off"),
        ({"is_open": False}, "Closed"),
        ({"text_state": "failed"}, "No text"),
        ({"text_state": "waiting"}, "Text not read yet"),
    ],
)
def test_the_list_says_what_is_unusual(as_moderator, story, fields, badge):
    assert badge not in shown(as_moderator, "/desk/stories/")
    Story.objects.filter(pk=story.pk).update(**fields)

    assert badge in shown(as_moderator, "/desk/stories/")
    assert badge in shown(as_moderator, f"/desk/stories/{story.pk}/")


def test_many_stories_have_pages_and_few_queries(as_moderator, site, make_story, django_assert_max_num_queries):
    for number in range(33):
        make_story(site, f"story-{number}")

    with django_assert_max_num_queries(14):
        page = shown(as_moderator, "/desk/stories/")
    assert page.count('<a class="title"') == 30
    assert shown(as_moderator, "/desk/stories/?page=2").count('<a class="title"') == 3


def test_switched_off_and_on_again(as_moderator, story):
    address = f"/desk/stories/{story.pk}/"
    assert "Topic judgement: on." in shown(as_moderator, address)

    answer = as_moderator.post(f"{address}topic/", {"judges_topic": "off"})
    assert answer["Location"] == address
    page = shown(as_moderator, address)
    assert "Topic judgement: off." in page
    assert "Nothing is off topic under this story any more." in page
    assert not Story.objects.get(pk=story.pk).judges_topic

    as_moderator.post(f"{address}topic/", {"judges_topic": "on"})
    assert Story.objects.get(pk=story.pk).judges_topic


def test_a_page_that_failed_is_read_again(as_moderator, story):
    Story.objects.filter(pk=story.pk).update(text_state="failed", text_problem="the page answered 402")
    assert "the page answered 402" in shown(as_moderator, f"/desk/stories/{story.pk}/")

    as_moderator.post(f"/desk/stories/{story.pk}/read/")

    assert Story.objects.get(pk=story.pk).text_state == "waiting"
    assert DBTaskResult.objects.filter(task_path__endswith=".read_story_text").count() == 1
    assert "read again within a minute" in shown(as_moderator, f"/desk/stories/{story.pk}/")


def test_too_few_comments_for_a_map(as_moderator, story, published):
    page = shown(as_moderator, f"/desk/stories/{story.pk}/")

    assert "Too few comments for a map yet." in page
    assert "<svg" not in page


def test_the_map_and_the_list_say_the_same(as_moderator, talked_about):
    page = shown(as_moderator, f"/desk/stories/{talked_about.pk}/")

    assert '<svg class="map"' in page
    assert "2 subjects:" in page
    labels = re.findall(r'aria-label="(\d): ([^"]+?), (\d+) comments?[^"]*"', page)
    listed = re.findall(
        r'<li><a href="\?subject=(\d)#comments">(.*?)</a>\s*<span class="small quiet">(\d+) comment', page
    )
    assert [(number, name, count) for number, name, count in labels] == listed
    assert len(listed) == 2
    assert {"fare", "ticket"} & set(re.split(r", ", listed[0][1] + ", " + listed[1][1]))
    assert "<title id=" in page
    assert "style=" not in page


def test_the_comments_of_a_subject(as_moderator, talked_about):
    found = map_story(talked_about)
    page = shown(as_moderator, f"/desk/stories/{talked_about.pk}/?subject=2")

    for comment in found.subjects[1].comments:
        assert f"#c-{comment.id}" in page or f"?comment={comment.id}" in page
    assert page.count("<li><p") == len(found.subjects[1].comments)
    assert 'aria-current="true"' in page


@pytest.mark.parametrize("number", ["3", "99", "-1", "x", "9" * 400, ""])
def test_a_subject_that_is_not_there(as_moderator, talked_about, number):
    page = shown(as_moderator, f"/desk/stories/{talked_about.pk}/?subject={number}")

    assert 'id="comments"' not in page


def test_comments_without_words_are_listed_apart(as_moderator, talked_about, post):
    post("👏👏", story=talked_about)
    page = shown(as_moderator, f"/desk/stories/{talked_about.pk}/?subject=0")

    assert "Too few words to tell" in page
    assert "👏👏" in page


def test_what_is_held_is_on_the_map_and_leads_to_the_desk(as_moderator, talked_about, off_topic):
    Comment.objects.filter(story=talked_about).exclude(pk=off_topic.pk)[:1].get().decisions.update(scores={})
    found = map_story(talked_about)
    (place,) = [n for n, one in enumerate(found.subjects) if off_topic.pk in {c.id for c in one.comments}] or [None]
    query = f"?subject={place + 1}" if place is not None else "?subject=0"

    assert f'href="/desk/?comment={off_topic.pk}"' in shown(as_moderator, f"/desk/stories/{talked_about.pk}/{query}")


def test_a_story_that_is_not_there(as_moderator, site):
    assert as_moderator.get("/desk/stories/9/").status_code == 404
    assert as_moderator.post("/desk/stories/9/topic/").status_code == 404


def test_far_subjects_are_named_so(as_moderator, talked_about):
    from belowline.moderation.models import Decision

    Decision.objects.filter(comment__text_source__contains="gearbox").update(scores={"off_topic": {"value": FAR + 0.1}})
    page = shown(as_moderator, f"/desk/stories/{talked_about.pk}/")

    assert page.count("Far from the article") == 1
    assert page.count(", far from the article") == 1
