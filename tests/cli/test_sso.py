"""`belowline sso`: keys are made, taken from files, listed and retired."""

import re
import time

import jwt
import pytest
from click.testing import CliRunner

from belowline.accounts.actions.add_sso_key import new_pair
from belowline.accounts.models import SsoKey
from belowline.accounts.sso.tokens import read_token
from belowline.cli import main

pytestmark = pytest.mark.django_db
ADD = ("add-key", "--site", "gazette")
ISSUER = ("--issuer", "https://gazette.example")


def run(*arguments):
    return CliRunner().invoke(main, ["sso", *map(str, arguments)])


def claims(**more):
    """Claims that are good for a minute from now."""
    now = int(time.time())
    return {"iat": now, "exp": now + 60} | more


def our_claims():
    return claims(iss="https://gazette.example", aud="http://localhost:8000", sub="7", jti="1")


def coral_claims():
    return claims(user={"id": "7", "email": "zoe@gazette.example", "username": "Zoë"})


@pytest.mark.parametrize("algorithm", [None, "EdDSA", "ES256", "HS256"])
def test_what_is_printed_signs_tokens(site, algorithm):
    result = run(*ADD, *ISSUER, *(("--algorithm", algorithm) if algorithm else ()))
    key = SsoKey.objects.get()

    assert result.exit_code == 0, result.output
    assert (key.site, key.algorithm, key.lifetime_seconds) == (site, algorithm or "EdDSA", 600)
    assert f"Key {key.pk} of The Gazette: kid {key.kid}" in result.stderr
    token = jwt.encode(our_claims(), result.stdout.strip(), algorithm=key.algorithm, headers={"kid": key.kid})
    assert read_token(token)[0] == key


def test_corals_secret_from_a_file(site, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("ssosec_" + "a1" * 32 + "\n")
    result = run(*ADD, "--kind", "coral", "--file", secret, "--kid", "coral-1", "--trust-email", "--role", "moderator")
    key = SsoKey.objects.get()

    assert (result.exit_code, result.stdout) == (0, "")
    assert (key.kind, key.algorithm, key.kid, key.trusts_email) == ("coral", "HS256", "coral-1", True)
    assert (key.highest_role, key.lifetime_seconds) == ("moderator", 3_600)
    assert read_token(jwt.encode(coral_claims(), "ssosec_" + "a1" * 32, algorithm="HS256"))[0] == key


def test_a_public_key_from_a_file(site, tmp_path):
    private, public = new_pair("ES256")
    (tmp_path / "key.pem").write_text(public)
    result = run(*ADD, *ISSUER, "--algorithm", "ES256", "--file", tmp_path / "key.pem", "--lifetime", 2)

    assert result.stdout == ""
    assert SsoKey.objects.get().lifetime_seconds == 120
    assert read_token(jwt.encode(our_claims(), private, algorithm="ES256"))[0] == SsoKey.objects.get()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("add-key", "--site", "nobody", *ISSUER), "there is no site with the key nobody"),
        (ADD, "name the issuer"),
        ((*ADD, *ISSUER, "--lifetime", "11"), "1 to 600 seconds"),
        ((*ADD, *ISSUER, "--lifetime", "0"), "1 to 600 seconds"),
        ((*ADD, *ISSUER, "--algorithm", "RS256"), "is not one of"),
        ((*ADD, *ISSUER, "--role", "root"), "is not one of"),
        ((*ADD, *ISSUER, "--file", "/nowhere"), "cannot be read"),
        ((*ADD, "--kind", "coral", "--algorithm", "ES256"), "Coral signs with HS256"),
        (("retire", "7"), "there is no key 7"),
        (("retire", str(10**30)), "there is no key"),
    ],
    ids=str,
)
def test_what_is_refused_with_a_word(site, arguments, message):
    result = run(*arguments)

    assert result.exit_code != 0
    assert message in result.output
    assert not SsoKey.objects.exists()


def test_a_file_of_the_wrong_kind(site, tmp_path):
    (tmp_path / "bytes").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "private.pem").write_text(new_pair("EdDSA")[0])

    assert "cannot be read" in run(*ADD, *ISSUER, "--file", tmp_path / "bytes").output
    assert "no public key" in run(*ADD, *ISSUER, "--file", tmp_path / "private.pem").output


def test_keys_are_listed_and_retired(publisher, other_site):
    gazette, courier = publisher(trusts_email=True), publisher(site=other_site)
    lines = run("list").stdout.splitlines()

    assert [re.split(r"\s+", line.strip())[:3] for line in lines] == [
        [str(gazette.key.pk), gazette.key.kid, "gazette"],
        [str(courier.key.pk), courier.key.kid, "courier"],
    ]
    assert "its addresses are trusted" in lines[0]
    assert run("list", "--site", "courier").stdout.splitlines() == lines[1:]
    assert f"Key {gazette.key.pk} is retired" in run("retire", gazette.key.pk).stdout
    assert "(retired" in run("list").stdout.splitlines()[0]
    assert gazette.key.material not in run("list").output
