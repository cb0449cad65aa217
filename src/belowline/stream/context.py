"""What every page's template knows."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from belowline.stream.frames import is_framed


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return whether the page stands in a frame, and whether this is the demo."""
    return {"framed": is_framed(request), "demo": settings.DEMO}
