"""The link in each mail: asks once, works without a session, and tells nobody anything."""

import html
from urllib.parse import urlsplit

import pytest
from django.test import Client

from belowline.notifications.models import Kind
from belowline.notifications.queries import frequencies_of
from belowline.notifications.unsubscribing import unsubscribe_address


@pytest.fixture
def path(reader, site):
    return urlsplit(unsubscribe_address(reader, [Kind.REPLY, Kind.PICK])).path


def text(answer):
    return html.unescape(answer.content.decode())


def test_looking_changes_nothing(stranger, path, reader):
    answer = stranger.get(path)

    assert answer.status_code == 200
    assert text(answer).count("<form") == 1
    assert "Somebody replied to you" in text(answer)
    assert "Marjorie" not in text(answer)
    assert frequencies_of(reader.pk)["reply"] == "hourly"


def test_one_click_without_session_or_token(path, reader):
    client = Client(enforce_csrf_checks=True)
    answer = client.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "From now on you get no mail" in text(answer)
    assert {kind for kind, frequency in frequencies_of(reader.pk).items() if frequency == "off"} == {"reply", "pick"}
    assert client.post(path).status_code == 200


@pytest.mark.parametrize("change", [lambda path: path[:-3] + "/", lambda path: path.replace(":", "x:")])
def test_an_address_that_is_none_of_ours(stranger, path, reader, change):
    for answer in (stranger.get(change(path)), stranger.post(change(path))):
        assert answer.status_code == 404
        assert "This address is none of ours" in text(answer)
    assert frequencies_of(reader.pk)["reply"] == "hourly"


def test_a_closed_account(stranger, path, reader):
    from belowline.moderation.actions.close_account import close_account

    close_account(user=reader, deletes_comments=False)

    assert stranger.post(path).status_code == 404
