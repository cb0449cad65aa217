"""Bodies are read with and without a length."""

import io

import pytest
from django.test import RequestFactory

from belowline.compat.body import stream_of


@pytest.fixture
def chunked():
    """A request whose body comes in chunks, as the server hands it over."""
    request = RequestFactory().post("/", b"", content_type="application/json")
    request.META |= {"CONTENT_LENGTH": "", "wsgi.input": io.BytesIO(b"in pieces"), "wsgi.input_terminated": True}
    return request


def test_a_body_with_its_length():
    request = RequestFactory().post("/", b"in one piece", content_type="application/json")

    assert stream_of(request).read(6) + stream_of(request).read(100) == b"in one piece"


def test_a_body_in_chunks(chunked):
    assert stream_of(chunked).read(100) == b"in pieces"


def test_a_server_that_does_not_end_bodies_is_not_waited_for(chunked):
    del chunked.META["wsgi.input_terminated"]

    assert stream_of(chunked).read(100) == b""
