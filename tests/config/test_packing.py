"""Scripts and style sheets are sent packed, once made and exact, to browsers that read gzip."""

import gzip
import io

import pytest
from django.http import FileResponse, HttpResponse
from django.test import Client, RequestFactory

from belowline.config.packing import MIN_BYTES, PageGZipMiddleware, pack_static

TEXT = b"a { color: red; }\n" * 100


def served(path="/static/a.css", body=TEXT, kind="text/css", status=200, method="get", **headers):
    """The answer of the middleware to a file of this kind."""

    def view(request):
        response = FileResponse(io.BytesIO(body), content_type=kind, status=status)
        response.headers["ETag"] = '"1"'
        response.headers["Last-Modified"] = "Fri, 27 Nov 2026 10:00:00 GMT"
        return response

    request = getattr(RequestFactory(), method)(path, headers={"Accept-Encoding": "gzip"} | headers)
    return pack_static(view)(request)


def body_of(response):
    return b"".join(response)


@pytest.mark.parametrize(
    ("kind", "packed"),
    [("text/html; charset=utf-8", True), ("application/json", False), ("text/csv", False), ("text/javascript", True)],
)
def test_pages_are_packed_and_answers_to_programs_are_not(kind, packed):
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})

    response = PageGZipMiddleware(lambda _: HttpResponse(TEXT, content_type=kind))(request)

    assert response.headers.get("Content-Encoding") == ("gzip" if packed else None)
    assert (gzip.decompress(response.content) if packed else response.content) == TEXT


def test_a_style_sheet_is_packed():
    response = served()

    assert response.headers["Content-Encoding"] == "gzip"
    body = body_of(response)
    assert int(response.headers["Content-Length"]) == len(body) < len(TEXT) / 5
    assert gzip.decompress(body) == TEXT
    assert response.headers["Content-Type"] == "text/css"
    assert response.headers["Vary"] == "Accept-Encoding"
    assert response.headers["ETag"] == 'W/"1"'


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/media/a.css"},
        {"kind": "image/png"},
        {"kind": "font/woff2"},
        {"body": b"x" * (MIN_BYTES - 1)},
        {"status": 206},
        {"Accept-Encoding": ""},
        {"Accept-Encoding": "br"},
        {"Accept-Encoding": "gzip;q=0"},
        {"method": "head"},
    ],
    ids=["elsewhere", "picture", "font", "small", "a part", "none", "brotli alone", "gzip refused", "head"],
)
def test_what_stays_as_it_is(asked):
    response = served(**asked)

    assert "Content-Encoding" not in response.headers
    assert body_of(response) == asked.get("body", TEXT)


@pytest.mark.parametrize("kind", ["text/css", "text/javascript; charset=utf-8", "image/svg+xml"])
def test_what_is_packed(kind):
    assert gzip.decompress(body_of(served(kind=kind))) == TEXT


def test_a_plain_answer_says_that_it_may_differ():
    assert served(**{"Accept-Encoding": "br"}).headers["Vary"] == "Accept-Encoding"


def test_a_page_is_left_to_others():
    def view(request):
        return HttpResponse(TEXT)

    request = RequestFactory().get("/static/a.css", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in pack_static(view)(request).headers


def test_a_file_is_packed_once_and_anew_when_it_changes():
    state = {"body": TEXT, "at": "Fri, 27 Nov 2026 10:00:00 GMT"}

    def view(request):
        response = FileResponse(io.BytesIO(state["body"]), content_type="text/css")
        response.headers["Last-Modified"] = state["at"]
        return response

    middleware = pack_static(view)
    request = RequestFactory().get("/static/a.css", headers={"Accept-Encoding": "gzip"})
    first = body_of(middleware(request))
    state["body"] = TEXT + b"b {}"
    assert body_of(middleware(request)) == first
    state["at"] = "Fri, 27 Nov 2026 10:00:01 GMT"
    assert gzip.decompress(body_of(middleware(request))) == TEXT + b"b {}"


@pytest.mark.parametrize("path", ["/static/belowline/belowline.css", "/static/django_htmx/htmx-2.min.js"])
def test_our_own_files(db, path):
    plain = Client().get(path)
    response = Client(headers={"Accept-Encoding": "gzip, br"}).get(path)

    assert gzip.decompress(body_of(response)) == body_of(plain)
    assert "Content-Encoding" not in plain.headers


def test_pages_are_packed_too(site):
    response = Client(headers={"Accept-Encoding": "gzip"}).get("/faq/")

    assert response.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(response.content)
