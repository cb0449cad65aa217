"""Thread pages kept as bytes: exact after every change, never anybody's own, and good WSGI."""

import gzip
import io
import json
import re
import threading
import time
from datetime import timedelta
from wsgiref.validate import validator

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.stories.models import Section, Story
from belowline.stream import page_cache
from belowline.stream.page_cache import ThreadPageCache, cacheable_story

pytestmark = pytest.mark.usefixtures("django_behind")


class Counting:
    """The application behind the cache, and how often it was asked."""

    def __init__(self, application):
        self.application, self.asked = validator(application), []

    def __call__(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        return self.application(environ, start_response)


class Answer:
    """What came back."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = int(status.split()[0]), headers, body

    def __getitem__(self, name):
        [value] = [value for other, value in self.headers if other.lower() == name.lower()]
        return value

    def __contains__(self, name):
        return any(other.lower() == name.lower() for other, _ in self.headers)

    @property
    def text(self):
        return self.body.decode()


def environ_of(path, query="", method="GET", **headers):
    named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    } | named


@pytest.fixture
def behind(django_behind):
    return Counting(django_behind)


@pytest.fixture
def cache(behind):
    return ThreadPageCache(behind)


@pytest.fixture
def ask(cache):
    application = validator(cache)

    def call(path, query="", method="GET", **headers):
        got = []
        parts = application(
            environ_of(path, query, method, **headers), lambda *given: got.append(given) or (lambda _: None)
        )
        try:
            body = b"".join(parts)
        finally:
            parts.close()
        [(status, found, *_)] = got
        return Answer(status, found, body)

    return call


@pytest.fixture
def path(story):
    return f"/discussion/{story.pk}/"


# --- kept, and exact


def test_the_second_reader_gets_the_kept_page(ask, behind, path, published):
    first, second = ask(path), ask(path)

    assert first.status == second.status == 200
    assert published.text_source in first.text
    assert first.body == second.body
    assert first.headers == second.headers
    assert behind.asked == [path]


def test_a_kept_page_costs_one_query(ask, path, published, django_assert_num_queries):
    ask(path)
    with django_assert_num_queries(1):
        ask(path)


def test_it_is_the_page_that_would_have_been_made(ask, path, published, stranger):
    made = stranger.get(path)
    kept = ask(path)

    assert kept.body == made.content
    assert kept["Content-Security-Policy"] == made["Content-Security-Policy"]
    assert kept["Cache-Control"] == "no-cache"
    assert kept["X-Content-Type-Options"] == "nosniff"
    assert {"Cookie", "Accept-Encoding", "Sec-Fetch-Dest"} <= {part.strip() for part in kept["Vary"].split(",")}


def test_every_change_shows_at_once(ask, path, post, held, decide, moderator, reader, other_reader):  # noqa: PLR0917
    def shows(text):
        return text in ask(path).text

    assert "No comments yet" in ask(path).text
    quiet = post("A quiet remark.").comment
    assert shows("A quiet remark.")

    decision = decide(held)
    assert shows(held.text_source)
    held.refresh_from_db()
    post("An answer to it.", parent=held, author=other_reader)
    assert shows("An answer to it.")
    undo_decision(decision=decision, moderator=moderator)
    assert not shows(held.text_source)
    assert shows("An answer to it.")

    delete_comment(comment=held, by=reader)
    assert shows("Its author deleted this comment.")
    delete_comment(comment=quiet, by=reader)
    assert not shows("A quiet remark.")


def test_what_readers_do_not_see_leaves_the_page_alone(ask, path, behind, post, decide):
    ask(path)
    decide(post("What a wombat.").comment, "reject", rule="links")
    ask(path)

    assert behind.asked == [path]


def test_the_publishers_changes_show_at_once(ask, path, site, story, make_story, activate):  # noqa: PLR0917
    ask(path)
    make_story(site, title="Bridge open again")
    assert "Bridge open again" in ask(path).text

    make_story(site, is_open=False)
    assert "This discussion is closed." in ask(path).text

    activate(site, sentence="Another sentence.")
    assert "Another sentence." in ask(path).text


def test_a_comment_that_comes_while_a_page_is_made_shows_next_time(story, post, path):
    """The version was read before the page: a page may know more than its version says, never less."""
    calls = []

    def slow(environ, start_response):
        calls.append(1)
        body = str(Comment.objects.count()).encode()
        if len(calls) == 1:
            post("Written while the page was made.")
        start_response("200 OK", [("Content-Type", "text/html")])
        return [body]

    cache = ThreadPageCache(slow)
    got = [b"".join(cache(environ_of(path), lambda *_: None)) for _ in range(3)]

    assert got == [b"0", b"1", b"1"]
    assert len(calls) == 2


def test_a_thread_as_json_is_kept_and_exact_too(ask, behind, path, post):
    first, second = ask(f"{path}comments.json"), ask(f"{path}comments.json")
    assert json.loads(first.text)["comments"] == []
    assert first.headers == second.headers
    assert behind.asked == [f"{path}comments.json"]

    comment = post("The tolls are fair.").comment
    assert [one["id"] for one in json.loads(ask(f"{path}comments.json").text)["comments"]] == [comment.pk]
    assert json.loads(ask(f"{path}comments.json", f"before={comment.pk}").text)["comments"] == []
    assert ask(path)["Content-Type"].startswith("text/html")


def test_two_stories_are_two_pages(ask, post, path, other_story):
    post("Under the bridge.")
    post("Under the goose.", story=other_story)

    assert "Under the bridge." in ask(path).text
    assert "Under the goose." in ask(f"/discussion/{other_story.pk}/").text


def test_a_page_in_a_frame_is_another_page(ask, path, published):
    alone, framed, asked = ask(path), ask(path, sec_fetch_dest="iframe"), ask(path, "embed=1")

    assert 'class="framed"' not in alone.text
    assert 'class="framed"' in framed.text
    assert 'class="framed"' in asked.text
    assert ask(path).body == alone.body


def test_there_is_an_end_to_keeping(cache, ask, site, make_story, monkeypatch):
    monkeypatch.setattr(page_cache, "MAX_PAGES", 3)
    stories = [make_story(site, f"story-{number}") for number in range(5)]
    for story in stories:
        ask(f"/discussion/{story.pk}/")

    assert [key.split("/")[2] for key in cache._pages] == [str(story.pk) for story in stories[2:]]


def test_an_old_version_is_not_kept_beside_the_new(cache, ask, path, post):
    for number in range(4):
        post(f"Remark {number}.")
        ask(path)

    assert len(cache._pages) == 1


# --- what the browser has already


def test_not_modified(ask, path, published):
    tag = ask(path)["ETag"]
    answer = ask(path, if_none_match=tag)

    assert (answer.status, answer.body) == (304, b"")
    assert answer["ETag"] == tag
    assert answer["Cache-Control"] == "no-cache"
    assert "Content-Length" not in answer
    assert "Content-Type" not in answer


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', '{}, "other"', "*"])
def test_how_browsers_and_caches_ask(ask, path, published, form):
    tag = ask(path)["ETag"].removeprefix("W/")

    assert ask(path, if_none_match=form.format(tag)).status == 304


@pytest.mark.parametrize("tag", ['"other"', "", "nonsense", '""', 'W/"1"', "1"])
def test_what_the_browser_has_is_something_else(ask, path, published, tag):
    assert ask(path, if_none_match=tag).status == 200


def test_after_a_change_the_tag_is_another(ask, path, post):
    tag = ask(path)["ETag"]
    post("A quiet remark.")
    answer = ask(path, if_none_match=tag)

    assert answer.status == 200
    assert answer["ETag"] != tag


def test_the_tag_stands_for_the_page_in_any_packing(ask, path, published):
    """One tag for several packings of the same page must be a weak one: RFC 9110, 8.8.3."""
    assert ask(path)["ETag"] == ask(path, accept_encoding="gzip")["ETag"]
    assert ask(path)["ETag"].startswith('W/"')


# --- packing


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "br;q=1.0, gzip;q=0.8", "GZIP", "*"])
def test_packed_for_browsers_that_can(ask, path, published, accepted):
    plain, packed = ask(path), ask(path, accept_encoding=accepted)

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert packed["Content-Length"] == str(len(packed.body))
    assert len(packed.body) < len(plain.body)
    assert "Content-Encoding" not in plain


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "deflate, gzip; q=0", "xgzip", "*;q=0"])
def test_not_packed_for_others(ask, path, published, accepted):
    answer = ask(path, accept_encoding=accepted)

    assert "Content-Encoding" not in answer
    assert published.text_source in answer.text


def test_the_first_to_ask_does_not_decide_for_all(ask, path, published):
    """The page is made once, plain, whatever the first browser could read."""
    assert ask(path, accept_encoding="gzip")["Content-Encoding"] == "gzip"
    assert published.text_source in ask(path).text


def test_lengths(ask, path, published):
    for headers in ({}, {"accept_encoding": "gzip"}):
        answer = ask(path, **headers)
        assert answer["Content-Length"] == str(len(answer.body))


def test_the_head_alone(ask, behind, path, published):
    full = ask(path)
    answer = ask(path, method="HEAD")

    assert (answer.status, answer.body) == (200, b"")
    assert answer["Content-Length"] == str(len(full.body))
    assert answer["ETag"] == full["ETag"]
    assert behind.asked == [path]


def test_the_head_alone_first(ask, path, published):
    assert ask(path, method="HEAD").body == b""
    assert published.text_source in ask(path).text


# --- who goes past it


SESSION = "belowline_session=abc"


@pytest.mark.parametrize(
    "cookie",
    [
        SESSION,
        f"a=1; {SESSION}",
        f"{SESSION}; a=1",
        f'consent={{"ads":false,"x":[1,2]}}; {SESSION}',
        f"bad[name]=1; {SESSION}",
        f"a b=1;{SESSION}",
        f"=x; {SESSION}",
        f"novalue; {SESSION}",
        f'q="half; {SESSION}',
        f"ü=1; {SESSION}",
        f"a=1;; ;{SESSION}",
    ],
)
def test_readers_who_are_signed_in_go_past(ask, behind, path, published, cookie):
    """Whatever other cookies the paper has set beside ours, in whatever shape."""
    ask(path)
    ask(path, cookie=cookie)
    ask(path, cookie=cookie)

    assert len(behind.asked) == 3


@pytest.mark.parametrize(
    "cookie", ["", "a=1", "csrftoken=x", "not_belowline_session=1", "x=belowline_session", "belowline_session2=1"]
)
def test_other_cookies_do_not_matter(ask, behind, path, published, cookie):
    ask(path)
    ask(path, cookie=cookie)

    assert len(behind.asked) == 1


def test_a_readers_own_page_is_not_kept(ask, path, held, as_reader, cache):
    cookie = f"belowline_session={as_reader.cookies['belowline_session'].value}"
    own = ask(path, cookie=cookie)

    assert held.text_source in own.text
    assert held.text_source not in ask(path).text
    assert held.text_source in ask(path, cookie=cookie).text
    assert all(held.text_source.encode() not in page.plain for page in cache._pages.values())


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_reading_is_answered(ask, behind, path, published, method):
    ask(path)
    answer = ask(path, method=method)

    assert answer.status in {403, 405}
    assert len(behind.asked) == 2


@pytest.mark.parametrize(
    ("query", "is_kept"),
    [
        ("", True),
        ("embed=1", True),
        ("order=oldest", True),
        ("order=newest", True),
        ("embed=1&order=oldest", True),
        ("order=best", True),
        ("page=2", False),  # leads to the first: there is no second
        ("embed=1&order=best&page=1&lang=de", True),
        ("subject=2", False),  # as there is no such subject
        ("page=1", True),
        ("page=0", False),
        ("page=01", False),
        ("page=10000", False),
        ("subject=100", False),
        ("lang=xx", False),
        ("lang=de&order=best", False),
        ("embed=1&", False),
        ("embed=1order=best", False),
        ("&", False),
        ("order=other", False),
        ("embed=2", False),
        ("reply=1", False),
        ("posted=1", False),
        ("embed=1&posted=1", False),
        ("utm_source=x", False),
        ("order=oldest&order=newest", False),
        ("order=oldest&embed=1", False),
        ("%6frder=oldest", False),
        ("a" * 5000, False),
    ],
)
def test_which_queries_have_kept_pages(ask, cache, behind, path, published, query, is_kept):  # noqa: PLR0917
    first, second = ask(path, query), ask(path, query)

    assert first.status == second.status
    assert len(behind.asked) == (1 if is_kept else 2)
    assert bool(cache._pages) is is_kept


@pytest.mark.parametrize(
    "other",
    ["/faq/", "/me/", "/", "/healthz", "/discussion/", "/discussion/1", "/discussion/1/composer/", "/desk/", "/embed/"],
)
def test_other_pages_are_not_kept(ask, cache, site, other):
    ask(other)

    assert not cache._pages


@pytest.mark.parametrize("number", ["999999", "0", "9" * 18, "9" * 19, "9" * 400])
def test_a_story_that_is_not_there(ask, cache, site, number):
    answer = ask(f"/discussion/{number}/")

    assert answer.status == 404
    assert not cache._pages


def test_a_story_that_comes_later(ask, site, make_story):
    story = make_story(site)
    wanted = story.pk + 1
    assert ask(f"/discussion/{wanted}/").status == 404

    later = make_story(site, "later", title="Later")
    Story.objects.filter(pk=later.pk).update(id=wanted)
    assert ask(f"/discussion/{wanted}/").status == 200


def test_the_database_does_not_answer(cache, behind, path, published, monkeypatch):
    """The application is asked, and says so itself."""

    def broken():
        raise OperationalError("gone")

    got = []
    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", broken)
        parts = cache(environ_of(path), lambda *given: got.append(given))
        list(parts)
        parts.close()

    assert got[0][0].startswith("500")
    assert not cache._pages


# --- the application behind


def application(status="200 OK", headers=(), body=(b"page",), error=None, closed=None):
    def call(environ, start_response):
        start_response(status, [("Content-Type", "text/html"), *headers])

        class Body:
            def __iter__(self):
                yield from body
                if error:
                    raise error

            def close(self):
                if closed is not None:
                    closed.append(1)

        return Body()

    return call


def answers(behind, path, count=2, **more):
    cache, got = ThreadPageCache(behind), []
    for _ in range(count):
        parts = cache(environ_of(path, **more), lambda *given: got.append(list(given)))
        got[-1].append(b"".join(parts))
    return cache, got


@pytest.mark.parametrize(
    "status", ["404 Not Found", "500 Internal Server Error", "503 Busy", "302 Found", "403 Forbidden"]
)
def test_errors_and_redirects_are_not_kept(story, path, status):
    cache, got = answers(application(status), path)

    assert [entry[0] for entry in got] == [status] * 2
    assert not cache._pages


def test_a_page_that_sets_a_cookie_is_nobody_elses(story, path):
    cache, got = answers(application(headers=[("Set-Cookie", "csrftoken=secret")]), path)

    assert not cache._pages
    assert ("Set-Cookie", "csrftoken=secret") in got[0][1]


def test_no_cookie_and_no_length_of_the_first_answer_goes_to_the_second(story, path):
    _, got = answers(application(headers=[("Content-Length", "4"), ("ETag", '"theirs"'), ("X-Kept", "yes")]), path)

    for _, headers, *_ in got:
        names = [name for name, _ in headers]
        assert names.count("Content-Length") == names.count("ETag") == 1
        assert ("X-Kept", "yes") in headers
        assert "Set-Cookie" not in names


def test_what_the_application_returned_is_closed(story, path):
    closed = []
    answers(application(closed=closed), path, count=1)

    assert closed == [1]


def test_it_is_closed_also_when_it_fails(story, path):
    closed = []
    with pytest.raises(RuntimeError):
        answers(application(error=RuntimeError("half way"), closed=closed), path, count=1)

    assert closed == [1]


def test_a_small_page_is_not_packed(story, path):
    _, got = answers(application(), path, accept_encoding="gzip")

    assert got[0][-1] == b"page"


def test_an_application_that_starts_late(story, path):
    """PEP 3333 lets it call start_response with its first piece."""

    def late(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        yield b"late"

    cache, got = answers(late, path)
    assert [entry[-1] for entry in got] == [b"late"] * 2
    assert cache._pages


def test_an_application_that_writes(story, path):
    """The older way, which PEP 3333 still allows."""

    def old(environ, start_response):
        write = start_response("200 OK", [("Content-Type", "text/html")])
        write(b"writ")
        return [b"ten"]

    assert [entry[-1] for entry in answers(old, path)[1]] == [b"written"] * 2


def test_the_environment_is_left_as_it_was(story, path):
    environ = environ_of(path, method="HEAD", accept_encoding="gzip")
    before = dict(environ)
    list(ThreadPageCache(application())(environ, lambda *_: None))

    assert environ == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, 7),
        ({"REQUEST_METHOD": "HEAD"}, 7),
        ({"REQUEST_METHOD": "POST"}, None),
        ({"PATH_INFO": "/discussion/7"}, None),
        ({"PATH_INFO": "//discussion/7/"}, None),
        ({"PATH_INFO": "/discussion/7/post/"}, None),
        ({"QUERY_STRING": "x=1"}, None),
        ({"HTTP_COOKIE": SESSION}, None),
    ],
)
def test_what_may_be_answered(changes, expected):
    assert cacheable_story(environ_of("/discussion/7/") | changes) == expected


def test_a_request_without_a_query(story, path):
    """PEP 3333: QUERY_STRING may be absent."""
    environ = environ_of(path)
    del environ["QUERY_STRING"]

    assert cacheable_story(environ) == story.pk
    assert b"".join(ThreadPageCache(application())(environ, lambda *_: None)) == b"page"


@pytest.mark.django_db(transaction=True)
def test_readers_in_many_threads(path, post, story):
    """Each thread has its own connection; while somebody posts, every page is one that was true in that moment."""
    cache, wrong, gate = ThreadPageCache(get_wsgi_application()), [], threading.Barrier(4)

    def read():
        gate.wait(20)
        seen = 0
        for _ in range(30):
            parts = cache(environ_of(path), lambda *_: None)
            page = b"".join(parts).decode()
            count = int(re.search(r'class="count">(\d+)', page)[1])
            if count < seen or page.count("<article") < count:
                wrong.append((seen, count, page.count("<article")))
            seen = count
        connection.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    gate.wait(20)
    for number in range(8):
        post(f"Remark number {number} about the bridge.")
    for reader in readers:
        reader.join(60)

    assert wrong == []
    parts = cache(environ_of(path), lambda *_: None)
    assert b"".join(parts).count(b"<article") == 8


# --- what changes by time alone


@pytest.fixture
def clock(cache):
    """The second that the cache believes in."""
    seconds = [time.time()]
    cache._clock = lambda: seconds[0]
    return seconds


def test_a_discussion_that_closes_by_time_is_closed_on_the_kept_page_too(ask, behind, path, story, clock):
    """Nobody writes anything at that moment: the page itself says until when it is true."""
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() + timedelta(hours=1))
    first = ask(path)
    assert "Sign in to join the discussion" in first.text
    assert "This discussion closes on" in first.text
    clock[0] += 3590
    assert ask(path).body == first.body
    assert behind.asked == [path]

    # The hour passes: no version is raised by that.
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    clock[0] += 11
    after = ask(path)
    assert "This discussion is closed, because the article is no longer new." in after.text
    assert "Sign in to join the discussion" not in after.text
    assert after["ETag"] != first["ETag"]
    assert ask(path, if_none_match=first["ETag"]).status == 200
    clock[0] += 10**6
    assert ask(path).body == after.body
    assert behind.asked == [path] * 2


def test_the_notice_that_a_discussion_closes_comes_by_time_too(ask, behind, path, story, clock):
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() + timedelta(hours=25))
    assert "This discussion closes on" not in ask(path).text
    clock[0] += 3000
    ask(path)
    assert behind.asked == [path]
    clock[0] += 700
    ask(path)
    assert behind.asked == [path] * 2


def test_nobody_outside_sees_until_when_a_page_is_kept(ask, path, story):
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() + timedelta(hours=1))
    assert page_cache.UNTIL not in ask(path)


def test_a_section_that_closes_its_stories_closes_this_one(ask, path, story):
    Section.objects.create(site=story.site, name="news", mode="closed", closed_reason="capacity")
    assert "because we cannot moderate it well enough now" in ask(path).text


# --- is there something new?


@pytest.fixture
def state(path):
    return f"{path}state/"


def test_open_pages_ask_how_many_comments_there_are(ask, state, behind, published, as_reader):
    for cookie in ("", f"belowline_session={as_reader.cookies['belowline_session'].value}"):
        answer = ask(state, cookie=cookie)
        assert (answer.status, answer.body) == (200, b'{"comments":1}')
        assert answer["Content-Type"] == "application/json"
        assert answer["Cache-Control"] == "no-cache"
    assert behind.asked == []


def test_nothing_new_costs_no_bytes(ask, state, published, post, django_assert_num_queries):
    tag = ask(state)["ETag"]
    with django_assert_num_queries(1):
        answer = ask(state, if_none_match=tag)
    assert (answer.status, answer.body) == (304, b"")

    Story.objects.get().bump()  # a recommendation, say
    assert ask(state, if_none_match=tag).status == 304
    post("Another one.")
    assert ask(state, if_none_match=tag).body == b'{"comments":2}'


@pytest.mark.parametrize("number", ["999999", "0", "9" * 18, "9" * 400])
def test_the_state_of_no_story(ask, site, number):
    assert ask(f"/discussion/{number}/state/").status == 404


def test_the_state_is_read_alone(ask, state, behind):
    assert ask(state, method="HEAD").body == b""
    assert ask(state, method="POST").status in {403, 405}
    assert len(behind.asked) == 1


def test_behind_the_cache_the_state_is_the_same(ask, state, published, stranger):
    answer = stranger.get(state)

    assert answer.content == ask(state).body
    assert answer["ETag"] == ask(state)["ETag"]


# --- where shared caches keep them, too


@pytest.fixture
def shared(settings):
    settings.SHARED_CACHE_SECONDS = 30


@pytest.mark.usefixtures("shared")
def test_shared_caches_are_told_for_how_long(ask, path, state, story, published):
    for address in (path, state):
        first, again = ask(address), ask(address)
        assert first["Cache-Control"].startswith("public, max-age=0, s-maxage=30, stale-while-revalidate=5")
        assert first.headers == again.headers
        assert f"story-{story.pk}" in first["Surrogate-Key"].split()
        unchanged = ask(address, if_none_match=first["ETag"])
        assert unchanged.status == 304
        for name in ("Cache-Control", "CDN-Cache-Control", "Surrogate-Key"):
            assert unchanged[name] == first[name]


@pytest.mark.usefixtures("shared")
def test_the_state_is_shared_whoever_asks(ask, state, as_reader):
    cookie = f"belowline_session={as_reader.cookies['belowline_session'].value}"

    assert ask(state, cookie=cookie).headers == ask(state).headers


@pytest.mark.usefixtures("shared")
def test_a_readers_own_page_is_private(ask, path, published, as_reader):
    cookie = f"belowline_session={as_reader.cookies['belowline_session'].value}"
    ask(path)

    for _ in range(2):
        answer = ask(path, cookie=cookie)
        assert answer["Cache-Control"] == "private, no-cache"
        assert "Surrogate-Key" not in answer


@pytest.mark.usefixtures("shared")
def test_a_page_that_stands_in_a_frame_by_its_header_alone_is_private_and_kept_here(ask, behind, path, published):
    for _ in range(2):
        assert ask(path, sec_fetch_dest="iframe")["Cache-Control"] == "private, no-cache"
    assert behind.asked == [path]
    assert "s-maxage=30" in ask(path)["Cache-Control"]


@pytest.mark.usefixtures("shared")
def test_a_kept_page_is_shared_for_as_long_as_it_is_still_true(behind, path, story, published):
    now = time.time()
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() + timedelta(seconds=60))
    cache = ThreadPageCache(behind, clock=lambda: now)

    def fresh():
        got = []
        b"".join(cache(environ_of(path), lambda *given: got.append(given)))
        return int(re.search(r"s-maxage=(\d+)", dict(got[0][1])["Cache-Control"])[1])

    assert fresh() == 30
    now += 45
    assert 13 <= fresh() <= 15
    assert len(behind.asked) == 1
