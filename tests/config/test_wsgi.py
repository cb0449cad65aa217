"""What the server runs: Django behind the kept thread pages, with the engine loaded before the first reader posts."""

import pytest

from belowline.moderation import engine
from belowline.stream.page_cache import ThreadPageCache


@pytest.fixture
def module(db):
    from belowline.config import wsgi

    return wsgi


def test_thread_pages_are_answered_before_django(module):
    assert isinstance(module.application.application, ThreadPageCache)
    assert module.application.application.application is module.django_application


def test_the_engine_is_loaded(module):
    assert engine.base_engine.cache_info().currsize == 1
