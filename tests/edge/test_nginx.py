"""deploy/nginx/belowline.conf in nginx from Debian's packages, before `belowline serve`: nobody's page is another's."""

import json
import re
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import servers
from servers import ERROR, FRESH, STALE, Reader

LONGEST = FRESH + STALE + 1
"""Seconds until what was changed is seen: nginx counts whole ones."""
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not servers.NGINX, reason="nginx is not installed: apt-get install nginx"),
]


@pytest.fixture(scope="module")
def paper(folder):
    """A newsroom, and nginx before it; with `stop` and `start` for the newsroom."""
    port, behind = servers.free_port(), servers.free_port()
    environment = servers.newsroom_environment(folder / "data")

    class Paper:
        made = servers.fill(environment)
        front, direct, files = port, behind, folder / "nginx"
        running = None

        def start(self):
            self.running = servers.serve(behind, environment, folder / "log", "--processes", "1", "--no-worker")
            self.running.__enter__()

        def stop(self):
            self.running.__exit__(None, None, None)

    found = Paper()
    found.start()
    with servers.nginx(folder / "nginx", port, behind):
        yield found
    found.stop()


@pytest.fixture
def stranger(paper):
    return Reader(paper.front)


@pytest.fixture
def marjorie(paper):
    return Reader(paper.front, paper.made["reader"])


@pytest.fixture(scope="module")
def stories(paper):
    """Stories that no test has used yet."""
    return iter(zip(paper.made["stories"], paper.made["comments"], "abcdefghijkl", strict=True))


@pytest.fixture
def story(stories):
    """The id of a story of the test's own, that of a comment under it, and its key."""
    return next(stories)


def wait_until_fresh_again():
    time.sleep(LONGEST + 0.2)


# --- kept


@pytest.mark.parametrize(
    "form",
    [
        "/discussion/{0}/",
        "/discussion/{0}/?embed=1&order=oldest&page=2&lang=de",
        "/discussion/{0}/state/",
        "/discussion/{0}/feed/",
        "/discussion/{0}/fragment/",
        "/fragment/?site=gazette&story={2}",
        "/comments/{1}/",
        "/comments/{1}/replies/",
        "/comments/{1}/embed/",
        "/embed/?site=gazette&story={2}&order=oldest",
        "/counts.json?site=gazette&story={2}",
        "/oembed?url=http://comments.paper.example/comments/{1}/",
        "/static/belowline/reading.js",
        "/embed.js",
        "/sites/gazette/theme.css",
    ],
)
def test_the_second_reader_is_answered_by_nginx(paper, stranger, form):
    path = form.format(paper.made["stories"][-1], paper.made["comments"][-1], "l")
    first, second = stranger.ask(path), stranger.ask(path)

    assert first.status == second.status
    assert first.status in {200, 302}
    assert (first.cache, second.cache) == ("MISS", "HIT")
    assert first.body == second.body
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


def test_packed_and_plain_and_not_modified(stranger, story):
    path = f"/discussion/{story[0]}/"
    packed, plain = stranger.ask(path, Accept_Encoding="gzip"), stranger.ask(path)
    unchanged = stranger.ask(path, If_None_Match=plain.headers["etag"])

    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert "A quiet remark" in plain.text
    assert (unchanged.status, unchanged.body, unchanged.cache) == (304, b"", "HIT")
    assert "s-maxage" in unchanged.headers["cache-control"]


def test_the_papers_own_cookies_do_not_matter(stranger, story):
    path = f"/discussion/{story[0]}/state/"
    stranger.ask(path)
    assert stranger.ask(path, Cookie="consent=all; _ga=1.2").cache == "HIT"
    page = f"/discussion/{story[0]}/"
    stranger.ask(page)
    assert stranger.ask(page, Cookie="consent=all; _ga=1.3; csrftoken=bad").cache == "HIT"


def test_each_query_language_and_frame_is_a_page_of_its_own(stranger, story):
    path = f"/discussion/{story[0]}/"
    asked = ["", "?order=oldest", "?page=2", "?lang=de", "?embed=1", "?embed=1&lang=ar"]
    first = {query: stranger.ask(path + query) for query in asked}
    again = {query: stranger.ask(path + query) for query in asked}

    assert {answer.cache for answer in again.values()} == {"HIT"}
    assert len({answer.body for answer in first.values()}) == len(asked)
    assert {query: answer.body for query, answer in first.items()} == {
        query: answer.body for query, answer in again.items()
    }
    assert 'lang="de"' in first["?lang=de"].text
    framed = [stranger.ask(path, Sec_Fetch_Dest="iframe") for _ in range(2)]
    assert all('class="framed"' in answer.text for answer in framed)
    assert {answer.cache for answer in framed} == {"MISS"}, "by its header alone: kept by nobody"
    assert 'class="framed"' not in stranger.ask(path).text


def test_one_request_makes_a_page_for_all_who_wait(paper, stranger, story):
    path = f"/discussion/{story[0]}/?order=discussed"
    for seconds in (0, FRESH + 0.1):
        time.sleep(seconds)
        with ThreadPoolExecutor(24) as pool:
            answers = list(pool.map(lambda _: Reader(paper.front).ask(path), range(24)))
        assert {answer.status for answer in answers} == {200}
        assert len({answer.body for answer in answers}) == 1
        asked = [answer.cache for answer in answers if answer.cache in {"MISS", "EXPIRED", "REVALIDATED"}]
        assert len(asked) <= 1, "and where it is stale, nobody waits: it is made anew in the background"


# --- nobody's page is another's


def test_readers_who_are_signed_in_go_past_and_leave_nothing(paper, stranger, marjorie, story):
    path = f"/discussion/{story[0]}/"
    stranger.ask(path)
    posted = marjorie.send(f"{path}post/", text="A wombat, which waits.", idempotency_key="w1", nudged="1")
    assert posted.status == 302
    for query in ("", "?embed=1", "?order=oldest", "?lang=de"):
        for _ in range(2):
            own = marjorie.ask(path + query)
            assert own.cache == "BYPASS"
            assert own.headers["cache-control"] == "private, no-cache"
            assert "A wombat, which waits." in own.text
            assert "A wombat" not in stranger.ask(path + query).text
    for page in ("/me/", "/me/notifications/", f"/comments/{story[1]}/", f"/comments/{story[1]}/more/"):
        assert marjorie.ask(page).cache != "HIT"
    kept = servers.kept_bytes(paper.files)
    assert b"A quiet remark" in kept, "it is looked into"
    for secret in (b"A wombat", paper.made["reader"].encode(), b"csrfmiddlewaretoken", b"Marjorie</button>"):
        assert secret not in kept


@pytest.mark.parametrize(
    "cookie",
    [
        "belowline_session={0}",
        "a=1; belowline_session={0}",
        "belowline_session={0}; a=1",
        "a=1;belowline_session={0}",
        'q="half; belowline_session={0}',
        "bad[name]=1; belowline_session={0}",
        "=x; belowline_session={0}",
        "belowline_session={0}; belowline_session=other",
    ],
)
def test_however_the_cookie_is_written(paper, stranger, cookie):
    """Whether Django takes it for a session or not: what is answered is not kept."""
    path = f"/discussion/{paper.made['stories'][-1]}/"
    answer = stranger.ask(path, Cookie=cookie.format(paper.made["reader"]))

    assert answer.cache == "BYPASS"
    assert "private" in answer.headers["cache-control"]
    assert b"csrfmiddlewaretoken" not in servers.kept_bytes(paper.files)


def test_what_is_the_same_for_all_is_asked_for_without_a_cookie(paper, marjorie, stranger, story):
    paths = [f"/discussion/{story[0]}/state/", f"/comments/{story[1]}/embed/", f"/embed/?site=gazette&story={story[2]}"]
    for path in paths:
        assert marjorie.ask(path).cache == "MISS"
        assert stranger.ask(path).cache == "HIT"
        assert marjorie.ask(path).body == stranger.ask(path).body


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/", "/comments/{0}/notice/", "/faq/", "/"])
def test_forms_and_cookies_are_not_kept(paper, stranger, path):
    answers = [stranger.ask(path.format(paper.made["comments"][-1])) for _ in range(2)]

    assert {answer.cache for answer in answers} == {""}
    assert not any("s-maxage" in answer.headers.get("cache-control", "") for answer in answers)
    tokens = [re.findall(r'csrfmiddlewaretoken" value="(\w+)"', answer.text) for answer in answers]
    assert not tokens[0] or tokens[0] != tokens[1]
    kept = servers.kept_bytes(paper.files)
    assert b"Set-Cookie" not in kept
    assert b"set-cookie" not in kept
    assert b"csrfmiddlewaretoken" not in kept


# --- changes


def test_a_deleted_comment_is_gone_in_time(paper, stranger, marjorie, story):
    """Read all the while, so that a stale page could go on for as long as it may."""
    paths = [f"/discussion/{story[0]}/", f"/comments/{story[1]}/embed/", f"/discussion/{story[0]}/fragment/"]
    text = f"A quiet remark about {story[2]}, number 21."
    assert all(text in stranger.ask(path).text for path in paths)
    assert marjorie.send(f"/comments/{story[1]}/delete/").status == 302
    deleted_at, seen_at = time.monotonic(), 0.0
    while time.monotonic() - deleted_at < LONGEST + 2:
        if any(text in stranger.ask(path).text for path in paths):
            seen_at = time.monotonic()
        time.sleep(0.02)

    assert seen_at - deleted_at < LONGEST + 0.2


def test_nobody_is_shown_the_page_of_last_night(paper, stranger, marjorie):
    """The first reader after a long time gets the page of now: what is too stale is not given out while it is made."""
    story, comment = paper.made["stories"][0], paper.made["comments"][0] - 1
    path = f"/discussion/{story}/?order=newest"
    assert "about a, number 20." in stranger.ask(path).text
    assert marjorie.send(f"/comments/{comment}/delete/").status == 302
    wait_until_fresh_again()

    assert "about a, number 20." not in stranger.ask(path).text


@pytest.mark.skipif(not servers.PURGE_MODULE.exists(), reason="libnginx-mod-http-cache-purge is not installed")
def test_a_page_is_dropped_by_hand(paper, folder):
    """By the module of Debian, as the file says."""
    port, shipped = servers.free_port(), (servers.DEPLOY / "nginx" / "belowline.conf").read_text("utf-8")
    [lines] = re.findall(r"(?:^    # .*\n)+(?=\n    location / )", shipped, re.MULTILINE)
    block = "\n".join(
        line.replace("# ", "", 1)
        for line in lines.splitlines()
        if line.startswith(("    # location", "    #     ", "    # }"))
    )
    head = f"load_module {servers.PURGE_MODULE};"
    with servers.nginx(folder / "purging", port, paper.direct, changes={lines: f"{block}\n"}, head=head):
        reader, path = Reader(port), f"/discussion/{paper.made['stories'][-1]}/?embed=1"
        reader.ask(path)
        assert reader.ask(path).cache == "HIT"
        assert reader.ask(f"/purge{path}").status == 200
        assert reader.ask(path).cache == "MISS"
        assert reader.ask("/purge/discussion/999/").status == 404


# --- posts


def test_a_post_passes_and_is_written_once(paper, stranger, marjorie, story):
    path = f"/discussion/{story[0]}/"
    answers = [marjorie.send(f"{path}post/", text="Posted once.", idempotency_key="once") for _ in range(2)]

    assert {answer.status for answer in answers} == {302}
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert {answer.cache for answer in answers} == {""}
    assert marjorie.ask(path).text.count("<p>Posted once.</p>") == 1
    wait_until_fresh_again()
    assert stranger.ask(path).text.count("<p>Posted once.</p>") == 1


def test_a_post_that_was_sent_is_not_sent_to_another_server(folder):
    port = servers.free_port()
    with servers.upstream(breaks=True) as first, servers.upstream(breaks=True) as second:
        ports = [server.server_address[1] for server in (first, second)]
        also = {"keepalive 32;": f"server 127.0.0.1:{ports[1]};\n    keepalive 32;"}
        with servers.nginx(folder / "two", port, ports[0], changes=also):
            reader = Reader(port)
            assert reader.send("/discussion/1/post/", text="x").status == 502
            posts = [entry for server in (first, second) for entry in server.got if entry[0] == "POST"]
            assert len(posts) == 1
            assert reader.ask("/faq/").status == 502
            assert {entry[0] for entry in first.got + second.got} == {"POST", "GET"}


# --- what is passed on


def test_what_clients_say_of_themselves_is_dropped(folder):
    port = servers.free_port()
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Real-IP": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
        "X-Request-ID": "chosen-by-a-client",
    }
    with servers.upstream() as server, servers.nginx(folder / "echo", port, server.server_address[1]):
        for path in ("/faq/", "/discussion/1/", "/discussion/1/state/"):
            told = json.loads(Reader(port).ask(path, **lies, Cookie="a=1").body)
            assert told["X-Forwarded-For"] == "127.0.0.1"
            assert told["X-Forwarded-Proto"] == "http"
            assert not {"X-Forwarded-Host", "X-Real-IP", "Forwarded"} & set(told)
            assert told["X-Request-ID"] != "chosen-by-a-client"
            assert told["Host"] == servers.NAME
            assert ("Cookie" in told) is (path == "/faq/")


BEHIND_CDN = {
    "# set_real_ip_from 192.0.2.0/24;": "set_real_ip_from 127.0.0.1;",
    "# real_ip_header X-Forwarded-For;": "real_ip_header X-Forwarded-For;",
    "# real_ip_recursive on;": "real_ip_recursive on;",
}


def test_the_address_of_a_reader_behind_a_cdn_counts_only_from_the_cdn(folder):
    port = servers.free_port()
    with (
        servers.upstream() as server,
        servers.nginx(folder / "cdn", port, server.server_address[1], changes=BEHIND_CDN),
    ):
        told = json.loads(Reader(port).ask("/faq/", X_Forwarded_For="198.51.100.1, 203.0.113.9").body)
        assert told["X-Forwarded-For"] == "203.0.113.9", "what the reader's own browser said stands further left"


def test_limits_by_address_are_not_fooled(paper, folder):
    """Each notice claims another address, left of the one that the CDN has seen: they are one client's nevertheless."""
    path = f"/comments/{paper.made['comments'][-1]}/notice/"
    port, fields = servers.free_port(), {"in_good_faith": "1", "name": "A B", "email": "a@b.example"}
    fields |= {"explanation": "This is a false claim about a living person.", "legal_ground": "The law."}
    with servers.nginx(folder / "limits", port, paper.direct, changes=BEHIND_CDN):
        reader = Reader(port)
        category = re.search(r'name="category"[^>]*value="(\w+)"|<option value="(\w+)"', reader.ask(path).text)
        fields["category"] = category[1] or category[2]
        said = [f"198.51.100.{number}, 203.0.113.9" for number in range(12)]
        answers = [reader.send(path, headers={"X-Forwarded-For": addresses}, **fields) for addresses in said]
        other = reader.send(path, headers={"X-Forwarded-For": "203.0.113.10"}, **fields)

    assert (answers[0].status, answers[-1].status, other.status) == (302, 429, 302)


def test_a_body_that_is_too_large_is_refused(stranger):
    assert stranger.ask("/accounts/login/", "POST", b"x" * 4_200_000).status == 413


@pytest.mark.parametrize("path", ["/metrics", "/readyz"])
def test_what_operators_ask_is_not_answered_outside(paper, stranger, path):
    assert stranger.ask(path).status == 404
    assert Reader(paper.direct).ask("/readyz").status in {200, 503}


# --- the server is gone; these come last


def test_a_server_that_is_gone(paper, stranger, marjorie):
    path = f"/discussion/{paper.made['stories'][-1]}/"
    assert stranger.ask(path).status == 200
    paper.stop()
    try:
        wait_until_fresh_again()
        for _ in range(3):
            kept = stranger.ask(path)
            assert (kept.status, kept.cache) == (200, "STALE")
            assert "A quiet remark" in kept.text
        assert marjorie.ask(path).status == 502, "a page of somebody's own is not made up"
        assert stranger.send(f"{path}post/", text="x").status == 502
        assert ERROR > LONGEST
    finally:
        paper.start()
    assert stranger.ask(path).status == 200
