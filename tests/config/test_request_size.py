"""What is too large is refused before it is read, and whose word about https counts."""

import io
import json

import pytest

from belowline.config.drain import MAX_BYTES
from belowline.config.front import Front
from belowline.config.request_size import DOOR_BYTES, most_bytes, named_bytes
from belowline.limits.proxies import parse_proxies


class Body(io.BytesIO):
    """A body that says how much of it was read."""

    def __init__(self, size):
        super().__init__(b"x" * min(size, 1000))
        self.asked = 0

    def read(self, size=-1):
        self.asked += 1
        return super().read(size)


@pytest.fixture
def ask():
    """Send a request that names a length; returns status, headers, body, what was read, and what the view saw."""

    def call(length, path="/discussion/1/post/", **more):
        caught, seen, body = {}, [], Body(1000)

        def application(environ, start_response):
            seen.append(environ)
            start_response("200 OK", [])
            return [b"ok"]

        def start(status, headers, exc_info=None):
            caught.update(status=int(status[:3]), headers=dict(headers))

        environ = {"PATH_INFO": path, "REQUEST_METHOD": "POST", "wsgi.input": body, "wsgi.url_scheme": "http"}
        environ |= {"CONTENT_LENGTH": str(length)} | more
        answer = b"".join(Front(application)(environ, start))
        return caught["status"], caught["headers"], answer, body, seen

    return call


@pytest.mark.parametrize("length", ["", "0", "100", "100000", "nonsense", "-5", "٣"])
def test_what_is_small_goes_through(ask, settings, length):
    settings.MAX_BODY_BYTES = 100_000

    assert ask(length)[0] == 200


@pytest.mark.parametrize("length", [100_001, 4_000_000, 10**30, "9" * 5_000])
def test_what_is_large_does_not(ask, settings, length):
    settings.MAX_BODY_BYTES = 100_000
    status, headers, answer, _, seen = ask(length)

    assert (status, seen) == (413, [])
    assert headers["Content-Type"] == "application/problem+json"
    problem = json.loads(answer)
    assert (problem["code"], problem["status"]) == ("body_too_long", 413)
    assert "100000 bytes" in problem["detail"]


def test_a_body_that_may_come_is_dropped_and_an_endless_one_is_not_awaited(ask, settings):
    settings.MAX_BODY_BYTES = 10

    assert ask(1000)[3].asked > 0, "the client can read the answer"
    assert ask(MAX_BYTES + 1)[3].asked == 0


def test_the_doors_have_larger_limits(ask, settings):
    settings.MAX_BODY_BYTES = 100

    assert ask(5_000_000, "/v1alpha1/comments:analyze")[0] == 200
    assert ask(DOOR_BYTES + 1, "/v1alpha1/comments:analyze")[0] == 413
    assert most_bytes("/batch") == DOOR_BYTES
    settings.MAX_BODY_BYTES = DOOR_BYTES + 5
    assert most_bytes("/batch") == DOOR_BYTES + 5


def test_a_length_of_many_digits_is_large():
    assert named_bytes({"CONTENT_LENGTH": "9" * 5_000}) > 10**14
    assert named_bytes({}) == named_bytes({"CONTENT_LENGTH": None}) == 0


@pytest.mark.parametrize(
    ("peer", "said", "scheme"),
    [("10.0.0.1", "https", "https"), ("192.0.2.66", "https", "http"), ("10.0.0.1", "", "http"), ("", "https", "http")],
)
def test_https_is_what_a_trusted_proxy_says(ask, settings, peer, said, scheme):
    settings.TRUSTED_PROXIES = parse_proxies(["10.0.0.1"])
    [seen] = ask("", REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO=said)[4]

    assert seen["wsgi.url_scheme"] == scheme
