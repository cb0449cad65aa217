"""Which caches there are: limits.caches says what each is for."""

from importlib import import_module
from pathlib import Path
from typing import Any

from belowline import __version__

MEMORY = "django.core.cache.backends.locmem.LocMemCache"
FILE = "belowline.limits.caches.FileCache"
REDIS = "belowline.limits.caches.SteadyRedisCache"


def caches(redis_url: str, prefix: str, file: Path) -> dict[str, dict[str, Any]]:
    """Return Django's CACHES: with an address of Redis, those that stand in for it are there, too."""
    counts_in_memory = {"BACKEND": MEMORY, "LOCATION": "counts", "OPTIONS": {"MAX_ENTRIES": 20_000}}
    counts = {"BACKEND": FILE, "LOCATION": str(file), "OPTIONS": {"fallback": "counts_in_memory"}}
    # Lists of comments are some 60 kB each.
    kept = {"BACKEND": MEMORY, "LOCATION": "kept", "OPTIONS": {"MAX_ENTRIES": 1_000}}
    if not redis_url:
        return {"default": counts, "kept": kept, "counts_in_memory": counts_in_memory}
    # Before there are threads: two that import it at the same moment find half of it.
    import_module("redis")
    return {
        "default": _redis(redis_url, f"{prefix}:count", "counts_here"),
        # Of each version apart: what another one has made may look otherwise.
        "kept": _redis(redis_url, f"{prefix}:kept:{__version__}", "kept_here"),
        "counts_here": counts,
        "kept_here": kept,
        "counts_in_memory": counts_in_memory,
    }


def _redis(url: str, prefix: str, fallback: str) -> dict[str, Any]:
    return {"BACKEND": REDIS, "LOCATION": url, "KEY_PREFIX": prefix, "OPTIONS": {"fallback": fallback}}
