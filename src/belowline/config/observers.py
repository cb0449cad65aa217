"""Who is told of each request of a web process: metrics and the log, where settings ask for them."""

from django.conf import settings

from belowline.config.front import Observer
from belowline.logs import log_request
from belowline.metrics.start import on_request, start_metrics


def observers() -> list[Observer]:
    """Begin to count, if a setting asks for it, and return who is told of requests."""
    found: list[Observer] = [on_request] if start_metrics() else []
    return [*found, log_request] if settings.LOG_REQUESTS else found
