"""Talking to the Belowline server: short time-outs, and no page of the paper waits or breaks because of it."""

import json
import logging
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlencode
from urllib.request import Request, urlopen

from django.core.cache import cache

from django_belowline.conf import Conf, conf

logger = logging.getLogger(__name__)
STALE_SECONDS = 86_400
"""How long the last known comments are shown while the server does not answer."""
PAUSE_SECONDS = 30
"""How long the server is left alone after it did not answer."""
MAX_BYTES = 2_000_000


def fragment(story: str, lang: str = "") -> str:
    """Return the newest comments of a story as HTML, kept for a while; "" where there are none to be had."""
    settings = conf()
    name = f"belowline:{settings.site}:{story}:{lang}"
    fresh = cache.get(f"{name}:fresh")
    if fresh is not None:
        return str(fresh)
    found = _fetch(settings, story, lang)
    if found is None:
        found = str(cache.get(f"{name}:stale", ""))
        cache.set(f"{name}:fresh", found, PAUSE_SECONDS)
        return found
    cache.set(f"{name}:fresh", found, settings.cache_seconds)
    cache.set(f"{name}:stale", found, STALE_SECONDS)
    return found


def put_story(key: str, fields: dict[str, Any]) -> bool:
    """Tell Belowline of a story; return whether it knows it now. What fails is logged and breaks nothing."""
    settings = conf()
    headers = {"Authorization": f"Bearer {settings.key}", "Content-Type": "application/json"}
    address = f"{settings.url}/api/v1/stories/{quote(key, safe='')}"
    request = Request(address, json.dumps(fields).encode(), headers, method="PUT")  # noqa: S310 - the site's own setting
    try:
        with urlopen(request, timeout=5 * settings.timeout_seconds):  # noqa: S310 - as above
            return True
    except HTTPError as error:
        logger.warning("Belowline refused story %s: %s %s", key, error.code, _code(error))
    except (URLError, OSError, ValueError) as error:
        logger.warning("Belowline did not take story %s: %s", key, error)
    return False


def _fetch(settings: Conf, story: str, lang: str) -> str | None:
    """Return the fragment, "" where there is no such story, None where the server does not answer well."""
    query = {"site": settings.site, "story": story, **({"lang": lang} if lang else {})}
    try:
        with urlopen(f"{settings.url}/fragment/?{urlencode(query)}", timeout=settings.timeout_seconds) as answer:  # noqa: S310 - the site's own setting
            return str(answer.read(MAX_BYTES).decode())
    except HTTPError as error:
        return "" if error.code == 404 else None  # noqa: PLR2004 - HTTP's number
    except (URLError, OSError, ValueError):
        return None


def _code(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read(10_000)).get("code", ""))
    except (ValueError, OSError, AttributeError):
        return ""
