"""What the server runs: counts and thread pages before Django, and the engine loaded before the first reader posts."""

import pytest

from belowline.moderation import engine
from belowline.stream.counts_cache import CountsCache
from belowline.stream.page_cache import ThreadPageCache


@pytest.fixture
def module(db):
    from belowline.config import wsgi

    return wsgi


def test_counts_and_thread_pages_are_answered_before_django(module):
    counts = module.application.application
    threads = counts.application

    assert isinstance(counts, CountsCache)
    assert isinstance(threads, ThreadPageCache)
    assert threads.application is module.django_application


def test_the_engine_is_loaded(module):
    assert engine.base_engine.cache_info().currsize == 1
