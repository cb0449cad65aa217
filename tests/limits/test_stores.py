"""Buckets in Redis, in a file and in memory: the same answers, together over all processes, and one for another."""

import logging
import multiprocessing
import stat
import threading
import time

import pytest

from belowline.limits import redis_server, stores
from belowline.limits.bucket import Charge
from belowline.limits.errors import StoreLostError
from belowline.limits.redis_server import TIMEOUT_SECONDS, breaker, redis_problem
from belowline.limits.shared_file import shared_file
from belowline.limits.stores import FileStore, MemoryStore, RedisStore, file_breaker, spend

THREE = Charge("three", 20.0, 60.0)
ONE = Charge("one", 3600.0, 3600.0)


@pytest.fixture(autouse=True)
def file_breaker_is_new():
    file_breaker.cache_clear()


@pytest.fixture(params=["memory", "file", "redis"])
def store(request, tmp_path):
    if request.param == "redis":
        request.getfixturevalue("redis")
        return RedisStore()
    return MemoryStore() if request.param == "memory" else FileStore(str(tmp_path / "limits.sqlite3"))


def test_three_and_no_more(store):
    assert [store.spend([THREE]) for _ in range(3)] == [0, 0, 0]
    assert store.spend([THREE]) == pytest.approx(20, abs=1)


def test_looking_takes_nothing(store):
    assert [store.spend([ONE], take=False) for _ in range(3)] == [0, 0, 0]
    assert store.spend([ONE]) == 0
    assert store.spend([ONE], take=False) == pytest.approx(3600, abs=2)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_a_clock_that_was_set_back(kind, tmp_path):
    now = [5000.0]
    path = str(tmp_path / "limits.sqlite3")
    store = MemoryStore(lambda: now[0]) if kind == "memory" else FileStore(path, lambda: now[0])
    assert [store.spend([THREE]) for _ in range(3)] == [0, 0, 0]
    now[0] -= 3600

    assert [store.spend([THREE]) for _ in range(3)] == [0, 0, 0], "nobody waits for an hour"
    assert store.spend([THREE]) == pytest.approx(20)


def test_the_clock_of_redis_was_set_back(redis, settings):
    redis.set(f"{settings.REDIS_PREFIX}:limit:three", str(time.time() + 3600))

    assert [RedisStore().spend([THREE]) for _ in range(3)] == [0, 0, 0]
    assert RedisStore().spend([THREE]) == pytest.approx(20, abs=1)


def test_all_or_none(store):
    store.spend([ONE])
    assert store.spend([THREE, ONE]) > 0

    assert [store.spend([THREE]) for _ in range(3)] == [0, 0, 0], "nothing was taken of the first"


def test_threads_together_get_what_one_gets(store):
    """Thirty at once, and ten are let through: never an eleventh."""
    ten, answers = Charge("ten", 360.0, 3600.0), []
    threads = [threading.Thread(target=lambda: answers.append(store.spend([ten]))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert sorted(bool(wait) for wait in answers) == [False] * 10 + [True] * 20


def spend_in_process(path, gate, answers):
    gate.wait(20)
    answers.put([FileStore(path).spend([Charge("ten", 360.0, 3600.0)]) for _ in range(8)])


def test_processes_together_get_what_one_gets(tmp_path):
    """As the web processes of one machine do; forked off, as the server does it, from one that has the file open."""
    path = str(tmp_path / "limits.sqlite3")
    FileStore(path).spend([ONE])
    context = multiprocessing.get_context("fork")
    gate, answers = context.Barrier(3), context.Queue()
    started = [context.Process(target=spend_in_process, args=(path, gate, answers)) for _ in range(3)]
    for process in started:
        process.start()
    waits = [wait for _ in started for wait in answers.get(timeout=20)]
    for process in started:
        process.join(20)

    assert sum(not wait for wait in waits) == 10
    assert FileStore(path).spend([ONE]) > 0, "and what the parent had counted is there"


def test_memory_forgets_what_is_full_again(monkeypatch):
    monkeypatch.setattr(stores, "MOST_IN_MEMORY", 100)
    now = [1000.0]
    store = MemoryStore(lambda: now[0])
    for number in range(100):
        store.spend([Charge(f"short {number}", 1.0, 10.0)])
    now[0] += 5
    store.spend([Charge("long", 600.0, 3600.0)])

    assert set(store._moments) == {"long"}
    for number in range(300):
        store.spend([Charge(f"longer {number}", 1000.0, 3600.0)])
    assert len(store._moments) <= 100


# --- Redis


def test_keys_in_redis_are_ours_and_run_out(redis, settings):
    RedisStore().spend([THREE])
    [key] = redis.scan_iter(match=f"{settings.REDIS_PREFIX}:*")

    assert key.decode() == f"{settings.REDIS_PREFIX}:limit:three"
    assert 0 < redis.pttl(key) <= 20_000


def test_redis_that_lost_its_scripts(redis):
    store = RedisStore()
    store.spend([THREE])
    redis.script_flush()

    assert store.spend([THREE]) == 0


@pytest.mark.parametrize("which", ["gone", "silent"])
def test_redis_that_does_not_answer(which, request, file, caplog):
    """The machine counts for itself: at once, exactly, and said once."""
    request.getfixturevalue(which)
    began = time.monotonic()
    with caplog.at_level(logging.INFO, "belowline.limits"):
        answers = [spend([THREE]) for _ in range(20)]
    seconds = time.monotonic() - began

    assert [wait == 0 for wait in answers] == [True] * 3 + [False] * 17
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "Redis does not answer" in caplog.text
    assert seconds < 2 * TIMEOUT_SECONDS + 1, "asked once, and left alone"
    assert breaker().is_open
    assert redis_problem() in {"ConnectionError", "TimeoutError"}
    assert FileStore(str(file)).spend([THREE]) > 0


def test_redis_that_answers_again(redis, file, monkeypatch, caplog):
    from redis.exceptions import ConnectionError as GoneError

    def broken(*_):
        raise GoneError

    breaker()._pause = 0.0
    with monkeypatch.context() as patch, caplog.at_level(logging.INFO, "belowline.limits"):
        patch.setattr(redis_server, "_client", broken)
        assert spend([ONE]) == 0
    assert FileStore(str(file)).spend([ONE]) > 0, "it was counted here"
    with caplog.at_level(logging.INFO, "belowline.limits"):
        assert spend([ONE]) == 0
        assert spend([ONE]) > 0

    assert [record.getMessage() for record in caplog.records][1:] == ["Redis answers again"]


def test_nothing_is_asked_of_redis_where_there_is_none(settings, monkeypatch):
    monkeypatch.setattr(stores, "ask_redis", None)

    assert spend([ONE]) == 0
    assert spend([]) == 0


# --- the file


def test_the_file_is_its_owners_alone(file):
    spend([ONE])

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_cannot_be_written(settings, tmp_path, caplog):
    """Each process counts for itself, and says so once."""
    settings.LIMITS_FILE = tmp_path / "no such folder" / "limits.sqlite3"
    with caplog.at_level(logging.INFO, "belowline.limits"):
        answers = [spend([THREE]) for _ in range(5)]

    assert [wait == 0 for wait in answers] == [True, True, True, False, False]
    assert [record.getMessage() for record in caplog.records] == [
        "the file of the limits does not answer (FileNotFoundError): each process counts for itself"
    ]


def test_a_damaged_file_is_made_anew(file):
    file.write_bytes(b"this is no database" * 500)

    with pytest.raises(StoreLostError):
        FileStore(str(file)).spend([THREE])
    assert FileStore(str(file)).spend([THREE]) == 0


def test_what_ran_out_is_deleted(file):
    store = FileStore(str(file), clock=lambda: 1000.0)
    for number in range(5):
        store.spend([Charge(f"old {number}", 20.0, 60.0)])
    shared = shared_file(str(file))
    shared._tidied = 0.0
    shared.run(lambda _: None)

    assert shared.run(lambda connection: connection.execute("SELECT count(*) FROM bucket").fetchone()) == (0,)


def test_a_disk_that_is_full(file, caplog):
    """Nobody is turned away for that, nor let through without end: the process counts for itself."""
    spend([ONE])
    shared = shared_file(str(file))
    full = "PRAGMA max_page_count = 1"  # as many as there are
    shared.run(lambda _: None)
    shared._opened.execute(full)
    with caplog.at_level(logging.INFO, "belowline.limits"):
        answers = [spend([Charge(f"{'x' * 2_000} {number}", 20.0, 60.0)]) for number in range(20)]

    assert answers == [0] * 20
    assert "the file of the limits does not answer (OperationalError)" in caplog.text
    assert [spend([THREE]) == 0 for _ in range(4)] == [True, True, True, False]
