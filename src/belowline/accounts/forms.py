"""Forms for accounts."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from belowline.accounts.free_names import free_name
from belowline.accounts.names import MAX_CHARACTERS


class DisplayNameForm(forms.Form):
    """Asks for the display name at sign-up; allauth adds e-mail and password."""

    display_name = forms.CharField(
        label=gettext_lazy("Display name"),
        max_length=MAX_CHARACTERS,
        help_text=gettext_lazy("Other readers see it beside your comments. It need not be your real name."),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    field_order = ("email", "display_name", "password1")

    def clean_display_name(self) -> str:
        """Return the name as it will be kept.

        Raises:
            ValidationError: it is malformed, reserved, or looks like a name already taken.
        """
        return free_name(self.cleaned_data["display_name"])

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Do nothing more: the adapter has put the name into the account. allauth asks for this method."""
