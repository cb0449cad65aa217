"""The form that gives a role: to whom, which, and where."""

from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from belowline.accounts.models import User
from belowline.accounts.names import name_key
from belowline.accounts.permissions import ROLES, TITLES, Action, may, sites_for
from belowline.stories.models import Site
from belowline.stories.sections import sections_of

MAX_PERSON_CHARACTERS = 254


class Given(NamedTuple):
    """What the form says, as accounts.actions.grant_role takes it."""

    user: User
    role: User.Role
    site: Site | None
    section: str


class GrantForm(forms.Form):
    """Gives somebody a role where whoever fills it in may give roles."""

    person = forms.CharField(
        max_length=MAX_PERSON_CHARACTERS,
        label="Who",
        help_text="E-mail address or display name. They sign up first, as readers do.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    role = forms.ChoiceField(
        choices=[(role, TITLES[role]) for role in ROLES], label="Role", initial=User.Role.MODERATOR
    )
    site = forms.ChoiceField(required=False, label="Where")
    section = forms.CharField(
        required=False,
        max_length=100,
        label="Section",
        help_text="As stories name it; empty: the whole site.",
        widget=forms.TextInput(attrs={"list": "known-sections", "autocomplete": "off", "dir": "auto"}),
    )

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data)
        self.by = by
        self.sites = {str(site.pk): site for site in sites_for(by, Action.MANAGE_PEOPLE)}
        everything = [("", "Everything")] if may(by, Action.MANAGE_PEOPLE) else []
        where: Any = self.fields["site"]
        where.choices = everything + [(key, site.name) for key, site in self.sites.items()]
        where.required = not everything

    @property
    def known_sections(self) -> list[str]:
        """The names of the sections that the field suggests."""
        return sorted({one.name for site in self.sites.values() for one in sections_of(site) if one.name})

    def clean_person(self) -> User:
        """Return the open account with this address or name.

        Raises:
            ValidationError: there is none.
        """
        words = self.cleaned_data["person"].strip()
        accounts = User.objects.filter(is_active=True)
        found = (
            accounts.filter(email__iexact=words) if "@" in words else accounts.filter(display_name_key=name_key(words))
        )
        if (user := found.first()) is None:
            raise ValidationError(
                "There is no open account with this address or name. They sign up first, as readers do."
            )
        return user

    def clean(self) -> dict[str, Any]:
        """Return what was typed, where the section is one of the site and the place one of the administrator's.

        Raises:
            ValidationError: it is not.
        """
        typed = super().clean() or {}
        site, section = self.sites.get(typed.get("site", "")), typed.get("section", "").strip()
        typed["section"] = section
        if section and site is None:
            self.add_error("section", "Choose the site whose section it is.")
        elif section and site is not None:
            known = [one.name for one in sections_of(site) if one.name]
            if section not in known:
                there = ", ".join(known) or "none yet"
                self.add_error("section", f"{site.name} has no such section. There are: {there}.")
        if not self.errors and not may(self.by, Action.MANAGE_PEOPLE, site=site, section=section):
            self.add_error("section", "You give roles in a section of this site: name it.")
        return typed

    def given(self) -> Given:
        """Return what a valid form says."""
        typed = self.cleaned_data
        return Given(typed["person"], User.Role(typed["role"]), self.sites.get(typed["site"]), typed["section"])


def place_words(site: Site | None, section: str) -> str:
    """Return a place in words."""
    if site is None:
        return "everything"
    return f"{site.name}: {section}" if section else site.name
