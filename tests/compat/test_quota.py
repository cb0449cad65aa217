"""Quotas that hold over threads and processes, and the count of use."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import DatabaseError, connection

from belowline.compat import quota as module
from belowline.compat.actions.issue_key import issue_key
from belowline.compat.models import ApiKey, KeyDay, KeyMinute
from belowline.compat.quota import LEASES_PER_MINUTE, Quota, Use

THREADS = 8
MINUTE = 30_000_000


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands ten seconds after the beginning of a minute."""
    now = [MINUTE * 60 + 10.0]
    monkeypatch.setattr(module.time, "time", lambda: now[0])
    return now


@pytest.fixture
def make(db, clock):
    """Make a key with a quota."""
    return lambda quota=60: issue_key(label="tests", quota_per_minute=quota)[0]


@pytest.fixture
def counting(monkeypatch):
    """A count of its own that writes only when told to."""
    monkeypatch.setattr(module, "WRITE_AFTER_SECONDS", 3_600.0)
    own = Use()
    yield own
    if own._timer:
        own._timer.cancel()


def granted(quotas, key, times, count=1):
    """How many of so many attempts, spread over the quotas, are granted."""
    return sum(quotas[number % len(quotas)].take(key, count).is_granted for number in range(times))


@pytest.mark.parametrize("quota", [1, 2, 19, 20, 21, 60, 1_000])
def test_one_process_gives_out_the_quota_and_no_more(make, quota):
    assert granted([Quota()], make(quota), quota + 50) == quota


@pytest.mark.parametrize("processes", [2, 5])
@pytest.mark.parametrize("quota", [1, 7, 60, 200])
def test_processes_never_exceed_the_quota_together(make, quota, processes):
    key = make(quota)

    assert granted([Quota() for _ in range(processes)], key, quota * 2 + 100) == quota
    assert KeyMinute.objects.get(key=key).granted == quota


def test_what_an_idle_process_holds_is_not_given_out_twice(make):
    key = make(100)
    idle, busy = Quota(), Quota()
    idle.take(key)

    assert granted([busy], key, 200) == 100 - 100 // LEASES_PER_MINUTE
    assert granted([idle], key, 200) == 100 // LEASES_PER_MINUTE - 1


@pytest.mark.django_db(transaction=True)
def test_eight_threads_get_the_quota_exactly(clock):
    key = issue_key(label="tests", quota_per_minute=200)[0]
    quotas, start = [Quota(), Quota()], threading.Barrier(THREADS)

    def take(number):
        start.wait()
        try:
            return granted([quotas[number % 2]], key, 50)
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        assert sum(pool.map(take, range(THREADS))) == 200
    assert KeyMinute.objects.get(key=key).granted == 200


@pytest.mark.parametrize(("size", "expected"), [(1, 10), (3, 3), (10, 1), (11, 0)])
def test_all_of_a_batch_or_nothing(make, size, expected):
    assert granted([Quota()], make(10), 20, size) == expected


def test_a_new_minute_gives_the_whole_quota_again(make, clock):
    key, quota = make(5), Quota()
    assert granted([quota], key, 9) == 5
    clock[0] += 50

    assert granted([quota], key, 9) == 5


def test_a_process_whose_clock_is_slow_takes_from_the_new_minute(make, clock):
    key, slow, right = make(5), Quota(), Quota()
    clock[0] += 60
    assert granted([right], key, 3) == 3
    clock[0] -= 60

    assert granted([slow], key, 9) == 2
    assert KeyMinute.objects.get(key=key).minute == MINUTE + 1


def test_a_clock_that_was_set_back_gives_the_quota_and_no_more(make, clock):
    key, quota = make(5), Quota()
    assert granted([quota], key, 9) == 5
    clock[0] -= 3600

    assert granted([quota, Quota()], key, 9) == 5


def test_what_is_left(make, clock):
    key, quota = make(10), Quota()
    first, second = quota.take(key), quota.take(key, 4)

    assert (first.limit, first.remaining, first.seconds, first.is_granted) == (10, 9, 50, True)
    assert (second.remaining, quota.take(key, 6).remaining, quota.take(key, 5).remaining) == (5, 5, 0)


@pytest.mark.parametrize(("second", "left"), [(0.0, 60), (0.9, 60), (59.0, 1), (59.99, 1)])
def test_seconds_until_the_next_minute(make, clock, second, left):
    clock[0] = MINUTE * 60 + second

    assert Quota().take(make()).seconds == left


def test_few_writes(make, django_assert_max_num_queries):
    key, quota = make(6_000), Quota()
    with django_assert_max_num_queries(3 * 4):
        assert granted([quota], key, 900) == 900


def test_a_smaller_quota_holds_at_once(make):
    key, quota = make(40), Quota()
    assert granted([quota], key, 10) == 10
    ApiKey.objects.update(quota_per_minute=10)
    key.refresh_from_db()

    assert granted([quota], key, 40) == 0


def test_use_is_added_up(make, counting):
    first, second = make(), make()
    counting.count(first, calls=1, comments=2, errors=0, refused=0)
    counting.count(first, calls=1, comments=1)
    counting.count(second, calls=1, refused=1)
    counting.write()
    counting.count(first, errors=1)
    counting.write()
    found = {row.key_id: (row.calls, row.comments, row.errors, row.refused) for row in KeyDay.objects.all()}

    assert found == {first.pk: (2, 3, 1, 0), second.pk: (1, 0, 0, 1)}


def test_writing_nothing(db, counting, django_assert_num_queries):
    with django_assert_num_queries(0):
        counting.write()


@pytest.mark.django_db(transaction=True)
def test_use_is_written_by_itself(clock, counting, monkeypatch):
    monkeypatch.setattr(module, "WRITE_AFTER_SECONDS", 0.01)
    key = issue_key(label="tests")[0]
    counting.count(key, calls=1)
    counting._timer.join(10)

    assert KeyDay.objects.get(key=key).calls == 1


def test_what_could_not_be_written_is_written_later(make, counting, monkeypatch, caplog):
    def fail(**fields):
        raise DatabaseError

    key = make()
    counting.count(key, calls=1)
    with monkeypatch.context() as patched:
        patched.setattr(KeyDay.objects, "get_or_create", fail)
        patched.setattr(module.connection, "close", lambda: None)
        counting.write_apart()
    assert "the use of keys could not be written" in caplog.text
    counting.write()

    assert KeyDay.objects.get(key=key).calls == 1
