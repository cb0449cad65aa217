"""What every page's template knows."""

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from belowline.moderation.sanction_models import Sanction
from belowline.notifications.queries import unread_count
from belowline.stories.models import Site
from belowline.stream.frames import is_framed


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return whether the page stands in a frame, and whether this is the demo."""
    return {"framed": is_framed(request), "demo": settings.DEMO}


def paper(request: HttpRequest) -> dict[str, Any]:
    """Return the only site, for readers' pages that belong to none, such as signing in; asked for only by those.

    None where there are several: nobody can know then which one a reader came from. The desk looks the same for all.
    """

    @cache
    def only_site() -> Site | None:
        if request.path.startswith(reverse("desk")):
            return None
        sites = list(Site.objects.all()[:2])
        return sites[0] if len(sites) == 1 else None

    return {"paper": only_site}


def unread(request: HttpRequest) -> dict[str, Any]:
    """Return how much a signed-in reader has not seen; counted once, and only where a page shows it."""

    @cache
    def count() -> int:
        user = getattr(request, "user", None)
        return unread_count(user.pk) if user is not None and user.is_authenticated else 0

    return {"unread": count}


def measures(request: HttpRequest) -> dict[str, Any]:
    """Return whether moderators ever decided anything about the reader's account; asked only where a page shows it."""

    @cache
    def has_any() -> bool:
        user = getattr(request, "user", None)
        return user is not None and user.is_authenticated and Sanction.objects.filter(user=user.pk).exists()

    return {"has_measures": has_any}
