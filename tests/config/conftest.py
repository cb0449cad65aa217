"""The whole application, as the server runs it."""

import pytest


@pytest.fixture
def wsgi(db, monkeypatch):
    """Ask an application over WSGI, within the transaction of the test: returns status, headers and body.

    Django's own handler closes old connections before and after a request; its test client keeps it from that, too.
    """
    from django.core import signals
    from django.db import close_old_connections
    from django.test import RequestFactory

    from belowline.config import front
    from belowline.stream import page_cache

    found = [signals.request_started, signals.request_finished]
    for signal in found:
        signal.disconnect(close_old_connections)
    for module in (front, page_cache):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)

    def call(application, path, method="GET", data=None, **headers):
        caught = {}

        def start(status, listed, exc_info=None):
            caught.update(status=int(status[:3]), headers=dict(listed))

        make = getattr(RequestFactory(), method.lower())
        environ = make(path, data, **({"HTTP_HOST": "localhost"} | headers)).environ
        body = b"".join(application(environ, start))
        return caught["status"], caught["headers"], body

    yield call
    for signal in found:
        signal.connect(close_old_connections)
