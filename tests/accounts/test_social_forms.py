"""The form for readers from another provider: the name is theirs to choose, a confirmed address is not."""

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.models import SocialAccount, SocialLogin

from belowline.accounts.models import User
from belowline.accounts.social_forms import SocialSignupForm

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(rf, settings):
    """Make the form for somebody whose provider names this address."""

    settings.SOCIALACCOUNT_PROVIDERS = {"google": {"APPS": [{"client_id": "g", "secret": "g"}]}}

    def make(named, data=None):
        account = SocialAccount(provider="google", uid="7", extra_data={"name": "Robin Quay"})
        addresses = [EmailAddress(email=named, verified=True)] if named else []
        login = SocialLogin(user=User(email=named), account=account, email_addresses=addresses)
        with context.request_context(rf.get("/")):
            return SocialSignupForm(data=data, sociallogin=login)

    return make


def test_a_name_is_suggested(form):
    assert form("robin@provider.example").initial["display_name"] == "Robin Quay"


@pytest.mark.parametrize(("email", "is_fixed"), [("robin@provider.example", True), ("", False)])
def test_the_address_is_the_providers(form, email, is_fixed):
    made = form(email, {"email": "other@reader.example", "display_name": "Robin Quay"})

    assert made.fields["email"].disabled is is_fixed
    assert made.is_valid(), made.errors
    assert made.cleaned_data["email"] == (email or "other@reader.example")


@pytest.mark.parametrize("name", ["", "Moderator", "K", "\x00"])
def test_a_name_has_to_be_one(form, name):
    made = form("robin@provider.example", {"display_name": name})

    assert "display_name" in made.errors
