"""deploy/varnish/belowline.vcl in Varnish from Debian's packages: the same, and purged by the worker of a newsroom."""

import time

import pytest
import servers
from servers import Reader

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not servers.VARNISH, reason="Varnish is not installed: apt-get install varnish gcc libc6-dev"),
]
LONG = 300
"""Seconds: nothing runs out by itself here but what a test says."""
TOKEN = "a-token-of-the-tests"
SOON = 15
"""Seconds until a purge has come through, on a busy machine; it is one or two."""


@pytest.fixture(scope="module")
def paper(folder):
    """A newsroom with its worker, that tells Varnish of changes."""
    port, behind = servers.free_port(), servers.free_port()
    environment = servers.newsroom_environment(
        folder / "data",
        BELOWLINE_SHARED_CACHE_SECONDS=str(LONG),
        BELOWLINE_PURGE_URL=f"http://127.0.0.1:{port}/purge",
        BELOWLINE_PURGE_HEADER=f"X-Purge-Token: {TOKEN}",
    )

    class Paper:
        made = servers.fill(environment)
        front = port

    found = Paper()
    with (
        servers.serve(behind, environment, folder / "log", "--processes", "1") as found.server,
        servers.varnish(folder / "varnish", port, behind, TOKEN),
    ):
        # What the filling has changed is told first.
        reader, deadline = Reader(port), time.monotonic() + 30
        while not is_kept(reader, f"/discussion/{found.made['stories'][-1]}/"):
            assert time.monotonic() < deadline
        yield found


def is_kept(reader, path):
    """Say whether a page stays in the cache for two seconds."""
    reader.ask(path)
    time.sleep(2)
    return reader.ask(path).cache == "HIT"


@pytest.fixture
def stranger(paper):
    return Reader(paper.front)


@pytest.fixture
def marjorie(paper):
    return Reader(paper.front, paper.made["reader"])


@pytest.fixture(scope="module")
def stories(paper):
    return iter(zip(paper.made["stories"], paper.made["comments"], "abcdefghijkl", strict=True))


@pytest.fixture
def story(stories):
    return next(stories)


def wait_until(happens):
    deadline = time.monotonic() + SOON
    while not happens():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_second_reader_is_answered_by_varnish(stranger, story):
    pages = [f"/discussion/{story[0]}/{query}" for query in ("", "?embed=1", "?order=oldest", "?lang=de", "?page=2")]
    others = [f"/discussion/{story[0]}/state/", f"/comments/{story[1]}/", f"/comments/{story[1]}/embed/", "/embed.js"]
    bodies = set()
    for path in [*pages, *others]:
        first, second = (
            stranger.ask(path),
            stranger.ask(path, Cookie="consent=all; csrftoken=x", Sec_Fetch_Dest="empty"),
        )
        assert (first.cache, second.cache) == ("MISS", "HIT")
        assert first.body == second.body
        assert "surrogate-key" not in first.headers
        bodies.add(first.body)
    assert len(bodies) == len(pages) + len(others)


def test_readers_who_are_signed_in_go_past_and_leave_nothing(stranger, marjorie, story):
    path = f"/discussion/{story[0]}/"
    stranger.ask(path)
    assert marjorie.send(f"{path}post/", text="A wombat, which waits.", idempotency_key="w1", nudged="1").status == 302
    for query in ("", "?embed=1", "?order=oldest"):
        for _ in range(2):
            own = marjorie.ask(path + query)
            assert own.cache == "MISS"
            assert "A wombat, which waits." in own.text
            assert "A wombat" not in stranger.ask(path + query).text


def test_a_page_in_a_frame_by_its_header_alone(stranger, story):
    path = f"/discussion/{story[0]}/"
    assert [stranger.ask(path, Sec_Fetch_Dest="iframe").cache for _ in range(2)] == ["MISS", "MISS"]
    assert 'class="framed"' not in stranger.ask(path).text


@pytest.mark.parametrize("path", ["/accounts/login/", "/comments/{0}/notice/", "/faq/", "/me/"])
def test_forms_and_cookies_are_not_kept(paper, stranger, path):
    answers = [stranger.ask(path.format(paper.made["comments"][-1])) for _ in range(2)]

    assert {answer.cache for answer in answers} == {"MISS"}


def test_a_post_shows_and_a_deletion_too_within_a_few_seconds(stranger, marjorie, story):
    """Everything of the story, though it may be kept for five minutes; nothing of another one."""
    other = f"/discussion/{story[0] + 1}/"
    paths = [f"/discussion/{story[0]}/", f"/discussion/{story[0]}/?embed=1", f"/discussion/{story[0]}/fragment/"]
    state = f"/discussion/{story[0]}/state/"
    before = [stranger.ask(path) for path in (*paths, state, other)]
    posted = marjorie.send(f"{paths[0]}post/", text="Purged into view.", idempotency_key="p1")
    assert posted.status == 302
    wait_until(lambda: all("Purged into view." in stranger.ask(path).text for path in paths))
    assert stranger.ask(state).body != before[3].body
    assert stranger.ask(other).cache == "HIT"

    comment = posted.headers["location"].partition("posted=")[2].partition("#")[0].partition("&")[0]
    assert stranger.ask(f"/comments/{comment}/embed/").status == 200
    assert stranger.ask(f"/comments/{comment}/embed/").cache == "HIT"
    assert marjorie.send(f"/comments/{comment}/delete/").status == 302
    wait_until(lambda: not any("Purged into view." in stranger.ask(path).text for path in paths))
    wait_until(lambda: stranger.ask(f"/comments/{comment}/embed/").status == 410)


def test_a_post_is_written_once(marjorie, story):
    path = f"/discussion/{story[0]}/"
    answers = [marjorie.send(f"{path}post/", text="Posted once.", idempotency_key="once") for _ in range(2)]

    assert len({answer.headers["location"] for answer in answers}) == 1
    assert marjorie.ask(path).text.count("<p>Posted once.</p>") == 1


@pytest.mark.parametrize(
    ("token", "names", "method", "status"),
    [
        (TOKEN, "story-1", "POST", 200),
        ("wrong", "story-1", "POST", 403),
        ("", "story-1", "POST", 403),
        (TOKEN, "story-1", "GET", 403),
        (TOKEN, "", "POST", 400),
        (TOKEN, "story-1 .*", "POST", 400),
        (TOKEN, 'x" || obj.status == 200 && obj.http.x ~ "', "POST", 400),
    ],
)
def test_who_may_purge_what(stranger, token, names, method, status):
    assert stranger.ask("/purge", method, X_Purge_Token=token, Surrogate_Key=names).status == status


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_operators_ask_is_not_answered_outside(stranger, path):
    assert stranger.ask(path).status == 404


@pytest.fixture
def short(folder, request):
    """Varnish before a server whose pages run out after a second, and may be stale for half a minute if it fails."""
    told = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=30"
    with servers.upstream(told=told) as server:
        port = servers.free_port()
        with servers.varnish(folder / request.node.name, port, server.server_address[1], TOKEN):
            yield server, Reader(port)


def test_errors_do_not_take_the_place_of_a_page(short):
    """Varnish asks in the background while a page is a little stale; what comes back as an error is dropped."""
    server, reader = short
    assert reader.ask("/discussion/1/").status == 200
    server.status = 500
    asked, deadline = len(server.got), time.monotonic() + 4
    while time.monotonic() < deadline:
        assert reader.ask("/discussion/1/").status == 200
        time.sleep(0.1)
    assert sum(path == "/discussion/1/" for _, path, _ in server.got[asked:]) >= 1


def test_a_server_that_is_gone(short):
    server, reader = short
    assert reader.ask("/discussion/1/").status == 200
    server.shutdown()
    server.server_close()
    wait_until(lambda: reader.ask("/faq/").status == 503)
    time.sleep(3)  # it has run out, and the probe has noticed

    assert reader.ask("/discussion/1/").status == 200
    assert reader.ask("/discussion/1/", Cookie="belowline_session=x").status == 503
    assert reader.send("/discussion/1/post/").status == 503
