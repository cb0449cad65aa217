"""A paper's page asks for its discussion: found by key or address, or begun for a page of the site's own."""

import threading

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult
from hypothesis import given
from hypothesis import strategies as st

from belowline.events.models import Event
from belowline.stories.actions.find_story import find_story, key_of_url
from belowline.stories.errors import StoryFetchError
from belowline.stories.models import Story

URL = "https://www.gazette.example/news/ferry"


def test_a_story_that_is_known(site, story, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert find_story(site=site, key="bridge") == story
    assert find_story(site=site, key="bridge", url="https://evil.example/") == story


def test_a_page_that_is_new_becomes_a_story(site, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        story = find_story(site=site, key="ferry", url=URL)

    assert (story.key, story.url, story.title, story.text_state) == ("ferry", URL, "", "waiting")
    assert Event.objects.filter(tag="story:created", subject_id=story.pk, site_id=site.pk).count() == 1
    task = DBTaskResult.objects.get()
    assert task.task_path.endswith("read_story_text")
    assert task.args_kwargs["args"] == [story.pk]


def test_the_same_page_again_is_the_same_story(site, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = find_story(site=site, key="ferry", url=URL)
        again = find_story(site=site, key="ferry", url=URL)

    assert first == again
    assert DBTaskResult.objects.count() == 1


@pytest.mark.parametrize(
    "url",
    [URL, f"{URL}/", f"{URL}?utm_source=x", f"{URL}#comments", f"{URL}/?a=1#b", f"{URL}?a=#?"],
)
def test_without_a_key_the_address_is_the_key(site, url):
    story = find_story(site=site, key="", url=url)

    assert story.key == URL
    assert story.url == url


def test_the_same_key_on_two_sites_is_two_stories(site, other_site, story, make_story):
    other = make_story(other_site, "bridge")

    assert find_story(site=site, key="bridge") == story
    assert find_story(site=other_site, key="bridge") == other


@pytest.mark.parametrize(
    ("key", "url"),
    [
        ("ferry", ""),
        ("", ""),
        ("ferry", "https://evil.example/ferry"),
        ("ferry", "https://courier.example/ferry"),
        ("ferry", "javascript:alert(1)"),
        ("ferry", "https://user@gazette.example/"),
        ("f" * 201, URL),
        ("ferry", f"{URL}?{'x' * 1000}"),
        ("", f"https://gazette.example/{'x' * 200}"),
    ],
)
def test_no_story_is_made(site, other_site, key, url):
    with pytest.raises(StoryFetchError) as caught:
        find_story(site=site, key=key, url=url)

    assert caught.value.code == "url_not_allowed"
    assert not Story.objects.exists()
    assert not DBTaskResult.objects.exists()


PARTS = st.text(alphabet="abcüé-_/.%20", max_size=20)


@given(PARTS, st.text(max_size=20), st.text(max_size=20))
def test_a_page_has_one_key_whatever_is_hung_on_its_address(path, query, fragment):
    page = f"https://gazette.example/news{path}".rstrip("/")

    for address in (page, f"{page}/", f"{page}?{query}", f"{page}#{fragment}", f"{page}/?{query}#{fragment}"):
        assert key_of_url(address) == page


@given(PARTS, PARTS)
def test_two_pages_have_two_keys(one, other):
    first, second = (f"https://gazette.example/news/{path}" for path in (one, other))

    assert (key_of_url(first) == key_of_url(second)) is (first.rstrip("/") == second.rstrip("/"))


@pytest.mark.django_db(transaction=True)
def test_two_readers_open_a_new_page_at_once(site):
    """Both get the same story, and its text is read once."""
    found, errors, gate = [], [], threading.Barrier(2)

    def open_page():
        try:
            gate.wait(60)
            found.append(find_story(site=site, key="ferry", url=URL).pk)
        except Exception as error:  # noqa: BLE001 - shown by the test
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=open_page) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert errors == []
    assert len(found) == 2
    assert len(set(found)) == 1
    assert DBTaskResult.objects.count() == 1
    assert Event.objects.filter(tag="story:created").count() == 1
