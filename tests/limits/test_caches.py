"""The two caches: of all machines with Redis, of one machine without; and what stands in when it does not answer."""

import multiprocessing
import time

import pytest
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache

from belowline.config.keeping import caches as caches_of
from belowline.limits import shared_file
from belowline.limits.caches import FileCache, SteadyRedisCache


@pytest.fixture(params=["file", "redis", "redis that is gone"])
def cache(request, settings, tmp_path):
    """A cache as the settings make it."""
    if request.param != "file":
        request.getfixturevalue("gone" if request.param.endswith("gone") else "redis")
    url = "" if request.param == "file" else settings.REDIS_URL
    with_file = caches_of(url, settings.REDIS_PREFIX, tmp_path / "limits.sqlite3")
    settings.CACHES = with_file
    return caches["default"]


def test_what_every_cache_does(cache):
    assert cache.get("a") is None
    assert cache.get("a", "default") == "default"
    assert cache.add("a", [1, {"b": 2}])
    assert not cache.add("a", "another")
    assert cache.get("a") == [1, {"b": 2}]
    cache.set("a", "another")
    assert (cache.get("a"), cache.has_key("a"), "b" in cache) == ("another", True, False)
    assert cache.get_many(["a", "b"]) == {"a": "another"}
    assert cache.set_many({"b": 1, "c": 2}) == []
    assert cache.touch("b", 100)
    assert not cache.touch("none")
    assert (cache.incr("b"), cache.incr("b", 5), cache.decr("b")) == (2, 7, 6)
    assert cache.delete("a")
    assert not cache.delete("a")
    cache.delete_many(["b"])
    assert cache.get_many(["a", "b", "c"]) == {"c": 2}
    cache.clear()
    assert cache.get("c") is None


def test_what_is_not_there_cannot_be_added_to(cache):
    with pytest.raises(ValueError, match="not found"):
        cache.incr("nothing")


def test_what_is_over_is_gone(cache):
    cache.set("a", 1, timeout=0.05)
    cache.set("never", 1, timeout=None)
    time.sleep(0.08)

    assert cache.get("a") is None
    assert cache.add("a", 2), "and may be added again"
    assert cache.get("never") == 1


def test_what_is_kept_goes_when_the_clock_is_set_back(tmp_path, monkeypatch):
    """Else it would be kept for an hour too long."""
    cache, real, shift = FileCache(str(tmp_path / "limits.sqlite3"), {}), time.time, [0]
    monkeypatch.setattr(shared_file.time, "time", lambda: real() + shift[0])
    cache.set("a", 1, timeout=60)
    shift[0] = -2
    assert cache.get("a") == 1, "clocks are put right by a little all the time"
    shift[0] = -3602

    assert cache.get("a") is None
    cache.set("a", 2, timeout=60)
    assert cache.get("a") == 2


def count(path, answers):
    cache = FileCache(path, {})
    answers.put([cache.add("first", 1), *(cache.incr("count") for _ in range(20))])


def test_processes_count_together(tmp_path):
    path = str(tmp_path / "limits.sqlite3")
    FileCache(path, {}).set("count", 0)
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    started = [context.Process(target=count, args=(path, answers)) for _ in range(3)]
    for process in started:
        process.start()
    found = [answers.get(timeout=20) for _ in started]
    for process in started:
        process.join(20)

    assert sorted(one[0] for one in found) == [False, False, True]
    assert sorted(number for one in found for number in one[1:]) == list(range(1, 61))


def test_a_file_that_cannot_be_written(settings, tmp_path):
    settings.CACHES = caches_of("", "x", tmp_path / "no folder" / "limits.sqlite3")
    caches["default"].set("a", 1)

    assert caches["default"].get("a") == 1
    assert caches["counts_in_memory"].get("a") == 1


def test_redis_is_emptied_of_ours_alone(redis, settings, tmp_path):
    """Django's own way is FLUSHDB, whoever else keeps something there."""
    other = f"{settings.REDIS_PREFIX}:of somebody else"
    redis.set(other, "precious")
    settings.CACHES = caches_of(settings.REDIS_URL, settings.REDIS_PREFIX, tmp_path / "limits.sqlite3")
    caches["default"].set("a", 1)
    caches["kept"].set("a", 2)
    caches["default"].clear()

    assert (caches["default"].get("a"), caches["kept"].get("a"), redis.get(other)) == (None, 2, b"precious")


def test_what_another_version_has_kept_is_not_taken():
    from belowline import __version__

    assert caches_of("redis://h", "p", "f")["kept"]["KEY_PREFIX"] == f"p:kept:{__version__}"


def test_without_redis_pages_are_kept_in_memory(settings, tmp_path):
    settings.CACHES = caches_of("", "x", tmp_path / "limits.sqlite3")

    assert isinstance(caches["kept"], LocMemCache)
    assert isinstance(caches["default"], FileCache)
    settings.CACHES = caches_of("redis://127.0.0.1:1/0", "x", tmp_path / "limits.sqlite3")
    assert {type(caches[name]) for name in ("default", "kept")} == {SteadyRedisCache}


def test_a_file_opened_in_another_process_is_another(tmp_path):
    mine = shared_file.shared_file(str(tmp_path / "x"))

    assert mine is shared_file.shared_file(str(tmp_path / "x"))
    assert mine is not shared_file._of_process(1, str(tmp_path / "x"))
