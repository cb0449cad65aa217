"""Serves one contestant of the benchmark: `floor`, `belowline` or `uncached`, as `belowline serve` does."""

import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels


def floor(environ, start_response):
    """Answer with fixed bytes of the size of a thread page of 200 comments."""
    start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", str(len(FIXED)))])
    return [FIXED]


FIXED = b"x" * 190_000
if __name__ == "__main__":
    target, port = sys.argv[1:]
    applications = {
        "floor": "server:floor",
        "belowline": "belowline.config.wsgi:application",
        "uncached": "uncached:application",
    }
    sys.path.insert(0, __file__.rsplit("/", 1)[0])
    Granian(
        applications[target],
        address="127.0.0.1",
        port=int(port),
        interface=Interfaces.WSGI,
        workers=2,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()
