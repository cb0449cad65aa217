"""Redis: a real one where there is one, with keys of our own; and such as do not answer."""

import os
import socket
import threading
import uuid

import pytest

from belowline.limits import redis_server

ADDRESS = os.environ.get("BELOWLINE_TEST_REDIS", "redis://127.0.0.1:6379/0")


@pytest.fixture(autouse=True)
def nothing_is_remembered():
    """Each test begins with a server of which nothing is known."""
    redis_server._breaker.cache_clear()
    redis_server._client.cache_clear()


@pytest.fixture
def redis(settings):
    """A real Redis, as the settings name it; what we leave there is deleted."""
    import redis as library

    client = library.Redis.from_url(ADDRESS, socket_connect_timeout=1, socket_timeout=1)
    try:
        client.ping()
    except library.RedisError:
        pytest.skip("no Redis answers; name one with BELOWLINE_TEST_REDIS=redis://...")
    settings.REDIS_URL, settings.REDIS_PREFIX = ADDRESS, f"belowline-test-{uuid.uuid4().hex}"
    yield client
    for key in client.scan_iter(match=f"{settings.REDIS_PREFIX}:*"):
        client.delete(key)


@pytest.fixture
def gone(settings):
    """A Redis at whose address nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        settings.REDIS_URL = f"redis://127.0.0.1:{probe.getsockname()[1]}/0"
    return settings.REDIS_URL


@pytest.fixture
def silent(settings, monkeypatch):
    """A Redis that takes connections and never answers."""
    monkeypatch.setattr(redis_server, "TIMEOUT_SECONDS", 0.05)
    taken = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def take():
            while True:
                try:
                    taken.append(server.accept()[0])
                except OSError:
                    return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        settings.REDIS_URL = f"redis://127.0.0.1:{server.getsockname()[1]}/0"
        yield taken
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
    for connection in taken:
        connection.close()


@pytest.fixture
def file(settings, tmp_path):
    """The file of the limits."""
    settings.LIMITS_FILE = tmp_path / "limits.sqlite3"
    return settings.LIMITS_FILE
