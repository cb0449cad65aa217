"""/metrics: for those whose address or token a setting names, and nobody else."""

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""A request with one of these came through a proxy: its address says nothing of who asks."""
PLAIN = "text/plain; charset=utf-8"


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer with all series in Prometheus' text form."""
    if not settings.METRICS_ON:
        return HttpResponse("There are no metrics: set BELOWLINE_METRICS_TOKEN.\n", status=404, content_type=PLAIN)
    if not may_read(request):
        return HttpResponse("Neither your address nor your token may read this.\n", status=403, content_type=PLAIN)
    from prometheus_client import CONTENT_TYPE_LATEST

    return HttpResponse(render(), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


def may_read(request: HttpRequest) -> bool:
    """Say whether a token or an address that the settings name is asking."""
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    if any(name in request.META for name in FORWARDED):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return any(address in network for network in settings.METRICS_ADDRESSES)


def render() -> bytes:
    """Return all series: the counts of all processes on this machine, and what waits in the database."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    from belowline.metrics.database import DatabaseCollector
    from belowline.metrics.series import REGISTRY

    registry = CollectorRegistry()
    registry.register(DatabaseCollector())
    if is_shared():
        MultiProcessCollector(registry, str(settings.METRICS_DIR))  # type: ignore[no-untyped-call]
        return generate_latest(registry)
    return generate_latest(registry) + generate_latest(REGISTRY)


def is_shared() -> bool:
    """Say whether several processes count together, in files: those that `belowline serve` and `worker` start do."""
    from prometheus_client import values

    return values.ValueClass is not values.MutexValue
