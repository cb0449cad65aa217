"""What the server runs: Django behind the kept thread pages, with the engine loaded before the first reader posts."""

import pytest

from belowline.moderation import engine
from belowline.stream.page_cache import ThreadPageCache


@pytest.fixture
def wsgi(db):
    from belowline.config import wsgi

    return wsgi


def test_thread_pages_are_answered_before_django(wsgi):
    assert isinstance(wsgi.application, ThreadPageCache)
    assert wsgi.application.application is wsgi.django_application


def test_the_engine_is_loaded(wsgi):
    assert engine.base_engine.cache_info().currsize == 1
