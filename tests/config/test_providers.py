"""Other providers are there when they are configured in full, and a half is a mistake that is named."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from belowline.config.providers import providers

NOTHING = {"google": ("", ""), "openid_connect": ("", ""), "issuer": "", "name": "OpenID Connect"}
PAIR = ("client", "secret")


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, set()),
        ({"name": "Sesame"}, set()),
        ({"google": PAIR}, {"google"}),
        ({"openid_connect": PAIR, "issuer": "https://id.example"}, {"openid_connect"}),
        ({"google": PAIR, "openid_connect": PAIR, "issuer": "https://id.example"}, {"google", "openid_connect"}),
    ],
)
def test_what_is_configured_is_there(changes, found):
    made = providers(**NOTHING | changes)

    assert set(made) == found
    assert all(one["OAUTH_PKCE_ENABLED"] for one in made.values())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"google": ("client", "")}, "BELOWLINE_GOOGLE_CLIENT_SECRET"),
        ({"google": ("", "secret")}, "BELOWLINE_GOOGLE_CLIENT_ID"),
        ({"openid_connect": PAIR}, "BELOWLINE_OIDC_ISSUER"),
        ({"issuer": "https://id.example"}, "BELOWLINE_OIDC_CLIENT_ID"),
        ({"openid_connect": ("client", ""), "issuer": "https://id.example"}, "BELOWLINE_OIDC_CLIENT_SECRET"),
    ],
)
def test_a_half_is_named(changes, message):
    with pytest.raises(ImproperlyConfigured, match=message):
        providers(**NOTHING | changes)


@pytest.mark.parametrize("issuer", ["https://id.example/realms/press", "https://id.example/realms/press/"])
def test_the_address_of_the_issuer(issuer):
    [app] = providers(**NOTHING | {"openid_connect": PAIR, "issuer": issuer, "name": "Press"})["openid_connect"]["APPS"]

    assert app["settings"] == {"server_url": "https://id.example/realms/press"}
    assert (app["provider_id"], app["name"]) == ("oidc", "Press")
