"""Names for those who were not asked: always one that our own form would take."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from belowline.accounts.forms import DisplayNameForm
from belowline.accounts.free_name import free_display_name

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("Zoë Pascoe", "Zoë Pascoe"),
        ("  Zoë \n Pascoe ", "Zoë Pascoe"),
        ("zoe.pascoe@gazette.example", "zoe.pascoe"),
        ("<b>Zoë</b>", "b Zoë b"),
        ("Zoë\x00Pascoe\u200b", "Zoë Pascoe"),
        ("😀 Zoë", "Zoë"),
        ("Zoë \ud800", "Zoë"),
        ("محمد علي", "محمد علي"),
        ("Wоlfgang Kern", "Kern"),
        ("Marjοrie Tench", "Tench"),
        ("Z" * 60, "Z" * 40),
        ("", "Reader"),
        ("   ", "Reader"),
        ("x", "Reader"),
        ("12345", "Reader"),
        ("Moderator", "Reader"),
        ("Admin", "Reader"),
        ("The Newsroom", "Reader"),
    ],
)
def test_as_near_to_the_wish_as_our_rules_allow(wanted, name):
    assert free_display_name(wanted) == name


@pytest.mark.parametrize("wanted", ["Marjorie Tench", "marjorie tench", "MARJORIE  TENCH"])
def test_a_name_that_somebody_has_gets_a_number(reader, wanted):
    name = free_display_name(wanted)

    assert name.endswith(" 2")
    assert name != reader.display_name


def test_numbers_go_on(account):
    for _ in range(30):
        account(free_display_name("Ken"))
    names = [account(free_display_name("Ken")).display_name for _ in range(3)]

    assert len(set(names)) == 3
    assert all(name.startswith("Ken ") for name in names)


def test_a_long_name_leaves_room_for_its_number(account):
    account("Z" * 40)

    assert free_display_name("Z" * 40) == "Z" * 38 + " 2"


@settings(max_examples=150)
@given(wanted=st.text(max_size=60))
def test_our_own_form_would_take_it(reader, wanted):
    form = DisplayNameForm({"display_name": free_display_name(wanted)})

    assert form.is_valid(), form.errors
