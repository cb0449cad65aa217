"""What is kept of where somebody is signed in: the browser's name, and no address."""

import pytest
from allauth.usersessions.models import UserSession

from belowline.accounts.sessions import NOWHERE, device_name, sessions_of

CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
AGENTS = {
    CHROME: "Chrome, Linux",
    f"{CHROME} Edg/141.0.0.0": "Edge, Linux",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:144.0) Gecko/20100101 Firefox/144.0": "Firefox, Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1": (
        "Safari, iPhone"
    ),
    "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Mobile Safari/537.36": (
        "Chrome, Android"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605.1.15": "Safari, macOS",
    "curl/8.5": "",
    "": "",
    "<script>alert(1)</script>": "",
}


@pytest.mark.parametrize(("agent", "name"), AGENTS.items())
def test_a_browsers_name(agent, name):
    assert device_name(agent) == name
    assert device_name(name) == name  # a row that is saved again stays as it is


def test_neither_address_nor_version_is_kept(reader, sign_in, site):
    client = sign_in(reader, REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT=CHROME)
    client.get("/me/sessions/")

    [kept] = UserSession.objects.values("ip", "user_agent", "data")
    assert kept == {"ip": NOWHERE, "user_agent": "Chrome, Linux", "data": {}}


def test_what_has_ended_is_forgotten(reader, other_reader, sign_in, site):
    clients = [sign_in(user) for user in (reader, reader, other_reader)]
    for client in clients:
        client.get("/me/sessions/")
    assert len(sessions_of(reader)) == 2
    clients[0].session.flush()

    assert [row.session_key for row in sessions_of(reader)] == [clients[1].session.session_key]
