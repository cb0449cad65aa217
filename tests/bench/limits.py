"""What counting an act costs, in each of the three places: python tests/bench/limits.py [REDIS_URL]."""

import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")

from django.conf import settings

from belowline.limits.bucket import Charge
from belowline.limits.stores import FileStore, MemoryStore, RedisStore

ACTS = 2_000


def measure(store):
    """Microseconds of an act that three buckets count: median and 99th percentile."""
    charges = [Charge(name, 1e-6, 60.0) for name in ("account", "address", "story")]
    took = []
    for _ in range(ACTS):
        began = time.perf_counter()
        store.spend(charges)
        took.append((time.perf_counter() - began) * 1e6)
    return statistics.median(took), statistics.quantiles(took, n=100)[-1]


def main():
    settings.REDIS_URL = sys.argv[1] if len(sys.argv) > 1 else ""
    settings.REDIS_PREFIX = f"belowline-bench-{uuid.uuid4().hex}"
    with tempfile.TemporaryDirectory() as folder:
        stores = {"memory": MemoryStore(), "file": FileStore(str(Path(folder, "limits.sqlite3")))}
        if settings.REDIS_URL:
            stores["Redis"] = RedisStore()
        for name, store in stores.items():
            median, slow = measure(store)
            print(f"{name}: {median:.0f} µs (median), {slow:.0f} µs (99th percentile) of {ACTS} acts")


if __name__ == "__main__":
    main()
