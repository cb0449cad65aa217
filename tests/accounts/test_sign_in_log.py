"""The log says who came, who went and that somebody failed, and gives no address away."""

import logging

import pytest


@pytest.fixture
def said(caplog):
    caplog.set_level(logging.INFO, "belowline.sign_in")
    return lambda: [
        (record.levelname, record.getMessage()) for record in caplog.records if record.name == "belowline.sign_in"
    ]


@pytest.fixture
def zoe(account):
    return account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")


def sign_in(client, password):
    return client.post("/accounts/login/", {"login": "zoe@reader.example", "password": password})


def test_who_comes_and_goes(client, zoe, said, caplog):
    sign_in(client, "a-wrong-password")
    sign_in(client, "a-long-password")
    client.post("/accounts/logout/")

    assert said() == [
        ("WARNING", "a sign-in failed"),
        ("INFO", f"account {zoe.pk} signed in (password)"),
        ("INFO", f"account {zoe.pk} signed out"),
    ]
    assert "zoe" not in caplog.text
    assert "password" not in caplog.text.replace("(password)", "")


def test_a_publishers_token(client, publisher, said):
    client.post("/sso/", {"token": publisher().token()}, headers={"Origin": "https://gazette.example"})

    [(_, line)] = said()
    assert line.endswith("signed in (by a token)")


def test_a_new_password(client, zoe, said):
    sign_in(client, "a-long-password")
    client.post(
        "/accounts/password/change/",
        {"oldpassword": "a-long-password", "password1": "another-long-one", "password2": "another-long-one"},
    )

    assert said()[-1] == ("INFO", f"account {zoe.pk}: password changed")


def test_a_refusal_is_logged_with_its_view(as_reader, caplog):
    from belowline.logs import safe_message

    assert as_reader.get("/desk/").status_code == 403
    [record] = [record for record in caplog.records if record.name == "django.request"]
    assert safe_message(record) == "403 desk"
