"""Forms for accounts."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from belowline.accounts.models import User
from belowline.accounts.names import MAX_CHARACTERS, clean_display_name, is_reserved, name_key


class DisplayNameForm(forms.Form):
    """Asks for the display name at sign-up; allauth adds e-mail and password."""

    display_name = forms.CharField(
        label="Display name",
        max_length=MAX_CHARACTERS,
        help_text="Other readers see it beside your comments. It need not be your real name.",
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    field_order = ("email", "display_name", "password1")

    def clean_display_name(self) -> str:
        """Return the name as it will be kept.

        Raises:
            ValidationError: it is malformed, reserved, or looks like a name already taken.
        """
        name = clean_display_name(self.cleaned_data["display_name"])
        if is_reserved(name):
            raise ValidationError("This name could be taken for the newsroom's own voice. Please choose another.")
        if User.objects.filter(display_name_key=name_key(name)).exists():
            raise ValidationError("Somebody has this name, or one that looks like it. Please choose another.")
        return name

    def signup(self, request: HttpRequest, user: Any) -> None:
        """Do nothing more: the adapter has put the name into the account. allauth asks for this method."""
