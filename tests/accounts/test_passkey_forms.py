"""Forms of passkeys: whatever a browser sends as the device's answer is refused, and never a fault of ours."""

import base64
import json

import pytest
from allauth.core import context
from django.contrib.sessions.backends.cache import SessionStore
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.accounts import passkey_forms

pytestmark = pytest.mark.django_db
NAMES = [
    "id",
    "rawId",
    "type",
    "response",
    "clientDataJSON",
    "attestationObject",
    "authenticatorData",
    "signature",
    "userHandle",
    "clientExtensionResults",
]
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["AA", "public-key", "eyJ9"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=12,
)


@pytest.fixture
def request_of_browser(rf):
    """A browser that was asked for a passkey just before."""
    request = rf.post("/")
    request.session = SessionStore()
    request.session["mfa.webauthn.state"] = {"challenge": "AAAA", "user_verification": "required"}
    with context.request_context(request):
        yield request


FORMS = [
    (passkey_forms.LoginForm, False),
    (passkey_forms.AuthenticateForm, True),
    (passkey_forms.ReauthenticateForm, True),
    (passkey_forms.AddForm, True),
    (passkey_forms.SignupForm, True),
]


def refused(text, user):
    """Say whether every form refuses the answer."""
    made = [
        form_class(data={"credential": text, "passwordless": "on"}, **({"user": user} if takes_user else {}))
        for form_class, takes_user in FORMS
    ]
    return not any(form.is_valid() for form in made)


@settings(max_examples=60)
@given(answer=ANY)
def test_an_answer_of_any_shape(request_of_browser, reader, answer):
    assert refused(json.dumps(answer), reader)


def response(**fields):
    """An answer of the right outline whose bytes are these."""
    client = {"type": "webauthn.create", "challenge": "AAAA", "origin": "http://testserver"}
    encoded = base64.urlsafe_b64encode(json.dumps(client).encode()).decode().rstrip("=")
    found = {"id": "AA", "rawId": "AA", "type": "public-key", "clientExtensionResults": {}}
    return json.dumps(found | {"response": {"clientDataJSON": encoded} | fields})


def coded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


NONSENSE = {
    "no answer": "",
    "nothing": "null",
    "no": "false",
    "zero": "0",
    "a number of bytes": json.dumps({"id": "AA", "rawId": 10**12, "response": {}}),
    "a number of bytes within": response(attestationObject=10**12, authenticatorData=10**12, signature=10**12),
    "NUL": json.dumps({"id": "A\x00", "rawId": "AA"}),
    "without end": "[" * 60_000,
    "too long": json.dumps({"id": "A" * 70_000}),
    "cut off in a length": response(attestationObject=coded(b"\x9b\x00"), authenticatorData=coded(b"\x00" * 37)),
    "an endless list": response(attestationObject=coded(b"\x9b" + b"\xff" * 8), authenticatorData="AA", signature="AA"),
    "lists in lists": response(attestationObject=coded(b"\x81" * 5_000), authenticatorData="AA", signature="AA"),
}


@pytest.mark.parametrize("text", NONSENSE.values(), ids=NONSENSE)
def test_an_answer_that_no_device_gives(request_of_browser, reader, text):
    assert refused(text, reader)
