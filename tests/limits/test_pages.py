"""Pages and posts with Redis, and without it answering: everything goes on, at once, and limits hold."""

import logging
import time

import pytest
from django.test import Client

from belowline.config.keeping import caches as caches_of
from belowline.limits.breaker import PAUSE_SECONDS
from belowline.limits.bucket import parse_rates
from belowline.limits.redis_server import redis_failed

TEXT = "The harbour bridge should open again."


@pytest.fixture(params=["redis", "gone", "silent"])
def newsroom(request, settings, file):
    """Settings as with BELOWLINE_REDIS_URL, of a Redis that answers or does not."""
    request.getfixturevalue(request.param)
    settings.CACHES = caches_of(settings.REDIS_URL, settings.REDIS_PREFIX, file)
    settings.LIMITS = settings.LIMITS | {"post": parse_rates("2/m/account")}
    return request.param


@pytest.fixture
def failures():
    """One for each question that was not answered."""
    found = []

    def note(sender, **_):
        found.append(sender)

    redis_failed.connect(note)
    yield found
    redis_failed.disconnect(note)


def test_everything_goes_on(newsroom, story, as_reader, stranger, caplog, failures):  # noqa: PLR0917
    """And Redis is asked once in five seconds, no more, while it does not answer."""
    began = time.monotonic()
    with caplog.at_level(logging.INFO, "belowline.limits"):
        posts = [
            as_reader.post(f"/discussion/{story.pk}/post/", {"text": f"{TEXT} {one}", "idempotency_key": str(one)})
            for one in range(4)
        ]
        page = stranger.get(f"/discussion/{story.pk}/").content.decode()
        form = {"login": "nobody@reader.example", "password": "wrong"}
        tries = [Client().post("/accounts/login/", form).content.decode() for _ in range(6)]
    seconds = time.monotonic() - began

    assert [answer.status_code for answer in posts] == [302, 302, 429, 429]
    assert page.count(TEXT) == 2
    assert "Too many failed login attempts" in tries[5]
    assert "Too many failed login attempts" not in tries[4]
    said = [record.levelname for record in caplog.records if record.name == "belowline.limits"]
    assert said == ([] if newsroom == "redis" else ["ERROR"])
    assert len(failures) == 0 if newsroom == "redis" else 1 <= len(failures) <= 1 + seconds / PAUSE_SECONDS


def test_what_is_kept_there_is_ours(redis, settings, file, published, stranger):
    settings.CACHES = caches_of(settings.REDIS_URL, settings.REDIS_PREFIX, file)
    stranger.get(f"/discussion/{published.story_id}/")
    [key] = [key.decode() for key in redis.scan_iter(match="*thread:*") if settings.REDIS_PREFIX in key.decode()]

    assert key.startswith(f"{settings.REDIS_PREFIX}:kept:")
    assert 0 < redis.ttl(key) <= 3600
