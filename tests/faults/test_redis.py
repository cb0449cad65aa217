"""Redis is restarted, silent and gone while readers post and read: no answer is missing."""

import json
import signal

import pytest
from machines import REDIS, Redis
from readers import Crowd, ask

pytestmark = [pytest.mark.slow, pytest.mark.skipif(REDIS is None, reason="no Redis")]


@pytest.fixture
def redis(tmp_path):
    made = Redis(tmp_path / "redis.log")
    made.start()
    yield made
    made.stop()


def test_redis_is_restarted_silent_and_gone_while_readers_post(redis, session, newsroom, check, kept, record):  # noqa: PLR0917
    # A limit that nobody reaches: so Redis is asked at each post.
    also = {"BELOWLINE_REDIS_URL": redis.url, "BELOWLINE_LIMIT_POST": "1000000/m/account"}
    server = newsroom("--processes", "2", also=also).start()
    with Crowd(server.address, session, "r") as crowd:
        crowd.wait_for(20)
        redis.stop()
        redis.start()
        crowd.wait_for(20)
        redis.process.send_signal(signal.SIGSTOP)
        crowd.wait_for(20)
        redis.process.send_signal(signal.SIGCONT)
        crowd.wait_for(20)
        redis.stop()
        crowd.wait_for(20)
        status, _, body = ask(f"{server.address}/readyz")
        assert (status, json.loads(body)["checks"]["redis"]["answers"]) == (200, False)
        redis.start()
        crowd.wait_for(20)
    assert crowd.refused.total() == 0, crowd.refused
    assert set(crowd.watcher.seen) == {200}
    assert set(crowd.answered) == set(crowd.asked)
    check()
    assert set(kept()) == {"warm", *crowd.answered}
    record("Redis restarted, silent, gone", "each while readers post and read, and there again", crowd.answered)
