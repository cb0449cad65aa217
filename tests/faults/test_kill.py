"""A process is killed at any moment while readers post: what was answered is kept, and nothing half-made is there."""

import os
import random
import signal
import time

import pytest
from machines import wait_until
from readers import Reader

ROUNDS = 40
LONGEST_ROUND_ANSWERS = 4
"""A process is killed at most so long after it first asks as this many answers take, here and now."""


def check_answers(answered, kept):
    """Every answer was true: the comment is there, in the state that the reader was told."""
    for key, (status, location) in answered.items():
        assert status == 302, (key, status)
        pk, state = kept[key]
        assert f"?posted={pk}" in location
        assert location.endswith(f"#c-{pk}" if state == "published" else "#outcome")


def longest_round(poster):
    """How long a process posts at most before it is killed, in seconds: by how quick one is that is left in peace."""
    poster.send("round", "pace")
    child = int(poster.wait_for("child")[1])
    poster.wait_for("asked")
    began = time.monotonic()
    for _ in range(LONGEST_ROUND_ANSWERS):
        poster.wait_for("answered")
    found = time.monotonic() - began
    os.kill(child, signal.SIGKILL)
    poster.wait_for("done")
    return found


def test_killed_between_request_and_answer(start, check, kept, record):
    """Forty times, at random moments; then every form is sent once more."""
    poster, chance = start(), random.Random(2026)
    longest, in_peace = longest_round(poster), len(poster.answered)
    for number in range(ROUNDS):
        poster.send("round", f"r{number}")
        child = int(poster.wait_for("child")[1])
        poster.wait_for("asked")
        time.sleep(chance.random() * longest)
        os.kill(child, signal.SIGKILL)
        poster.wait_for("done")
    unanswered = [key for key in poster.asked if key not in poster.answered]

    assert len(unanswered) >= ROUNDS // 2, "most kills came between a request and its answer"
    assert len(poster.answered) - in_peace >= ROUNDS // 4, "and some came after a few answers"
    check()
    before = kept()
    check_answers(poster.answered, before)

    poster.do("again", *poster.asked)
    check()
    after = kept()
    assert set(after) == set(poster.asked)
    assert {key: after[key] for key in before} == before
    check_answers(poster.answered, after)
    how = f"`kill -9` between request and answer, {ROUNDS} times; forms sent once more"
    record("web processes killed", how, poster.answered)


# --- the real server, and a thousand posts

POSTS = 1_000


@pytest.mark.slow
def test_the_server_is_killed_while_readers_post(session, newsroom, check, kept, record):
    """Each time that a fifth of the posts was answered, its processes are killed."""
    server, asked, answered = newsroom(), [], {}
    for number in range(5):
        server.start()
        readers = [Reader(server.address, session, f"s{number}{name}") for name in "abcd"]
        for reader in readers:
            reader.start()
        wait_until(lambda: sum(len(reader.answered) for reader in readers) >= POSTS // 5, 600)  # noqa: B023 - asked here
        server.kill()
        for reader in readers:
            reader.join(30)
            asked += reader.asked
            answered |= reader.answered
    check()
    check_answers(answered, kept())
    assert len(asked) > len(answered) >= POSTS

    server.start()
    again = Reader(server.address, session, "again")
    assert all(again.post(key) for key in asked)
    check()
    assert set(kept()) == {"warm", *asked}
    check_answers(answered | again.answered, kept())
    record("web processes killed", f"`kill -9`, 5 times in {POSTS:,} posts; forms sent once more", again.answered)
