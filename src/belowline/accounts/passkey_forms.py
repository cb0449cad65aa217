"""The forms of passkeys: what a device answers is sent by a browser, and may be anything."""

import struct
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms
from django.forms import HiddenInput, JSONField

MAX_CHARACTERS = 65_536
"""An answer has some thousands; what is read of it is read recursively."""
NONSENSE = (LookupError, AttributeError, TypeError, ValueError, RecursionError, struct.error)
"""What reading an answer of the wrong shape raises."""


class AnswerField(JSONField):
    """A device's answer: an object of texts, lists and yes-or-no.

    A number in the place of a text would be read as so many empty bytes, and what counts as nothing would be kept
    unread; PostgreSQL keeps no NUL.
    """

    def to_python(self, value: Any) -> Any:
        """Return the object.

        Raises:
            ValidationError: it is none, or holds what no device sends.
        """
        if not isinstance(value, str) or not value or len(value) > MAX_CHARACTERS:
            raise get_adapter().validation_error("incorrect_code")
        try:
            found = super().to_python(value)
        except RecursionError as error:
            raise get_adapter().validation_error("incorrect_code") from error
        if not isinstance(found, dict) or not _is_plain(found):
            raise get_adapter().validation_error("incorrect_code")
        return found


class SoundForm:
    """Refuses an answer of the wrong shape as a wrong code is refused."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["credential"] = AnswerField(widget=HiddenInput)  # type: ignore[attr-defined] # of the form beside

    def _clean_fields(self) -> None:
        self._read(super()._clean_fields)  # type: ignore[misc] # of the form beside this class

    def _clean_form(self) -> None:
        self._read(super()._clean_form)  # type: ignore[misc] # of the form beside this class

    def _read(self, step: Any) -> None:
        try:
            step()
        except NONSENSE:
            self.add_error("credential", get_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined] # of the form beside


class LoginForm(SoundForm, forms.LoginWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Signs in by a passkey alone."""


class AuthenticateForm(SoundForm, forms.AuthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Asks for a passkey as the second factor."""


class ReauthenticateForm(SoundForm, forms.ReauthenticateWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Asks whether it is still the same person."""


class AddForm(SoundForm, forms.AddWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Adds a passkey to an account."""


class SignupForm(SoundForm, forms.SignupWebAuthnForm):  # type: ignore[misc] # allauth has no types
    """Makes the passkey of a new account."""


def _is_plain(found: Any) -> bool:
    if isinstance(found, dict):
        return all(map(_is_plain, found)) and all(map(_is_plain, found.values()))
    if isinstance(found, list):
        return all(map(_is_plain, found))
    return found is None or isinstance(found, bool) or (isinstance(found, str) and "\x00" not in found)
