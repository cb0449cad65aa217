"""Signing in by a paper's token: sessions, redirects, who may send it, and the second factor that stays."""

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.test import Client

from belowline.accounts.models import User

pytestmark = pytest.mark.django_db
PAPER = "https://www.gazette.example"


@pytest.fixture
def arrive(stranger):
    """Send a token, as a page of the paper does."""

    def call(token, *, client=stranger, origin=PAPER, **fields):
        headers = {} if origin is None else {"Origin": origin}
        return client.post("/sso/", {"token": token} | fields, headers=headers)

    return call


def is_in(client):
    return client.get("/me/").status_code == 200


def test_a_token_makes_a_session(arrive, stranger, publisher, story):
    answer = arrive(publisher().token(), next=f"/discussion/{story.pk}/?embed=1")

    assert (answer.status_code, answer["Location"]) == (302, f"/discussion/{story.pk}/?embed=1")
    assert "Zoë Pascoe" in stranger.get(answer["Location"]).content.decode()
    assert is_in(stranger)


def test_the_form_needs_no_token_against_forgery(publisher):
    """It comes from another page: the signed token is the only authority."""
    client = Client(enforce_csrf_checks=True)

    assert client.post("/sso/", {"token": publisher().token()}, headers={"Origin": PAPER}).status_code == 302
    assert client.post("/sso/logout/", headers={"Origin": PAPER}).status_code == 302


@pytest.mark.parametrize("path", ["/sso/", "/sso/logout/"])
def test_only_by_post(stranger, site, path):
    assert stranger.get(path).status_code == 405


TARGETS = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "http:///evil.example",
    "me/",
    "",
    "\x00",
    "/\x00//evil.example",
    "https://localhost/",
    "/ /evil",
    "\t//evil.example",
]


@pytest.mark.parametrize("path", ["/sso/", "/sso/logout/"])
@pytest.mark.parametrize("target", TARGETS, ids=ascii)
def test_it_leads_to_no_other_site(stranger, publisher, path, target):
    answer = stranger.post(path, {"token": publisher().token(), "next": target}, headers={"Origin": PAPER})

    assert answer.status_code == 302
    assert answer["Location"].startswith("/")
    assert not answer["Location"].startswith(("//", "/\\"))
    assert "evil" not in answer["Location"].split("/")[1]


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [
        ("https://gazette.example", True),
        ("https://www.gazette.example", True),
        ("https://www.gazette.example:8443", True),
        ("http://testserver", True),
        (None, False),
        ("null", False),
        ("https://evil.example", False),
        ("https://evilgazette.example", False),
        ("https://gazette.example.evil.example", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_only_the_papers_own_pages_send_readers(arrive, stranger, publisher, origin, is_ours):
    """Nobody else signs a reader in as somebody whom they chose."""
    answer = arrive(publisher().token(), origin=origin)

    assert (answer.status_code == 302) is is_ours
    assert is_in(stranger) is is_ours
    if not is_ours:
        assert answer.status_code == 403
        assert "<code>sso_origin</code>" in answer.content.decode()


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
def test_strangers_sign_nobody_out(as_reader, site, origin):
    assert as_reader.post("/sso/logout/", headers={"Origin": origin}).status_code == 403
    assert is_in(as_reader)


def test_signing_out(arrive, stranger, publisher, story):
    arrive(publisher().token())
    answer = stranger.post("/sso/logout/", {"next": f"/discussion/{story.pk}/"}, headers={"Origin": PAPER})

    assert answer["Location"] == f"/discussion/{story.pk}/"
    assert not is_in(stranger)
    assert stranger.post("/sso/logout/", headers={"Origin": PAPER})["Location"] == "/faq/"


def test_a_session_that_was_there_before_is_not_the_one_signed_in(arrive, stranger, publisher, site):
    """Whoever planted a session key in a browser learns nothing of what follows."""
    stranger.get("/accounts/login/")
    session = stranger.session
    session["planted"] = "yes"
    session.save()
    planted = session.session_key
    stranger.cookies["belowline_session"] = planted
    arrive(publisher().token())

    assert stranger.cookies["belowline_session"].value != planted
    assert not Session.objects.filter(session_key=planted).exists()
    assert is_in(stranger)


def test_another_reader_takes_the_browser_over(arrive, as_reader, reader, publisher):
    before = as_reader.cookies["belowline_session"].value
    arrive(publisher().token(), client=as_reader)
    page = as_reader.get("/me/").content.decode()

    assert as_reader.cookies["belowline_session"].value != before
    assert not Session.objects.filter(session_key=before).exists()
    assert User.objects.get(pk=as_reader.session["_auth_user_id"]) != reader
    assert "My comments" in page


def test_the_same_form_twice_changes_nothing(arrive, stranger, publisher):
    token = publisher().token()
    arrive(token)
    before = stranger.session.session_key

    assert arrive(token)["Location"] == "/me/"
    assert stranger.session.session_key == before
    other = Client()
    assert "<code>sso_replayed</code>" in arrive(token, client=other).content.decode()
    assert not is_in(other)


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "sso_malformed"),
        ("a.b.c", "sso_malformed"),
        ("\x00", "sso_malformed"),
        ("x" * 100_000, "sso_malformed"),
        ("é", "sso_malformed"),
    ],
    ids=["nothing", "no token", "NUL", "endless", "not ASCII"],
)
def test_a_bad_token_is_a_page_with_a_code(arrive, stranger, site, token, code):
    answer = arrive(token)

    assert answer.status_code == 400
    assert f"<code>{code}</code>" in answer.content.decode()
    assert not is_in(stranger)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"exp": 1}, "only good for a short time"),
        ({"aud": "https://other.example"}, "could not be used"),
    ],
)
def test_the_reader_is_told_what_to_do(arrive, publisher, changes, sentence):
    page = arrive(publisher().token(**changes)).content.decode()

    assert sentence in page
    assert "load the article’s page again" in page


def test_closed_accounts_and_staff_are_told_so(arrive, stranger, publisher):
    gazette = publisher()
    arrive(gazette.token())
    stranger.post("/sso/logout/", headers={"Origin": PAPER})
    User.objects.update(role="moderator")
    assert "sign in here themselves" in arrive(gazette.token()).content.decode()
    User.objects.update(role="reader", is_active=False)
    assert "This account is closed" in arrive(gazette.token()).content.decode()
    assert not is_in(stranger)


def test_a_second_factor_is_asked_for(arrive, stranger, publisher, reader):
    """An account that is protected here is not opened by the publisher's word alone."""
    TOTP.activate(reader, generate_totp_secret())
    answer = arrive(publisher(trusts_email=True).token(email=reader.email))

    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert not is_in(stranger)


def test_who_has_not_confirmed_the_address_writes_where_the_site_says_so(arrive, stranger, publisher, story):
    arrive(publisher().token())
    form = {"text": "A quiet remark about the harbour bridge.", "idempotency_key": "k1"}
    url = f"/discussion/{story.pk}/post/"

    assert "confirm your e-mail address" in stranger.post(url, form).content.decode()
    type(story.site).objects.update(requires_verified_email=False)
    assert stranger.post(url, form | {"idempotency_key": "k2"}).status_code in {200, 302}
    assert story.comments.filter(status="published").count() == 1
