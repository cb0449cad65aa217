"""One message to one address: what an answer means, how long is waited, and where nothing is sent."""

from datetime import timedelta
from email.utils import format_datetime

import pytest
from django.utils import timezone

from belowline.notifications.webhooks import client
from belowline.notifications.webhooks.client import Answer, post

HEADERS = {"webhook-id": "msg_1", "webhook-timestamp": "1", "webhook-signature": "v1,x"}


def test_it_goes_out_as_it_was_signed(hook):
    answer = post(hook.address, HEADERS, '{"a": "Zwölf"}'.encode())

    assert answer == Answer(200)
    [(headers, body)] = hook.raw
    assert body == '{"a": "Zwölf"}'.encode()
    assert {name: headers[name] for name in HEADERS} == HEADERS
    assert headers["Content-Type"] == "application/json"
    assert not {"Cookie", "Authorization"} & set(headers)


@pytest.mark.parametrize(
    ("status", "is_taken", "is_down"),
    [
        (200, True, False),
        (202, True, False),
        (204, True, False),
        (301, False, False),
        (400, False, False),
        (401, False, False),
        (404, False, False),
        (408, False, True),
        (410, False, False),
        (429, False, True),
        (500, False, True),
        (502, False, True),
        (503, False, True),
    ],
)
def test_what_is_answered(hook, status, is_taken, is_down):
    hook.status = status
    answer = post(hook.address, HEADERS, b"{}")

    assert (answer.status, answer.is_taken, answer.is_down) == (status, is_taken, is_down)
    assert answer.problem == ("" if is_taken else f"it answered with status {status}")
    assert len(hook.got) == 1, "redirects are followed by nobody"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("999999999999", 86_400),
        ("-1", 0),
        ("soon", 0),
        ("", 0),
        ("²", 0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 21 Oct 2015 07:28:00", 0),
    ],
)
def test_how_long_an_endpoint_wants_to_be_left_alone(text, seconds):
    assert client._seconds_in(text) == seconds


def test_a_date_to_come_back_at():
    assert 50 < client._seconds_in(format_datetime(timezone.now() + timedelta(seconds=60), usegmt=True)) <= 60


def test_retry_after_is_heard(hook):
    hook.status, hook.answers["Retry-After"] = 503, "90"

    assert post(hook.address, HEADERS, b"{}").wait_seconds == 90


def test_nobody_is_there(hook):
    hook.server_close()
    answer = post(hook.address, HEADERS, b"{}")

    assert (answer.status, answer.is_down) == (None, True)
    assert answer.problem.startswith("it could not be reached (Connection")


def test_not_for_ever(hook, monkeypatch):
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", -1)
    hook.server_close()

    assert post(hook.address, HEADERS, b"{}").problem == "it took too long"


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "192.168.0.1"])
def test_never_into_a_private_network(host):
    answer = post(f"https://{host}/x", HEADERS, b"{}")

    assert answer.status is None
    assert "private network" in answer.problem


def test_an_address_that_was_allowed_once_and_is_not_now(hook, settings):
    settings.STORY_FETCH_PRIVATE = False

    assert "https://" in post(hook.address, HEADERS, b"{}").problem
    assert hook.got == []
