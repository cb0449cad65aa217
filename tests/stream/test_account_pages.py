"""The pages of accounts: ours in look and words, in the frame too, and nothing in them that our policy forbids."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail

pytestmark = pytest.mark.django_db
OPEN = {
    "login/": "Sign in",
    "signup/": "Create an account",
    "login/code/": "Sign in by e-mail",
    "signup/passkey/": "Create an account with a passkey",
    "password/reset/": "Password Reset",
    "password/reset/done/": "Password Reset",
    "password/reset/key/x-y/": "Bad Token",
    "inactive/": "Account Inactive",
    "3rdparty/login/cancelled/": "Not signed in",
    "3rdparty/login/error/": "That did not work",
}
OWN = {
    "2fa/": "Signing in",
    "2fa/webauthn/": "Passkeys",
    "2fa/webauthn/add/": "Add a passkey",
    "2fa/webauthn/keys/{key}/edit/": "Rename the passkey",
    "2fa/webauthn/keys/{key}/remove/": "Remove the passkey",
    "2fa/webauthn/reauthenticate/": "Is it still you?",
    "2fa/totp/activate/": "Set up an authenticator app",
    "2fa/recovery-codes/": "Recovery codes",
    "2fa/recovery-codes/generate/": "Make new codes",
    "2fa/reauthenticate/": "Is it still you?",
    "3rdparty/": "Other accounts",
    "email/": "E-mail address",
    "password/change/": "Change Password",
    "reauthenticate/": "Is it still you?",
    "logout/": "Sign Out",
}
FORBIDDEN = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


def check(answer, heading):
    """Fail on a page that is not ours."""
    page = answer.content.decode()
    assert answer.status_code in {200, 401}
    assert re.search(rf"<h1>\s*{re.escape(heading)}\s*</h1>", page), re.findall(r"<h1>.*?</h1>", page, re.DOTALL)
    assert "belowline/account.css" in page
    assert not FORBIDDEN.search(page), FORBIDDEN.search(page)
    return page


@pytest.mark.parametrize(("path", "heading"), OPEN.items(), ids=OPEN)
def test_pages_for_strangers(stranger, site, path, heading):
    page = check(stranger.get(f"/accounts/{path}"), heading)

    assert "<nav" in page
    framed = check(stranger.get(f"/accounts/{path}", headers={"Sec-Fetch-Dest": "iframe"}), heading)
    assert 'class="framed"' in framed
    assert 'class="bar"' not in framed


@pytest.fixture
def owner(account, sign_in):
    """A browser in which somebody has just confirmed who they are, and what they have set up."""
    user = account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")
    client = sign_in(user)
    client.post("/accounts/reauthenticate/", {"password": "a-long-password"})
    client.user = user
    data = {"name": "Telephone", "credential": {}}
    client.key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data)
    RecoveryCodes.activate(user)
    return client


@pytest.fixture
def no_device(monkeypatch):
    """The stored passkey is none that could be asked for."""
    monkeypatch.setattr("allauth.mfa.webauthn.internal.auth.get_credentials", lambda _: [])


@pytest.mark.parametrize(("path", "heading"), OWN.items(), ids=OWN)
def test_pages_for_an_owner(owner, site, no_device, path, heading):
    address = f"/accounts/{path.format(key=owner.key.pk)}"
    check(owner.get(address), heading)

    assert 'class="framed"' in check(owner.get(f"{address}?embed=1"), heading)


def test_links_stay_in_the_frame(owner, site):
    page = owner.get("/accounts/2fa/?embed=1").content.decode()
    links = re.findall(r'href="(/accounts/[^"]+)"', page)

    assert len(links) >= 6
    assert all("embed=1" in link for link in links)


def test_turning_the_app_off(owner, site):
    TOTP.activate(owner.user, generate_totp_secret())
    check(owner.get("/accounts/2fa/totp/deactivate/"), "Turn the authenticator app off")
    assert "Each sign-in asks for a code" in owner.get("/accounts/2fa/").content.decode()

    assert owner.post("/accounts/2fa/totp/deactivate/")["Location"] == "/accounts/2fa/"
    assert not Authenticator.objects.filter(type="totp").exists()


def test_staff_who_have_to_have_it_cannot_turn_it_off(owner, site, settings):
    settings.STAFF_SECOND_FACTOR_REQUIRED = True
    owner.key.delete()
    type(owner.user).objects.update(role="moderator")
    TOTP.activate(owner.user, generate_totp_secret())
    owner.post("/accounts/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(type="totp").exists()


def test_an_owner_without_a_password_sets_one(owner, site):
    owner.user.set_unusable_password()
    owner.user.save()
    owner.force_login(owner.user)

    assert "You have none, and need none" in owner.get("/accounts/2fa/").content.decode()
    check(owner.get("/accounts/password/set/"), "Set Password")


def test_the_second_step(stranger, owner, site, no_device):
    TOTP.activate(owner.user, generate_totp_secret())
    stranger.post("/accounts/login/", {"login": "zoe@reader.example", "password": "a-long-password"})
    page = check(stranger.get("/accounts/2fa/authenticate/"), "One more step")

    assert 'data-passkey="get" hidden' in page
    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    assert stranger.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert stranger.post("/accounts/2fa/authenticate/", {"code": code})["Location"] == "/me/"
    assert stranger.get("/me/").status_code == 200


def test_another_address_is_confirmed_before_it_counts(owner, site):
    answer = owner.post("/accounts/email/", {"email": "new@reader.example", "action_add": ""})
    assert answer["Location"] == "/accounts/confirm-email/"
    check(owner.get(answer["Location"]), "Enter Email Verification Code")
    assert list(EmailAddress.objects.values_list("email", flat=True)) == ["zoe@reader.example"]

    code = re.search(r"^([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})$", mail.outbox[-1].body, re.MULTILINE)[1]
    owner.post(answer["Location"], {"code": code})
    owner.user.refresh_from_db()
    assert owner.user.email == EmailAddress.objects.get(verified=True).email == "new@reader.example"
    assert "new@reader.example</strong>" in owner.get("/accounts/email/").content.decode()


def test_an_address_that_a_paper_named_is_confirmed_later(sign_in, account, site):
    client = sign_in(account("Zoë Pascoe", email="zoe@gazette.example", verified=False))
    assert "zoe@gazette.example</strong> is not confirmed yet" in client.get("/accounts/email/").content.decode()

    answer = client.post("/accounts/email/", {"email": "zoe@gazette.example", "action_send": ""})
    assert answer["Location"] == "/accounts/confirm-email/"
    assert mail.outbox[-1].to == ["zoe@gazette.example"]


def test_ways_of_signing_in_are_changed_by_their_owner_only(as_reader, reader, site):
    """A browser left open is not enough where there is a password to ask for."""
    reader.set_password("a-long-password")
    reader.save()
    as_reader.force_login(reader)

    for path in ("2fa/totp/activate/", "2fa/webauthn/add/"):
        assert as_reader.get(f"/accounts/{path}")["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"credential": ""},
        {"credential": "{}"},
        {"credential": "null"},
        {"credential": "[]"},
        {"credential": "7"},
        {"credential": '{"id": "\\u0000"}'},
        {"credential": '{"response": {"userHandle": "\\u0000"}}'},
        {"credential": "\x00"},
        {"credential": '{"type": "public-key", "id": "AA", "rawId": "AA", "response": {}}'},
    ],
    ids=str,
)
def test_a_device_that_answers_nonsense(stranger, site, data):
    stranger.get("/accounts/2fa/webauthn/login/", headers={"Accept": "application/json"})
    answer = stranger.post("/accounts/2fa/webauthn/login/", data)

    assert answer.status_code in {200, 302}
    assert stranger.get("/me/").status_code == 302


@pytest.mark.parametrize(
    "credential", ["", "{}", "null", "7", '{"id": "A"}', '{"id": "\\u0000", "rawId": "A"}', "\x00"]
)
def test_a_new_key_that_is_none(owner, site, no_device, credential):
    owner.get("/accounts/2fa/webauthn/add/")
    answer = owner.post("/accounts/2fa/webauthn/add/", {"name": "Key", "credential": credential, "passwordless": "on"})

    assert answer.status_code == 200
    assert Authenticator.objects.filter(type="webauthn").count() == 1
