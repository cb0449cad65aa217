"""Counts that go out again as they are: exact after every change, and only where nobody is signed in."""

import io
import json

import pytest
from django.conf import settings

from belowline.comments.actions.delete_comment import delete_comment
from belowline.stories.models import Story
from belowline.stream import counts_cache
from belowline.stream.counts_cache import CountsCache

QUERY = "site=gazette&story=bridge&url=https%3A%2F%2Fgazette.example%2Fnone%2F%3Fa%3D1&story=none"


pytestmark = pytest.mark.usefixtures("django_behind")


class Asked:
    """The application behind, and how often it was asked."""

    def __init__(self, application):
        self.application, self.times = application, 0

    def __call__(self, environ, start_response):
        self.times += 1
        return self.application(environ, start_response)


@pytest.fixture
def behind(django_behind):
    return Asked(django_behind)


@pytest.fixture
def clock():
    return [0.0]


@pytest.fixture
def ask(behind, clock):
    cache = CountsCache(behind, clock=lambda: clock[0])

    def call(query=QUERY, *, path="/counts.json", method="GET", **headers):
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "HTTP_HOST": "testserver",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        told = []
        body = b"".join(cache(environ, lambda status, headers, *_: told.append((status, headers))))
        [(status, said)] = told
        return int(status[:3]), dict(said), body

    return call


def counts(answer):
    return list(json.loads(answer[2])["counts"].values())


def test_the_same_answer_goes_out_again(ask, behind, published, django_assert_num_queries):
    first = ask()
    with django_assert_num_queries(1):
        again = ask()

    assert (again, behind.times) == (first, 1)
    assert first[0] == 200
    assert json.loads(first[2]) == {"counts": {"https://gazette.example/none/?a=1": 0, "bridge": 1, "none": 0}}
    assert first[1]["Access-Control-Allow-Origin"] == "*"


def test_it_is_exact_after_every_change(ask, post, published):
    assert counts(ask()) == [0, 1, 0]
    another = post().comment
    assert counts(ask()) == [0, 2, 0]
    delete_comment(comment=another, by=another.author)
    assert counts(ask()) == [0, 1, 0]


def test_a_story_that_comes_later_is_counted(ask, story, make_story, site, published):
    ask()
    make_story(site, "none")
    Story.objects.filter(key="none").update(comment_count=7)

    assert counts(ask()) == [0, 1, 7]


@pytest.mark.parametrize(
    "asked",
    [
        {"cookie": f"{settings.SESSION_COOKIE_NAME}=x"},
        {"if_none_match": '"other"'},
        {"method": "HEAD"},
        {"query": f"{QUERY}&story={'x' * 10_000}"},
        {"query": "site=gazette"},
    ],
    ids=["with a session", "with a tag", "the head alone", "too long", "nothing asked for"],
)
def test_what_is_not_kept(ask, behind, site, asked):
    ask(**asked)
    ask(**asked)
    assert behind.times == 2


def test_another_host_has_another_answer(ask, behind, site):
    ask()
    ask(host="localhost")
    assert behind.times == 2


def test_who_names_no_host_of_ours_is_refused_as_before(ask, site):
    ask()
    assert ask(host="evil.example")[0] == 400


def test_headers_are_made_anew_after_a_minute(ask, behind, clock, site):
    ask()
    clock[0] = counts_cache.KEPT_SECONDS - 1
    ask()
    assert behind.times == 1
    clock[0] = counts_cache.KEPT_SECONDS
    ask()
    assert behind.times == 2


def test_where_the_database_has_copies_nothing_is_asked_of_itself(ask, behind, site, monkeypatch):
    monkeypatch.setattr(counts_cache, "comment_counts", lambda *_: pytest.fail("the database itself was asked"))
    monkeypatch.setattr(counts_cache.settings, "REPLICAS", ["replica-1"])
    assert not counts_cache._is_asked({"PATH_INFO": "/counts.json", "REQUEST_METHOD": "GET"})


def test_only_so_many_are_kept(ask, behind, site, monkeypatch):
    monkeypatch.setattr(counts_cache, "MAX_ANSWERS", 2)
    for story in ("a", "b", "c", "a"):
        ask(f"site=gazette&story={story}")
    assert behind.times == 4


def test_a_database_that_does_not_answer_is_djangos_affair(ask, behind, site, monkeypatch):
    ask()
    monkeypatch.setattr(counts_cache, "comment_counts", lambda *_: (_ for _ in ()).throw(counts_cache.Error))
    ask()
    assert behind.times == 2


def test_other_addresses_go_through(ask, behind, story):
    ask("", path=f"/discussion/{story.pk}/")
    ask("", path=f"/discussion/{story.pk}/")
    assert behind.times == 2
