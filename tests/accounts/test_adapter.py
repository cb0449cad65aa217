"""Signing up and in, as readers do it: a form, a code by mail, and a place to begin."""

import re

import pytest
from django.core import mail

from belowline.accounts.models import User

FORM = {"email": "Zoe@Reader.Example", "display_name": "Zoë Pascoe", "password1": "a-long-password"}


@pytest.fixture
def sign_up(stranger, site):
    def call(**changes):
        return stranger.post("/accounts/signup/", FORM | changes)

    return call


def code_mailed():
    """The code in the newest mail."""
    return re.search(r"^([A-Z0-9]{3,6}-?[A-Z0-9]{3,6})$", mail.outbox[-1].body, re.MULTILINE)[1]


def enter(client, code):
    return client.post("/accounts/confirm-email/", {"code": code})


def test_a_reader_signs_up(sign_up, stranger, story):
    answer = sign_up()
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")

    user = User.objects.get()
    assert (user.email, user.display_name, user.role) == ("zoe@reader.example", "Zoë Pascoe", "reader")
    assert not user.emailaddress_set.get().verified
    assert mail.outbox[0].to == ["zoe@reader.example"]
    assert "Post" not in stranger.get(f"/discussion/{story.pk}/").content.decode()

    answer = enter(stranger, code_mailed())
    assert answer.status_code == 302
    assert user.emailaddress_set.get().verified
    assert "Zoë Pascoe" in stranger.get(f"/discussion/{story.pk}/").content.decode()


def test_a_wrong_code_lets_nobody_in(sign_up, stranger):
    sign_up()
    answer = enter(stranger, "AAAAAA")

    assert answer.status_code == 200
    assert not User.objects.get().emailaddress_set.get().verified
    assert stranger.get("/me/").status_code == 302


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"display_name": "Moderator"}, "newsroom’s own voice"),
        ({"display_name": "Kеn"}, "several scripts"),
        ({"display_name": ""}, "This field is required"),
        ({"password1": "short"}, "too short"),
        ({"password1": "password1234"}, "too common"),
        ({"email": "no address"}, "valid email address"),
    ],
)
def test_a_form_that_cannot_be_taken(sign_up, changes, sentence):
    answer = sign_up(**changes)

    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not User.objects.exists()
    assert mail.outbox == []


def test_a_name_that_looks_like_another_readers(sign_up, reader):
    answer = sign_up(display_name="Marjorie  TENCH")

    assert "or one that looks like it" in answer.content.decode()
    assert User.objects.count() == 1


def test_nobody_learns_who_has_an_account(sign_up, reader):
    """An address that has an account gets the same answer; its owner gets a mail that says so."""
    answer = sign_up(email=reader.email)

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/confirm-email/")
    assert User.objects.count() == 1
    assert mail.outbox[0].to == [reader.email]
    assert "already" in mail.outbox[0].body


def test_signing_in_by_a_code(stranger, reader, site):
    stranger.post("/accounts/login/code/", {"email": reader.email})
    answer = stranger.post("/accounts/login/code/confirm/", {"code": code_mailed()})

    assert answer.status_code == 302
    assert stranger.get("/me/").status_code == 200


@pytest.mark.parametrize(("password", "is_in"), [("a-long-password", True), ("another-password", False), ("", False)])
def test_signing_in_by_password(stranger, account, site, password, is_in):
    account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")
    stranger.post("/accounts/login/", {"login": "ZOE@reader.example", "password": password})

    assert (stranger.get("/me/").status_code == 200) is is_in


def test_a_closed_account_does_not_come_in(stranger, account, site):
    account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password", is_active=False)
    stranger.post("/accounts/login/", {"login": "zoe@reader.example", "password": "a-long-password"})

    assert stranger.get("/me/").status_code == 302


def test_after_signing_in_a_reader_is_back_at_the_discussion(stranger, account, story):
    account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")
    page = stranger.get(f"/discussion/{story.pk}/?embed=1").content.decode()
    link = re.search(r'href="(/accounts/login/[^"]+)"', page)[1].replace("&amp;", "&")
    assert "embed=1" in link

    form = stranger.get(link).content.decode()
    following = re.search(r'name="next"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="next"', form)
    answer = stranger.post(
        link, {"login": "zoe@reader.example", "password": "a-long-password", "next": following[1] or following[2]}
    )
    assert answer["Location"] == f"/discussion/{story.pk}/?embed=1"


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(stranger, account, site, target):
    account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")
    answer = stranger.post(
        f"/accounts/login/?next={target}",
        {"login": "zoe@reader.example", "password": "a-long-password", "next": target},
    )

    assert answer["Location"] == "/me/"


def test_signing_out_needs_a_post(as_reader, site):
    assert as_reader.get("/accounts/logout/").status_code == 200
    assert as_reader.get("/me/").status_code == 200

    as_reader.post("/accounts/logout/")
    assert as_reader.get("/me/").status_code == 302


# --- accounts without an address


@pytest.mark.parametrize(("email", "mails"), [("zoe@reader.example", 1), ("abc@no-address.invalid", 0)])
def test_no_mail_goes_where_none_can_arrive(db, rf, email, mails):
    from allauth.account.adapter import get_adapter
    from allauth.core import context

    with context.request_context(rf.get("/")):
        get_adapter().send_mail("account/email/password_changed", email, {})

    assert len(mail.outbox) == mails


# --- the second factor


@pytest.fixture
def protect():
    """Give an account a factor."""
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    def call(user, kind):
        if kind == "totp":
            return TOTP.activate(user, generate_totp_secret()).instance
        return Authenticator.objects.create(user=user, type=kind, data={"name": "Telephone"})

    return call


@pytest.mark.parametrize(
    ("case", "is_asked"),
    [
        (("reader", "totp"), True),
        (("reader", "webauthn"), False),
        (("moderator", "totp"), True),
        (("moderator", "webauthn"), True),
        (("admin", "webauthn"), True),
        (("reader", None), False),
        (("moderator", None), False),
    ],
)
def test_who_is_asked_for_a_second_factor_after_the_password(stranger, account, protect, case, is_asked):
    """A reader's passkey locks nobody out; that of staff does what a second factor is for."""
    role, kind = case
    user = account("Zoë Pascoe", role, email="zoe@reader.example", password="a-long-password")
    if kind:
        protect(user, kind)
    answer = stranger.post("/accounts/login/", {"login": "zoe@reader.example", "password": "a-long-password"})

    assert answer["Location"] == ("/accounts/2fa/authenticate/" if is_asked else "/me/")
    assert (stranger.get("/me/").status_code == 200) is not is_asked


@pytest.mark.parametrize(
    ("case", "may_go"),
    [
        (("reader", ["totp"], True), True),
        (("moderator", ["totp"], False), True),
        (("moderator", ["totp"], True), False),
        (("moderator", ["totp", "webauthn"], True), True),
        (("admin", ["totp", "recovery_codes"], True), False),
    ],
)
def test_the_last_factor_of_staff_stays_where_one_is_required(account, settings, protect, case, may_go):
    from allauth.mfa.adapter import get_adapter

    role, kinds, settings.STAFF_SECOND_FACTOR_REQUIRED = case
    user = account("Zoë Pascoe", role)
    first, *_ = [protect(user, kind) for kind in kinds]

    assert get_adapter().can_delete_authenticator(first) is may_go


def test_passkeys_are_called_something(reader, protect):
    from allauth.mfa.adapter import get_adapter

    assert get_adapter().generate_authenticator_name(reader, "webauthn") == "Passkey"
    protect(reader, "webauthn")
    assert get_adapter().generate_authenticator_name(reader, "webauthn") == "Passkey 2"


def test_signing_up_by_passkey_asks_for_the_address_and_the_name(stranger, site):
    form = {name: FORM[name] for name in ("email", "display_name")}
    answer = stranger.post("/accounts/signup/passkey/", form)

    assert answer["Location"] == "/accounts/confirm-email/"
    assert (User.objects.get().display_name, User.objects.get().has_usable_password()) == ("Zoë Pascoe", False)
    answer = enter(stranger, code_mailed())
    assert answer["Location"] == "/accounts/2fa/webauthn/signup/"
    assert 'data-passkey="create"' in stranger.get(answer["Location"]).content.decode()
    assert stranger.get("/me/").status_code == 302
