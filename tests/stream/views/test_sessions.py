"""Where one is signed in: this browser among them, each can be ended, no address is shown."""

import pytest
from allauth.usersessions.models import UserSession

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:144.0) Gecko/20100101 Firefox/144.0"


@pytest.fixture
def elsewhere(reader, sign_in, site):
    client = sign_in(reader, HTTP_USER_AGENT=FIREFOX, REMOTE_ADDR="203.0.113.9")
    client.get("/me/sessions/")
    return client


def shown(client, query=""):
    return client.get(f"/me/sessions/{query}").content.decode()


def test_strangers_sign_in_first(stranger, site):
    assert stranger.get("/me/sessions/").status_code == stranger.post("/me/sessions/").status_code == 302


def test_this_one_alone(as_reader, site):
    page = shown(as_reader)

    assert "This browser" in page
    assert "A browser that we do not know" in page
    assert "End all others" not in page


def test_another_is_named_without_its_address(as_reader, elsewhere):
    page = shown(as_reader)

    assert "Firefox, Windows" in page
    assert "203.0.113.9" not in page
    assert "End all others" in page


def test_one_is_ended(as_reader, elsewhere):
    shown(as_reader)
    row = UserSession.objects.get(session_key=elsewhere.session.session_key)
    answer = as_reader.post("/me/sessions/?embed=1", {"session": row.pk})

    assert (answer.status_code, answer["Location"]) == (302, "/me/sessions/?embed=1")
    assert elsewhere.get("/me/").status_code == 302
    assert "1 session ended." in shown(as_reader)


def test_all_others_are(as_reader, elsewhere):
    shown(as_reader)
    as_reader.post("/me/sessions/")

    assert elsewhere.get("/me/").status_code == 302
    assert as_reader.get("/me/").status_code == 200


@pytest.mark.parametrize("wanted", ["", "x", "0", "9" * 40, "\x00"])
def test_what_is_none_ends_none(as_reader, elsewhere, wanted):
    shown(as_reader)
    as_reader.post("/me/sessions/", {"session": wanted})

    assert elsewhere.get("/me/").status_code == as_reader.get("/me/").status_code == 200


def test_nobody_elses(as_other_reader, elsewhere):
    row = UserSession.objects.get(session_key=elsewhere.session.session_key)
    as_other_reader.post("/me/sessions/", {"session": row.pk})

    assert elsewhere.get("/me/").status_code == 200
    assert "Firefox" not in shown(as_other_reader)
