"""What a client sends is read to its end, also where nobody wants it."""

import io

import pytest
from django.http import HttpResponse, UnreadablePostError
from django.test import RequestFactory

from belowline.config.drain import CHUNK_BYTES, drain_bodies


def refuse(request):
    return HttpResponse("no", status=403)


def answered(request, view=refuse):
    return drain_bodies(view)(request)


@pytest.mark.parametrize("size", [0, 1, CHUNK_BYTES, 3 * CHUNK_BYTES + 1])
def test_a_body_that_no_view_reads(size):
    request = RequestFactory().post("/", b"x" * size, content_type="text/plain")

    assert answered(request).status_code == 403
    assert request.read() == b""


def test_a_body_in_chunks():
    request = RequestFactory().post("/", b"", content_type="text/plain")
    request.META.pop("CONTENT_LENGTH", None)
    stream = io.BytesIO(b"x" * 100_000)
    request.META |= {"wsgi.input": stream, "wsgi.input_terminated": True}

    answered(request)

    assert stream.read() == b""


def test_a_view_that_has_read_it():
    request = RequestFactory().post("/", b"hello", content_type="text/plain")

    assert answered(request, lambda request: HttpResponse(request.body)).content == b"hello"


@pytest.mark.parametrize("error", [OSError, UnreadablePostError])
def test_a_client_that_is_gone(error, monkeypatch):
    request = RequestFactory().post("/", b"hello", content_type="text/plain")

    def gone(size):
        raise error

    monkeypatch.setattr(request, "read", gone)
    assert answered(request).status_code == 403


def test_nothing_is_read_for_get(monkeypatch):
    request = RequestFactory().get("/")
    monkeypatch.setattr(request, "read", None)

    assert answered(request).status_code == 403
