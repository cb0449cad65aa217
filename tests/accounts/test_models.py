"""Accounts: who is staff, how an address is kept, and one reader for each name."""

import pytest
from django.db import IntegrityError, transaction

from belowline.accounts.models import User, display_name_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"role": "reader"}, (False, False)),
        ({"role": "auditor"}, (True, True)),
        ({"role": "moderator"}, (True, True)),
        ({"role": "admin"}, (True, True)),
        ({"has_local_role": True}, (True, True)),
        ({"role": "moderator", "is_active": False}, (True, False)),
        ({"has_local_role": True, "is_active": False}, (True, False)),
    ],
)
def test_who_is_staff(fields, expected):
    user = User(**fields)

    assert (user.has_role, user.is_staff) == expected
    user.lacks_second_factor = True
    assert (user.has_role, user.is_staff) == (expected[0], False)


def test_a_new_account_is_a_readers():
    user = User.objects.create_user("ken@reader.example", display_name="Ken")

    assert (user.role, user.is_active, user.is_superuser) == ("reader", True, False)
    assert str(user) == display_name_of(user) == "Ken"


def test_without_a_password_nobody_signs_in_by_one():
    user = User.objects.create_user("ken@reader.example", display_name="Ken")

    assert not user.has_usable_password()
    assert not user.check_password("")


def test_a_password_is_kept_as_a_hash():
    user = User.objects.create_user("ken@reader.example", "a-long-password", display_name="Ken")

    assert user.check_password("a-long-password")
    assert "a-long-password" not in user.password


@pytest.mark.parametrize("email", ["", None])
def test_an_account_needs_an_address(email):
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user(email, display_name="Ken")


def test_addresses_are_kept_in_lower_case_and_found_in_any():
    user = User.objects.create_user("Ken@Reader.Example", display_name="Ken")

    assert user.email == "ken@reader.example"
    assert User.objects.get_by_natural_key("KEN@reader.example") == user


@pytest.mark.parametrize("name", ["Ken", "KEN", "K e n", "Kеn", "Ｋｅｎ"])
def test_the_database_refuses_a_name_that_looks_like_another(name):
    User.objects.create_user("ken@reader.example", display_name="Ken")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("other@reader.example", display_name=name)


def test_the_key_follows_the_name():
    user = User.objects.create_user("ken@reader.example", display_name="Ken")
    user.display_name = "Sue"
    user.save()

    assert User.objects.get(display_name_key="sue") == user


def test_the_key_follows_the_name_also_when_only_the_name_is_saved():
    user = User.objects.create_user("ken@reader.example", display_name="Ken")
    user.display_name = "Sue"
    user.save(update_fields=["display_name"])

    user.refresh_from_db()
    assert (user.display_name, user.display_name_key) == ("Sue", "sue")


def test_one_address_one_account():
    User.objects.create_user("ken@reader.example", display_name="Ken")

    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user("KEN@reader.example", display_name="Sue")
