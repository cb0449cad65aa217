"""Forms of passkeys: whatever a browser sends as the device's answer is refused, and never a fault of ours."""

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


@settings(max_examples=200)
@given(answer=ANY)
def test_an_answer_of_any_shape(request_of_browser, reader, answer):
    for form_class, options in (
        (passkey_forms.LoginForm, {}),
        (passkey_forms.AuthenticateForm, {"user": reader}),
        (passkey_forms.ReauthenticateForm, {"user": reader}),
        (passkey_forms.AddForm, {"user": reader}),
        (passkey_forms.SignupForm, {"user": reader}),
    ):
        form = form_class(data={"credential": json.dumps(answer), "passwordless": "on"}, **options)
        assert not form.is_valid()
        assert form.errors
