"""Tokens: what is accepted, and the long list of what is not."""

import base64
import hashlib
import hmac
import json
import time

import jwt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.accounts.actions.add_sso_key import new_pair, retire_sso_key
from belowline.accounts.sso.errors import SsoError
from belowline.accounts.sso.tokens import LEEWAY_SECONDS, MAX_TOKEN_CHARACTERS, read_key, read_token

pytestmark = pytest.mark.django_db
ALGORITHMS = ["EdDSA", "ES256", "HS256"]


def code_of(token):
    with pytest.raises(SsoError) as caught:
        read_token(token)
    return caught.value.code


def encode(part):
    text = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def forged(header, claims, secret=None):
    """A token as an attacker writes it: any header, no signature or one by HMAC with any bytes."""
    signed = f"{encode(header)}.{encode(claims)}"
    signature = hmac.new(secret, signed.encode(), hashlib.sha256).digest() if secret is not None else b""
    return f"{signed}.{encode(signature)}"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("names_kid", [True, False])
def test_a_good_token(publisher, algorithm, names_kid):
    gazette = publisher(algorithm)
    key, claims = read_token(gazette.token(headers=None if names_kid else {}))

    assert key == gazette.key
    assert (claims.subject, claims.name, claims.email) == ("r-7", "Zoë Pascoe", "zoe@gazette.example")
    assert claims.jti


@pytest.mark.parametrize("names_kid", [True, False])
def test_a_token_that_coral_would_take(publisher, names_kid):
    coral = publisher("HS256", kind="coral")
    key, claims = read_token(coral.token(headers=None if names_kid else {}))

    assert key == coral.key
    assert (claims.subject, claims.name, claims.email) == ("r-7", "Zoë Pascoe", "zoe@gazette.example")


def bad_claims(now):
    """What is wrong with claims that are made at this second: the changes, and the code of the error."""
    missing = {f"no {name}": ({name: None}, "sso_claim") for name in ("iss", "aud", "exp", "iat", "jti", "sub")}
    return missing | {
        "expired": ({"iat": now - 400, "exp": now - LEEWAY_SECONDS - 5}, "sso_expired"),
        "issued in the future": ({"iat": now + 9_000, "exp": now + 9_100}, "sso_not_yet"),
        "not before": ({"nbf": now + 9_000}, "sso_not_yet"),
        "lives too long": ({"iat": now - 1, "exp": now + 700}, "sso_lifetime"),
        "lives for ever": ({"exp": 10**11}, "sso_lifetime"),
        "beyond every calendar": ({"exp": 10**300}, "sso_claim"),
        "another audience": ({"aud": "https://other.example"}, "sso_audience"),
        "another issuer": ({"iss": "https://other.example"}, "sso_issuer"),
        "issuer is a list": ({"iss": ["https://gazette.example"]}, "sso_issuer"),
        "sub is a number": ({"sub": 7}, "sso_claim"),
        "sub is empty": ({"sub": ""}, "sso_claim"),
        "sub is too long": ({"sub": "x" * 256}, "sso_claim"),
        "sub with NUL": ({"sub": "r\x007"}, "sso_claim"),
        "sub with half a pair": ({"sub": "r\ud800"}, "sso_claim"),
        "jti is a number": ({"jti": 7}, "sso_claim"),
        "jti is empty": ({"jti": ""}, "sso_claim"),
        "exp is text": ({"exp": "tomorrow"}, "sso_claim"),
        "exp is true": ({"exp": True}, "sso_expired"),
        "exp is infinite": ({"exp": float("inf")}, "sso_claim"),
        "exp is no number": ({"exp": float("nan")}, "sso_claim"),
        "iat is text": ({"iat": "now"}, "sso_claim"),
        "name is a list": ({"name": ["Zoë"]}, "sso_claim"),
        "email is none": ({"email": "zoe at gazette"}, "sso_claim"),
        "email with NUL": ({"email": "zoe\x00@gazette.example"}, "sso_claim"),
        "email is too long": ({"email": f"{'z' * 250}@gazette.example"}, "sso_claim"),
        "email is an object": ({"email": {"address": "zoe@gazette.example"}}, "sso_claim"),
    }


@pytest.mark.parametrize("what", bad_claims(0))
def test_claims_that_are_not_accepted(publisher, what):
    changes, code = bad_claims(int(time.time()))[what]

    assert code_of(publisher().token(**changes)) == code


@pytest.mark.parametrize(
    ("user", "code"),
    [
        (None, "sso_claim"),
        ("r-7", "sso_claim"),
        ({"email": "zoe@gazette.example", "username": "Zoë"}, "sso_claim"),
        ({"id": "r-7", "username": "Zoë"}, "sso_claim"),
        ({"id": "r-7", "email": "zoe@gazette.example"}, "sso_claim"),
        ({"id": 7, "email": "zoe@gazette.example", "username": "Zoë"}, "sso_claim"),
    ],
    ids=str,
)
def test_coral_claims_that_are_not_accepted(publisher, user, code):
    assert code_of(publisher("HS256", kind="coral").token(user=user)) == code


def test_coral_tokens_may_lack_a_jti_and_an_iat_but_never_an_end(publisher):
    coral = publisher("HS256", kind="coral", lifetime_seconds=3_600)

    assert read_token(coral.token(jti=None, iat=None))[1].jti == ""
    assert code_of(coral.token(exp=None)) == "sso_claim"
    assert code_of(coral.token(iat=None, exp=int(time.time()) + 9_999)) == "sso_lifetime"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_clock_that_is_a_little_off(publisher, algorithm):
    gazette = publisher(algorithm)
    late = int(time.time()) - 5

    assert read_token(gazette.token(iat=late - 60, exp=late))
    assert read_token(gazette.token(iat=late + 20, exp=late + 60))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE", "", None, "HS256", "HS512", "RS256", 7, ["EdDSA"]])
@pytest.mark.parametrize("algorithm", ["EdDSA", "ES256"])
def test_a_header_chooses_no_algorithm(publisher, algorithm, alg):
    """Also not HMAC with the public key as the secret."""
    gazette = publisher(algorithm)
    public = gazette.key.material.encode()
    for secret in (
        None,
        b"",
        public,
        public + b"\n",
        read_key(algorithm, gazette.key.material).public_bytes_raw() if algorithm == "EdDSA" else public,
    ):
        header = {"alg": alg, "typ": "JWT", "kid": gazette.key.kid}
        assert code_of(forged(header, gazette.claims(), secret)) in {"sso_unknown_key", "sso_malformed"}
        header = {"alg": algorithm, "typ": "JWT", "kid": gazette.key.kid}
        assert code_of(forged(header, gazette.claims(), secret)) == "sso_signature"


def test_a_public_key_is_no_secret(publisher):
    """Where a paper has both kinds, its public key signs nothing under the secret's name."""
    public, secret = publisher(), publisher("HS256")
    header = {"alg": "HS256", "kid": secret.key.kid}

    assert code_of(forged(header, public.claims(), public.key.material.encode())) == "sso_signature"


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_another_key_signs_in_vain(publisher, algorithm):
    gazette = publisher(algorithm)
    stranger, _ = new_pair(algorithm)

    for headers in ({"kid": gazette.key.kid}, {}):
        assert code_of(jwt.encode(gazette.claims(), stranger, algorithm=algorithm, headers=headers)) == "sso_signature"


def test_a_changed_token(publisher):
    head, body, signature = publisher().token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    body = encode(claims | {"sub": "somebody-else"})

    assert code_of(f"{head}.{body}.{signature}") == "sso_signature"


def test_one_paper_does_not_sign_for_another(publisher, other_site):
    publisher()
    courier = publisher(site=other_site, issuer="https://courier.example")

    assert read_token(courier.token(iss="https://courier.example"))[0].site == other_site
    assert code_of(courier.token(iss="https://gazette.example")) == "sso_issuer"
    assert code_of(courier.token(iss="https://gazette.example", headers={})) == "sso_signature"


def test_keys_are_rotated(publisher):
    old, new = publisher(), publisher()
    before = [old.token(headers={}), new.token(headers={}), old.token()]
    assert [read_token(token)[0] for token in before] == [old.key, new.key, old.key]

    retire_sso_key(key=old.key)
    assert code_of(old.token()) == "sso_unknown_key"
    assert code_of(old.token(headers={})) == "sso_signature"
    assert read_token(new.token(headers={}))[0] == new.key


@pytest.mark.parametrize("kid", ["", "nobody", "\x00", "\ud800", "x" * 5_000])
def test_a_name_of_no_key(publisher, kid):
    gazette = publisher()

    header = {"alg": "EdDSA", "kid": kid}
    assert code_of(forged(header, gazette.claims())) in {"sso_unknown_key", "sso_malformed"}


GARBAGE = [
    "",
    ".",
    "..",
    "...",
    "a.b.c",
    "\x00",
    "\x00.\x00.\x00",
    "é.é.é",
    "null",
    "{}",
    "eyJhbGciOiJub25lIn0..",
    f"{encode(b'null')}.{encode(b'null')}.",
    f"{encode(b'[]')}.{encode(b'[]')}.",
    f"{encode({'alg': 'EdDSA'})}.{encode(b'[' * 3000)}.",
    f"{encode({'alg': 'EdDSA'})}.{encode(b'7')}.x",
    "x" * (MAX_TOKEN_CHARACTERS + 1),
    "x" * 1_000_000,
]


@pytest.mark.parametrize("token", GARBAGE, ids=lambda token: token[:20].encode("unicode_escape").decode())
def test_what_is_no_token(publisher, token):
    publisher()

    assert code_of(token) == "sso_malformed"


def test_a_token_that_is_too_long(publisher):
    gazette = publisher()

    assert read_token(gazette.token(name="Z" * 400))[1].name == "Z" * 400
    assert code_of(gazette.token(name="Z" * MAX_TOKEN_CHARACTERS)) == "sso_malformed"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
CLAIMS = ["iss", "aud", "exp", "iat", "nbf", "jti", "sub", "name", "email", "email_verified", "role", "language"]


@settings(max_examples=150)
@given(changes=st.dictionaries(st.sampled_from(CLAIMS), ANY, max_size=4))
def test_whatever_is_signed_is_read_or_refused(publisher, changes):
    """No claim, of whatever type, is an error of ours."""
    gazette = publisher()
    try:
        _, claims = read_token(gazette.token(**changes))
    except SsoError as error:
        code = error.code
    else:
        code = "sso_"
        assert claims.subject
        assert claims.role in {None, "reader"}
    assert code.startswith("sso_")


@settings(max_examples=150)
@given(parts=st.lists(st.binary(max_size=30) | ANY.map(lambda value: json.dumps(value).encode()), max_size=4))
def test_whatever_is_sent_is_refused(publisher, parts):
    if not getattr(publisher, "made", None):
        publisher.made = publisher()
    with pytest.raises(SsoError):
        read_token(".".join(encode(part) for part in parts))


KEYS = {
    "short secret": ("HS256", "x" * 31, "32 bytes"),
    "a public key as a secret": ("HS256", new_pair("EdDSA")[1], "another kind"),
    "a secret as a public key": ("EdDSA", "x" * 40, "PEM"),
    "a private key": ("EdDSA", new_pair("EdDSA")[0], "PEM"),
    "another curve's": ("EdDSA", new_pair("ES256")[1], "not of the kind"),
    "Ed25519 for ES256": ("ES256", new_pair("EdDSA")[1], "not of the kind"),
    "nothing": ("ES256", "", "PEM"),
}


@pytest.mark.parametrize(("algorithm", "material", "message"), KEYS.values(), ids=KEYS)
def test_a_key_of_the_wrong_kind(algorithm, material, message):
    with pytest.raises(ValueError, match=message):
        read_key(algorithm, material)
