"""Signing in by another provider: a real one on localhost, from the button to the account."""

import re

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from oidc_provider import CLIENT, Provider

from belowline.accounts.models import User
from belowline.config.providers import providers

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def running():
    with Provider() as made:
        yield made


@pytest.fixture
def provider(running, settings, site):
    """The provider, whose person is as ever, and whom this server knows."""
    running.person = {
        "sub": "person-1",
        "name": "Robin Quay",
        "email": "robin@provider.example",
        "email_verified": True,
    }
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        google=("g", "g"), openid_connect=CLIENT, issuer=running.address, name="Press Pass"
    )
    return running


def leave(client, address="/accounts/oidc/oidc/login/"):
    """Press the button, follow the page that leads on, and return the two answers that the provider offers."""
    page = client.post(address)
    assert page.status_code == 200
    target = re.search(r"URL=&#x27;([^&]+(?:&amp;[^&]+)*)&#x27;|URL='([^']+)'", page.content.decode())
    target = (target[1] or target[2]).replace("&amp;", "&")
    links = re.findall(r'href="(http[^"]+)"', requests.get(target, timeout=10).text)
    return [link.removeprefix("http://testserver") for link in links]


def arrive(client, path="/accounts/oidc/oidc/login/"):
    """Say yes at the provider."""
    return client.get(leave(client, path)[0])


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/signup/"])
def test_the_buttons_are_there_where_they_are_configured(provider, stranger, settings, path):
    page = stranger.get(path).content.decode()
    assert "Continue with Press Pass" in page
    assert "Continue with Google" in page

    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Continue with" not in stranger.get(path).content.decode()
    assert stranger.post("/accounts/oidc/oidc/login/").status_code == 404


def test_google_is_led_to_with_a_proof(provider, stranger):
    page = stranger.post("/accounts/google/login/").content.decode()

    assert "https://accounts.google.com/o/oauth2" in page
    assert "code_challenge_method=S256" in page


def test_a_new_reader_chooses_a_name_and_is_in(provider, stranger):
    answer = arrive(stranger)
    assert answer["Location"] == "/accounts/3rdparty/signup/"
    page = stranger.get(answer["Location"]).content.decode()
    assert 'value="Robin Quay"' in page
    assert 'value="robin@provider.example"' in page
    assert not User.objects.exists()

    answer = stranger.post(answer["Location"], {"email": "robin@provider.example", "display_name": "Robin of the Quay"})
    user = User.objects.get()
    assert answer["Location"] == "/me/"
    assert (user.display_name, user.role, user.has_usable_password()) == ("Robin of the Quay", "reader", False)
    assert EmailAddress.objects.get(user=user).verified
    assert stranger.get("/me/").status_code == 200


def sign_up(client, **changes):
    arrive(client)
    return client.post(
        "/accounts/3rdparty/signup/", {"email": "robin@provider.example", "display_name": "Robin Quay"} | changes
    )


def test_whoever_comes_back_is_the_same(provider, stranger, client):
    sign_up(stranger)
    provider.person["name"] = "Somebody Else"

    assert arrive(client)["Location"] == "/me/"
    assert client.get("/me/").status_code == 200
    assert User.objects.count() == 1


@pytest.mark.parametrize("says", [False, None, "false", "False", 0, "no"])
def test_an_address_that_the_provider_has_not_confirmed_is_confirmed_here(provider, stranger, says):
    provider.person["email_verified"] = says
    answer = sign_up(stranger)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert mail.outbox[-1].to == ["robin@provider.example"]
    assert not EmailAddress.objects.get().verified
    assert stranger.get("/me/").status_code == 302


@pytest.mark.parametrize("says", [True, "true"])
def test_an_address_that_it_has_confirmed_counts(provider, stranger, says):
    provider.person["email_verified"] = says

    assert sign_up(stranger)["Location"] == "/me/"


def test_no_other_address_than_the_providers_is_taken(provider, stranger):
    assert "disabled" in stranger.get(arrive(stranger)["Location"]).content.decode()

    sign_up(stranger, email="other@reader.example")
    assert User.objects.get().email == "robin@provider.example"
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["robin@provider.example"]


@pytest.mark.parametrize("email", [None, "", "no address"])
def test_where_it_names_none_an_address_is_asked_for(provider, stranger, email):
    provider.person["email"] = email
    answer = sign_up(stranger, email="other@reader.example")

    assert answer["Location"] == "/accounts/confirm-email/"
    assert mail.outbox[-1].to == ["other@reader.example"]


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("Marjorie Tench", "Marjorie Tench 2"),
        ("Moderator", "Reader"),
        ("<b>Robin</b>", "b Robin b"),
        ("R\x00bin", "R bin"),
    ],
)
def test_a_name_that_may_be_had_is_suggested(provider, stranger, reader, name, suggested):
    provider.person["name"] = name
    arrive(stranger)

    assert f'value="{suggested}"' in stranger.get("/accounts/3rdparty/signup/").content.decode()


def test_no_name_no_suggestion(provider, stranger):
    del provider.person["name"]
    arrive(stranger)

    assert stranger.get("/accounts/3rdparty/signup/").status_code == 200


def test_a_taken_name_is_asked_for_again(provider, stranger, reader):
    assert "Somebody has this name" in sign_up(stranger, display_name=reader.display_name).content.decode()


def test_an_address_of_somebody_here_opens_no_account(provider, stranger, account):
    """Its owner gets a mail that says so; whoever came is told what everybody is told."""
    known = account("Robin Known", "admin", email="robin@provider.example")
    answer = sign_up(stranger)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert User.objects.get() == known
    assert not SocialAccount.objects.exists()
    assert stranger.get("/me/").status_code == 302


def test_who_is_signed_in_connects_the_other_account(provider, as_reader, reader):
    assert "Continue with Press Pass" in as_reader.get("/accounts/3rdparty/").content.decode()
    answer = arrive(as_reader, "/accounts/oidc/oidc/login/?process=connect")

    assert answer["Location"] == "/accounts/3rdparty/"
    assert SocialAccount.objects.get().user == reader
    assert "robin@provider.example" in as_reader.get("/accounts/3rdparty/").content.decode()

    connection = {"account": SocialAccount.objects.get().pk}
    assert "no password" in as_reader.post("/accounts/3rdparty/", connection).content.decode()
    reader.set_password("a-long-password")
    reader.save()
    as_reader.force_login(reader)
    as_reader.post("/accounts/3rdparty/", connection)
    assert not SocialAccount.objects.exists()


def test_the_account_of_another_is_not_disconnected(provider, stranger, as_reader):
    sign_up(stranger)
    as_reader.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert SocialAccount.objects.exists()


def test_breaking_off_at_the_provider(provider, stranger):
    answer = stranger.get(leave(stranger)[1])

    assert "Not signed in" in stranger.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("query", ["", "?code=x", "?code=x&state=y", "?code=%00&state=%00", "?error=server_error"])
def test_answers_that_nobody_asked_for(provider, stranger, query):
    answer = stranger.get(f"/accounts/oidc/oidc/login/callback/{query}")

    assert "That did not work" in answer.content.decode()
    assert stranger.get("/me/").status_code == 302


def test_a_code_that_another_browser_got(provider, stranger, client):
    """The state belongs to the browser that left."""
    stolen = leave(stranger)[0]

    assert "That did not work" in client.get(stolen).content.decode()


def test_a_provider_that_does_not_answer(provider, stranger, settings):
    settings.SOCIALACCOUNT_PROVIDERS = providers(
        google=("", ""), openid_connect=CLIENT, issuer="http://127.0.0.1:9", name="Press Pass"
    )
    answer = stranger.post("/accounts/oidc/oidc/login/")

    assert answer.status_code == 502
    assert "That did not work" in answer.content.decode()


def test_the_form_of_a_page_leads_to_no_other_site(provider, stranger):
    """Our policy forbids it: the page that leads on does it instead."""
    answer = stranger.post("/accounts/oidc/oidc/login/")

    assert "form-action 'self'" in answer["Content-Security-Policy"]
    assert answer.status_code == 200


def test_a_provider_that_is_none(provider, stranger, running):
    """It stops answering with what we need between leaving and coming back."""
    back, _ = leave(stranger)
    running.discovery = dict

    try:
        assert "That did not work" in stranger.get(back).content.decode()
        assert stranger.post("/accounts/oidc/oidc/login/").status_code == 502
    finally:
        del running.discovery


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_provider(provider, stranger, method):
    assert getattr(stranger, method)("/accounts/oidc/nobody/login/").status_code == 404
