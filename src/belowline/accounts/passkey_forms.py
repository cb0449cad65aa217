"""The forms of passkeys: what a device answers is sent by a browser, and may be anything."""

import json
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms

NONSENSE = (KeyError, IndexError, AttributeError, TypeError, ValueError)
"""What reading an answer of the wrong shape raises."""


class SoundAnswer:
    """Refuses an answer of the wrong shape as a wrong code is refused."""

    def clean_credential(self) -> Any:
        """Return what the answer is about."""
        try:
            return super().clean_credential()  # type: ignore[misc] # of the form beside this class
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class SoundNewKey:
    """Refuses a new key of the wrong shape, or one that PostgreSQL could not keep."""

    def clean(self) -> Any:
        """Return the cleaned fields."""
        found: dict[str, Any] = self.cleaned_data  # type: ignore[attr-defined] # of the form beside this class
        credential = found.get("credential", {})
        # What counts as nothing would be kept unread, and count as a second factor.
        if not isinstance(credential, dict) or "\\u0000" in json.dumps(credential):
            raise get_adapter().validation_error("incorrect_code")
        try:
            return super().clean()  # type: ignore[misc] # of the form beside this class
        except NONSENSE as error:
            raise get_adapter().validation_error("incorrect_code") from error


class LoginForm(SoundAnswer, forms.LoginWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Signs in by a passkey alone."""


class AuthenticateForm(SoundAnswer, forms.AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Asks for a passkey as the second factor."""


class ReauthenticateForm(SoundAnswer, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Asks whether it is still the same person."""


class AddForm(SoundNewKey, forms.AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Adds a passkey to an account."""


class SignupForm(SoundNewKey, forms.SignupWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Makes the passkey of a new account."""
