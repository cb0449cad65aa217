"""What does not answer is left alone, asked again by one, and spoken of once."""

import logging

import pytest

from belowline.limits.breaker import Breaker


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker("The server", "we go on", pause=5, clock=clock)


def test_as_long_as_it_answers(breaker):
    breaker.worked()

    assert all(breaker.may_try() for _ in range(3))
    assert not breaker.is_open


def test_one_asks_again_after_each_pause(breaker, clock):
    breaker.failed("TimeoutError")
    assert not breaker.may_try()

    clock.now += 5
    assert [breaker.may_try() for _ in range(3)] == [True, False, False]
    breaker.failed("TimeoutError")
    clock.now += 4.9
    assert not breaker.may_try()
    clock.now += 0.1
    assert breaker.may_try()
    breaker.worked()
    assert all(breaker.may_try() for _ in range(3))


def test_it_is_said_once_and_once_more_when_it_is_over(breaker, clock, caplog):
    with caplog.at_level(logging.INFO, "belowline.limits"):
        for _ in range(3):
            breaker.failed("TimeoutError")
            clock.now += 10
        breaker.worked()
        breaker.worked()

    assert [record.getMessage() for record in caplog.records] == [
        "The server does not answer (TimeoutError): we go on",
        "The server answers again",
    ]
