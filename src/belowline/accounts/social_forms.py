"""The form for readers who come from another provider."""

from typing import Any

from allauth.socialaccount.forms import SignupForm


class SocialSignupForm(SignupForm):  # type: ignore[misc] # allauth has no types
    """Asks for the display name; an address that the provider names is taken as it is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Another one would be theirs only by their own word, beside one that is confirmed.
        self.fields["email"].disabled = bool(self.sociallogin.user.email)
