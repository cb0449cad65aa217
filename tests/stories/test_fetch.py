"""Reading the paper's page, and nothing else: whose page, by which way, how long, how large, and what it holds."""

import contextlib
import ipaddress
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from belowline.stories.connection import is_public, public_address
from belowline.stories.errors import StoryFetchError
from belowline.stories.fetch import check_url, extract_article, fetch_article
from belowline.stories.models import Site

GAZETTE = Site(key="gazette", domains=["gazette.example"])


def code_of(call, *arguments):
    with pytest.raises(StoryFetchError) as caught:
        call(*arguments)
    return caught.value.code


# --- whose page


@pytest.mark.parametrize(
    "url",
    [
        "https://gazette.example/news/1",
        "http://gazette.example/",
        "https://www.gazette.example/news/1?page=2#top",
        "https://gazette.example:443/",
        "http://gazette.example:80/",
        "HTTPS://GAZETTE.EXAMPLE/",
    ],
)
def test_pages_of_the_site(url):
    assert check_url(GAZETTE, url).hostname.endswith("gazette.example")


@pytest.mark.parametrize(
    "url",
    [
        "",
        "gazette.example/news",
        "/news/1",
        "//gazette.example/news",
        "ftp://gazette.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "gopher://gazette.example/",
        "https://evil.example/",
        "https://evilgazette.example/",
        "https://gazette.example.evil.example/",
        "https://user@gazette.example/",
        "https://user:secret@gazette.example/",
        "https://:secret@gazette.example/",
        "https://gazette.example@evil.example/",
        "https://evil.example#@gazette.example/",
        "https://evil.example\\@gazette.example/",
        "https://gazette.example:8080/",
        "https://gazette.example:22/",
        "https://gazette.example:0/",
        "https://gazette.example:99999/",
        "https://gazette.example:x/",
        "https://[::1]/",
        "https://[gazette.example/",
        "http://127.0.0.1/",
        "http://0x7f000001/",
        "http://2130706433/",
        "https:///news",
        "https://",
    ],
)
def test_addresses_that_are_never_read(url):
    assert code_of(check_url, GAZETTE, url) == "url_not_allowed"


def test_other_ports_are_read_where_the_operator_allows_private_networks(settings):
    settings.STORY_FETCH_PRIVATE = True

    assert check_url(GAZETTE, "http://gazette.example:8080/").port == 8080


# --- which network


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104 - that it is all interfaces is the point
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.5",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "ff02::1",
        "2001:db8::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "2002:7f00:1::1",
        "2002:a9fe:a9fe::",
        "2002:c0a8:0101::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe",
    ],
)
def test_addresses_in_reserved_networks(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["93.184.215.14", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::1"],
)
def test_addresses_of_the_open_net(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_within_an_address_counts_as_itself(address):
    """Whatever wraps an IPv4 address in an IPv6 one reaches no more than the address itself."""
    expected = is_public(str(address))
    if not expected:
        number = int(address)
        for wrapped in (0xFFFF << 32 | number, 0x64FF9B << 96 | number, 0x2002 << 112 | number << 80 | 1):
            assert not is_public(str(ipaddress.IPv6Address(wrapped)))


@pytest.mark.parametrize(
    "addresses",
    [["10.0.0.1"], ["93.184.215.14", "10.0.0.1"], ["93.184.215.14", "::1"], ["::ffff:10.0.0.1"], ["fe80::1%eth0"]],
    ids=["private", "one of two", "IPv6 beside IPv4", "mapped", "with a zone"],
)
def test_a_name_that_leads_into_a_private_network(web, addresses):
    web.names["gazette.example"] = addresses

    assert code_of(public_address, "gazette.example", 443) == "url_private"
    assert code_of(fetch_article, GAZETTE, "https://gazette.example/bridge") == "url_private"
    assert web.connected == []


def test_the_operator_may_allow_private_networks(web, settings):
    settings.STORY_FETCH_PRIVATE = True
    web.names["gazette.example"] = ["10.0.0.1"]

    assert public_address("gazette.example", 80) == "10.0.0.1"


def test_a_name_that_nobody_knows(web):
    assert code_of(public_address, "unknown.example", 80) == "fetch_failed"


@pytest.mark.parametrize("label", ["a" * 64, "ü" * 70, "a..b", "\udc80"])
def test_a_name_that_is_none(label):
    """The resolver itself refuses these, with other errors."""
    assert code_of(fetch_article, GAZETTE, f"http://{label}.gazette.example/") in {"fetch_failed", "url_not_allowed"}


def test_the_connection_goes_to_the_address_that_was_checked(web, paper):
    """A name that changes its address between two look-ups gains nothing: there is only one."""
    web.names["gazette.example"] = [["93.184.215.14"], ["10.0.0.1"]]

    article = fetch_article(GAZETTE, "http://gazette.example/bridge")

    assert article.title == "Bridge closed for repairs"
    assert web.resolved == ["gazette.example"]
    assert web.connected == [("93.184.215.14", 80)]
    assert paper.asked == [("gazette.example", "/bridge")]


# --- redirects


def redirect(to, status=302):
    return (status, {"Location": to}, b"")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_site_is_followed(paper, local_site, status):
    paper.answers["/old"] = redirect("/bridge?from=old", status)
    paper.answers["/bridge?from=old"] = paper.answers["/bridge"]

    assert fetch_article(local_site, f"{paper.address}/old").title == "Bridge closed for repairs"
    assert [path for _, path in paper.asked] == ["/old", "/bridge?from=old"]


@pytest.mark.parametrize(
    ("to", "code"),
    [
        ("http://evil.example/", "url_not_allowed"),
        ("//evil.example/bridge", "url_not_allowed"),
        ("https://gazette.example@evil.example/", "url_not_allowed"),
        ("http://user:secret@gazette.example/bridge", "url_not_allowed"),
        ("file:///etc/passwd", "url_not_allowed"),
        ("http://gazette.example:8080/bridge", "url_not_allowed"),
        ("http://169.254.169.254/latest/meta-data/", "url_not_allowed"),
        ("http://inside.gazette.example/bridge", "url_private"),
        ("http://mapped.gazette.example/bridge", "url_private"),
        ("http://gone.gazette.example/bridge", "fetch_failed"),
    ],
)
def test_a_redirect_is_checked_like_an_address(web, paper, to, code):
    web.names |= {"inside.gazette.example": ["192.168.0.1"], "mapped.gazette.example": ["::ffff:127.0.0.1"]}
    paper.answers["/old"] = redirect(to)

    assert code_of(fetch_article, GAZETTE, "http://gazette.example/old") == code
    assert web.connected == [("93.184.215.14", 80)]


def test_a_name_that_turns_private_at_the_second_step(web, paper):
    web.names["gazette.example"] = [["93.184.215.14"], ["127.0.0.1"]]
    paper.answers["/old"] = redirect("/bridge")

    assert code_of(fetch_article, GAZETTE, "http://gazette.example/old") == "url_private"


def test_redirects_without_end(paper, local_site):
    paper.answers["/loop"] = redirect("/loop")

    with pytest.raises(StoryFetchError, match="more than 3 times"):
        fetch_article(local_site, f"{paper.address}/loop")
    assert len(paper.asked) == 4


def test_a_redirect_to_nowhere(paper, local_site):
    paper.answers["/old"] = (302, {}, b"")

    with pytest.raises(StoryFetchError, match="answered 302"):
        fetch_article(local_site, f"{paper.address}/old")


# --- the page itself


def test_a_page_is_read(paper, local_site):
    """The server keeps the connection open, as servers do: the answer ends where its length says."""
    started = time.monotonic()
    article = fetch_article(local_site, f"{paper.address}/bridge")

    assert article.title == "Bridge closed for repairs"
    assert article.standfirst == "Until May."
    assert article.body.splitlines()[-1].startswith("Ferries will run")
    assert "two of the main cables" in article.body
    assert "All rights reserved" not in article.body
    assert time.monotonic() - started < 5


def chunked(handler):
    page = handler.server.page
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    for start in range(0, len(page), 100):
        part = page[start : start + 100]
        handler.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
    handler.wfile.write(b"0\r\n\r\n")


def test_a_page_in_pieces(paper, local_site):
    paper.answers["/bridge"] = chunked

    assert fetch_article(local_site, f"{paper.address}/bridge").title == "Bridge closed for repairs"


@pytest.mark.parametrize("path", ["/städte/brücke", "/a b", "/日本", "/x?q=ü", "/tab\there"])
def test_an_address_with_other_letters_is_escaped(paper, local_site, path):
    assert code_of(fetch_article, local_site, f"{paper.address}{path}") == "fetch_failed"

    assert len(paper.asked) == 1
    assert paper.asked[0][1].isascii()


def test_an_escaped_address_stays_as_it_is(paper, local_site):
    paper.answers["/st%C3%A4dte?a=1&b=%20"] = paper.answers["/bridge"]

    assert fetch_article(local_site, f"{paper.address}/st%C3%A4dte?a=1&b=%20#x").title


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 429, 500, 503])
def test_a_page_that_is_not_there(paper, local_site, status):
    paper.answers["/bridge"] = (status, paper.html, paper.page)

    with pytest.raises(StoryFetchError, match=f"answered {status}; send its text by the API"):
        fetch_article(local_site, f"{paper.address}/bridge")


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/pdf", b"%PDF-1.7\n" + b"\x00\xff" * 2000),
        ("image/png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 2000),
        ("application/json", b'{"title": "Bridge closed", "body": "' + b"The bridge is closed. " * 100 + b'"}'),
        ("text/plain", b"Bridge closed\n\n" + b"The bridge is closed for repairs until May.\n\n" * 20),
        ("text/html", b""),
        ("text/html", b"<html><body></body></html>"),
        ("text/html", b"\xff\xfe\x00\x00" * 500),
        ("text/html", b"<" * 5000),
    ],
    ids=["pdf", "image", "json", "text", "nothing", "empty page", "no text", "brackets"],
)
def test_what_is_no_article(paper, local_site, kind, body):
    paper.answers["/bridge"] = (200, {"Content-Type": kind}, body)

    assert code_of(fetch_article, local_site, f"{paper.address}/bridge") == "no_article"


def test_a_page_that_is_too_large(paper, local_site, settings):
    settings.STORY_FETCH_MAX_BYTES = 10_000
    paper.answers["/bridge"] = (200, paper.html, paper.page + b" " * 10_000)

    with pytest.raises(StoryFetchError, match="larger than 10000 bytes"):
        fetch_article(local_site, f"{paper.address}/bridge")


def endless(handler):
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
    try:
        while True:
            handler.wfile.write(b"<p>more</p>" * 1000)
    except OSError:
        pass


def test_a_page_without_end(paper, local_site, settings):
    settings.STORY_FETCH_MAX_BYTES = 1_000_000
    paper.answers["/bridge"] = endless

    with pytest.raises(StoryFetchError, match="larger than"):
        fetch_article(local_site, f"{paper.address}/bridge")


@pytest.mark.parametrize("part", ["body", "headers", "lines", "status"])
def test_a_page_that_drips(paper, local_site, settings, dripping, part):
    """Each byte comes in time; all of them together do not."""
    settings.STORY_FETCH_TIMEOUT_SECONDS = 0.5
    paper.answers["/bridge"] = getattr(dripping, part)
    started = time.monotonic()

    with pytest.raises(StoryFetchError, match="took too long"):
        fetch_article(local_site, f"{paper.address}/bridge")
    assert time.monotonic() - started < 3


def test_a_server_that_says_nothing(paper, local_site, settings):
    settings.STORY_FETCH_TIMEOUT_SECONDS = 0.3
    paper.answers["/bridge"] = lambda _: time.sleep(2)

    assert code_of(fetch_article, local_site, f"{paper.address}/bridge") == "fetch_failed"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"not http at all\r\n\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html><body><p>Half",
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
    ],
    ids=["nothing", "no http", "no status", "broken off", "no chunk", "too many headers"],
)
def test_an_answer_that_makes_no_sense(paper, local_site, answer):
    paper.answers["/bridge"] = lambda handler: handler.wfile.write(answer)

    assert code_of(fetch_article, local_site, f"{paper.address}/bridge") == "fetch_failed"


def test_a_server_that_is_not_there(local_site):
    assert code_of(fetch_article, local_site, "http://127.0.0.1:9/bridge") == "fetch_failed"


def test_https_asks_for_a_certificate(paper, local_site):
    """A server without one is not read."""
    assert code_of(fetch_article, local_site, paper.address.replace("http:", "https:") + "/bridge") == "fetch_failed"


def test_a_title_alone_is_no_article():
    assert (
        code_of(extract_article, b"<html><head><title>Only a title</title></head><body></body></html>") == "no_article"
    )


@given(st.binary(max_size=300))
def test_no_page_breaks_the_reading(html):
    with contextlib.suppress(StoryFetchError):
        article = extract_article(html)
        assert article.title
        assert article.body
