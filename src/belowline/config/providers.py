"""Which other providers readers may sign in by: those that the environment configures in full."""

from typing import Any

from django.core.exceptions import ImproperlyConfigured

Credentials = tuple[str, str]
"""Client id and secret, as the provider gave them."""
OIDC_ID = "oidc"
"""Stands in the address to which the provider sends readers back: /accounts/oidc/oidc/login/callback/."""


def providers(*, google: Credentials, openid_connect: Credentials, issuer: str, name: str) -> dict[str, Any]:
    """Return allauth's SOCIALACCOUNT_PROVIDERS; empty where nothing is configured.

    Raises:
        ImproperlyConfigured: one half of a pair is missing.
    """
    found: dict[str, Any] = {}
    if _is_whole("BELOWLINE_GOOGLE_CLIENT_ID and BELOWLINE_GOOGLE_CLIENT_SECRET", *google):
        app = {"client_id": google[0], "secret": google[1]}
        found["google"] = {"APPS": [app], "SCOPE": ["profile", "email"], "OAUTH_PKCE_ENABLED": True}
    parts = "BELOWLINE_OIDC_ISSUER, BELOWLINE_OIDC_CLIENT_ID and BELOWLINE_OIDC_CLIENT_SECRET"
    if _is_whole(parts, issuer, *openid_connect):
        found["openid_connect"] = {
            "APPS": [
                {
                    "provider_id": OIDC_ID,
                    "name": name,
                    "client_id": openid_connect[0],
                    "secret": openid_connect[1],
                    "settings": {"server_url": issuer.rstrip("/")},
                }
            ],
            "OAUTH_PKCE_ENABLED": True,
        }
    return found


def _is_whole(names: str, *values: str) -> bool:
    """Say whether all values are set.

    Raises:
        ImproperlyConfigured: some are, some are not.
    """
    if any(values) and not all(values):
        raise ImproperlyConfigured(f"{names} are set together, or not at all")
    return all(values)
