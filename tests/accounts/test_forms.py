"""The form for a display name: malformed, reserved and taken names come back with a sentence that helps."""

import pytest

from belowline.accounts.forms import DisplayNameForm

pytestmark = pytest.mark.django_db


def errors_of(name):
    form = DisplayNameForm({"display_name": name})
    form.is_valid()
    return " ".join(form.errors.get("display_name", []))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "required"),
        ("K", "2 to 40 characters"),
        ("k" * 41, "at most 40 characters"),
        ("Ken 😀", "“😀” cannot stand in a name"),
        ("Ken\u200bS", "“?” cannot stand in a name"),
        ("123", "at least one letter"),
        ("Kеn", "mixes letters of several scripts"),
        ("Admin", "newsroom’s own voice"),
        ("Ken\x00", "Null characters are not allowed"),
    ],
)
def test_a_name_that_cannot_be_kept(name, sentence):
    assert sentence in errors_of(name)


@pytest.mark.parametrize(
    "name", ["Marjorie Tench", "marjorie tench", "MarjorieTench", "Marj0rie Tench", "Marjοrie Tench"]
)
def test_a_name_that_somebody_has(reader, name):
    assert errors_of(name)


def test_a_name_that_is_free(reader):
    form = DisplayNameForm({"display_name": "  Zoë   Pascoe "})

    assert form.is_valid()
    assert form.cleaned_data["display_name"] == "Zoë Pascoe"


def test_the_form_says_what_the_name_is_for():
    text = DisplayNameForm().as_p()

    assert "It need not be your real name." in text
    assert 'autocomplete="nickname"' in text
