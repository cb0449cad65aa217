"""Settings: each part is kept for itself; what is wrong comes back with what was written."""

import html

import pytest
from django.test import Client

from belowline.accounts.models import User
from belowline.notifications.models import Kind
from belowline.notifications.queries import frequencies_of

ALL_DAILY = {kind.value: "daily" for kind in Kind}


@pytest.fixture
def send(as_reader):
    return lambda query="", **data: as_reader.post(f"/me/settings/{query}", data)


def text(answer):
    return html.unescape(answer.content.decode())


def test_strangers_sign_in_first(stranger, site):
    assert stranger.get("/me/settings/").status_code == stranger.post("/me/settings/").status_code == 302


def test_what_is_set_is_shown(as_reader, site):
    shown = text(as_reader.get("/me/settings/"))

    assert 'value="Marjorie Tench"' in shown
    assert "Mail goes to marjorie@reader.example." in shown
    assert "“Never” switches off the mail, and nothing else." in shown
    assert shown.count('<option value="immediate" selected>At once</option>') == 6
    assert shown.count('<option value="hourly" selected>Once an hour at most</option>') == 1
    assert ">Deutsch</option>" in shown
    for name in ("/me/export/", "/me/close/", "/me/sessions/"):
        assert f'href="{name}"' in shown


def test_a_name(send, as_reader, reader):
    answer = send(part="name", display_name="Marjorie of the Ferry")

    assert (answer.status_code, answer["Location"]) == (302, "/me/settings/#name")
    assert User.objects.get(pk=reader.pk).display_name == "Marjorie of the Ferry"
    assert "Saved." in text(as_reader.get("/me/settings/"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Ken Stubbs", "Somebody has this name"),
        ("Moderator", "the newsroom’s own voice"),
        ("x", "use 2 to 40"),
        ("a<b>", "cannot stand in a name"),
        ("", "use 2 to 40"),
        ("Nul\x00\x00", ""),
    ],
)
def test_a_name_that_cannot_be(send, reader, other_reader, name, words):
    answer = send(part="name", display_name=name)

    if not words:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422
    assert words in text(answer)
    assert f'value="{html.escape(name)}"' in answer.content.decode()
    assert User.objects.get(pk=reader.pk).display_name == "Marjorie Tench"


def test_a_language(send, reader, as_reader):
    send(part="language", language="de")

    assert User.objects.get(pk=reader.pk).language == "de"
    assert '<html lang="de"' in text(as_reader.get("/me/settings/"))


def test_how_often(send, reader):
    answer = send("?embed=1", part="mail", **ALL_DAILY | {"reply": "off"})

    assert answer["Location"] == "/me/settings/?embed=1#mail"
    assert frequencies_of(reader.pk) == ALL_DAILY | {"reply": "off"}


WRONG = {
    "no part": {},
    "another part": {"part": "role", "role": "admin"},
    "a language that is not there": {"part": "language", "language": "tlh"},
    "a kind is missing": {"part": "mail", "reply": "off"},
    "another frequency": {"part": "mail", **ALL_DAILY, "reply": "yearly"},
}


@pytest.mark.parametrize("data", WRONG.values(), ids=WRONG)
def test_what_is_wrong_changes_nothing(send, reader, data):
    answer = send(**data)

    assert answer.status_code == 422
    assert 'role="alert"' in text(answer)
    assert frequencies_of(reader.pk)["reply"] == "hourly"
    assert User.objects.get(pk=reader.pk).role == "reader"


def test_only_from_our_own_form(reader, site):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reader)

    assert client.post("/me/settings/", {"part": "language", "language": "de"}).status_code == 403
