"""The form with all of a story's controls: what it begins with, what it checks, what was changed in it."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belowline.stories.controls import MAX_AUTHORS, MAX_SLOW_SECONDS, YEARS, Controls
from belowline.stories.discussion import DiscussionState, inherited_state
from belowline.stories.models import ClosedReason, Mode, Story

MOMENT = "%Y-%m-%dT%H:%M"
REASONS = [
    ("", _("No reason given")),
    (ClosedReason.LEGAL, _("Legal reasons")),
    (ClosedReason.ABUSE, _("Too many comments broke the rules")),
    (ClosedReason.CAPACITY, _("We cannot moderate it well enough now")),
    (ClosedReason.AGE, _("The article is no longer new")),
]
MODES = {
    Mode.STANDARD: _("Open: most comments appear at once"),
    Mode.PREMODERATED: _("Pre-moderated: a moderator reads each comment first"),
    Mode.CLOSED: _("Closed: no new comments"),
}


class AddressesField(forms.CharField):
    """E-mail addresses, one a line or parted by commas."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        """Return the addresses one a line."""
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override] # a list is what comes of it
        """Return the addresses in lower case, each once.

        Raises:
            ValidationError: one is no address, or there are too many.
        """
        parts = (super().to_python(value) or "").replace(",", "\n").replace(";", "\n").split()
        found = list(dict.fromkeys(part.lower() for part in parts))
        for address in found:
            try:
                validate_email(address)
            except ValidationError as error:
                raise ValidationError(
                    gettext("“%(address)s” is no e-mail address."), params={"address": address}
                ) from error
        if len(found) > MAX_AUTHORS:
            raise ValidationError(gettext("At most %(most)d addresses fit."), params={"most": MAX_AUTHORS})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether other addresses were sent than the form began with."""
        began = initial if isinstance(initial, list) else self.to_python(initial)
        try:
            return began != self.to_python(data)
        except ValidationError:
            return True


class StoryControlsForm(forms.Form):
    """A story's controls. Each field carries what it began with: what nobody touched here is not written.

    So two editors who have the form open at once do not take back each other's changes.
    """

    mode = forms.ChoiceField(required=False, widget=forms.RadioSelect, show_hidden_initial=True)
    closed_reason = forms.ChoiceField(
        required=False, choices=REASONS, label=_("Reason for closing"), show_hidden_initial=True
    )
    closes_at = forms.DateTimeField(
        required=False,
        label=_("Closes by itself on"),
        widget=forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"}),
        show_hidden_initial=True,
    )
    slow_seconds = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=MAX_SLOW_SECONDS,
        label=_("Slow mode, in seconds"),
        show_hidden_initial=True,
    )
    takes_replies = forms.BooleanField(
        required=False, label=_("Readers can reply to comments"), show_hidden_initial=True
    )
    message = forms.CharField(
        required=False,
        max_length=500,
        label=_("A line above the discussion"),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        show_hidden_initial=True,
    )
    author_emails = AddressesField(
        required=False,
        label=_("The article’s authors, by e-mail address"),
        help_text=_("One a line. Their comments carry the badge “Author”. Readers never see the addresses."),
        widget=forms.Textarea(attrs={"rows": 2, "dir": "ltr", "autocomplete": "off", "spellcheck": "false"}),
        show_hidden_initial=True,
    )

    def __init__(self, data: Any = None, *, story: Story) -> None:
        super().__init__(data, initial={name: getattr(story, name) for name in Controls.__annotations__})
        above = inherited_state(story)
        mode: Any = self.fields["mode"]
        mode.choices = [("", as_the_section_says(above)), *MODES.items()]
        self.fields["slow_seconds"].help_text = gettext(
            "Between two comments of one reader. Empty: as the section says (%(seconds)d)."
        ) % {"seconds": above.slow_seconds}
        self.fields["closes_at"].help_text = gettext("Empty: as the section says.")

    def clean_closes_at(self) -> Any:
        """Return the time; one that no calendar of ours has is refused."""
        moment = self.cleaned_data["closes_at"]
        if moment is not None and moment.year not in YEARS:
            raise ValidationError(gettext("Choose a year that is nearer."))
        return moment

    def changes(self) -> Controls:
        """Return what was changed in the form."""
        return cast("Controls", {name: self.cleaned_data[name] for name in self.changed_data})


def as_the_section_says(above: DiscussionState) -> str:
    """Return the choice that leaves it to the section, with what that is at present."""
    words = {
        Mode.STANDARD: gettext("As the section says: most comments appear at once"),
        Mode.PREMODERATED: gettext("As the section says: a moderator reads each comment first"),
        Mode.CLOSED: gettext("As the section says: closed"),
    }
    return words[Mode(above.mode)]
