"""What stands before Django, tried with Django behind it."""

import pytest
from django.core import signals
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

from belowline.stream import counts_cache, page_cache


@pytest.fixture
def django_behind(monkeypatch):
    """Django's application; a test is one transaction on one connection, which must not be closed between requests."""
    for module in (counts_cache, page_cache):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    application = get_wsgi_application()

    def call(environ, start_response):
        signals.request_started.disconnect(close_old_connections)
        signals.request_finished.disconnect(close_old_connections)
        return application(environ, start_response)

    yield call
    signals.request_started.connect(close_old_connections)
    signals.request_finished.connect(close_old_connections)
