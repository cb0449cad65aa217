"""The settings, with what holds where the site says nothing."""

from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class Conf(NamedTuple):
    """What the site's settings say."""

    url: str
    """The address of the Belowline server."""
    site: str
    """The site's key there."""
    key: str
    """The publisher's key; "": stories are not sent."""
    include: bool
    """Whether the newest comments stand in the page itself, for search engines and readers without JavaScript."""
    cache_seconds: int
    timeout_seconds: float


def conf() -> Conf:
    """Read the settings.

    Raises:
        ImproperlyConfigured: BELOWLINE_URL or BELOWLINE_SITE is missing.
    """

    def get(name: str, default: Any) -> Any:
        return getattr(settings, f"BELOWLINE_{name}", default)

    url, site = str(get("URL", "")).rstrip("/"), str(get("SITE", ""))
    if not url.startswith(("http://", "https://")) or not site:
        raise ImproperlyConfigured(
            "set BELOWLINE_URL to your Belowline server's address and BELOWLINE_SITE to your site's key"
        )
    return Conf(
        url, site, str(get("KEY", "")), bool(get("INCLUDE", True)), int(get("CACHE", 60)), float(get("TIMEOUT", 2))
    )
