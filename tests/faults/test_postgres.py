"""PostgreSQL is restarted, broken off and gone while readers post: web processes and worker go on by themselves."""

import subprocess
import sys
import time

import pytest
from machines import wait_until
from readers import Crowd, ask

pytestmark = pytest.mark.slow
ENQUEUE = """
import django; django.setup()
from belowline.moderation.tasks import keep_reading
for _ in range(NUMBER):
    keep_reading.enqueue(1)
"""
TASKS = (
    "SELECT status, count(*) FROM django_tasks_database_dbtaskresult WHERE task_path LIKE '%keep_reading' GROUP BY 1"
)


@pytest.fixture
def enqueue(environment):
    """Put tasks into the queue, by a process of its own."""

    def call(number):
        code, own = ENQUEUE.replace("NUMBER", str(number)), {"DJANGO_SETTINGS_MODULE": "belowline.config.settings"}
        subprocess.run([sys.executable, "-c", code], env=environment | own, check=True, capture_output=True)

    return call


def test_postgresql_is_restarted_while_readers_post(cluster, session, newsroom, rows, check, kept, record, enqueue):  # noqa: PLR0917
    server = newsroom("--processes", "2").start()
    enqueue(200)
    with Crowd(server.address, session, "p") as crowd:
        for _ in range(2):
            crowd.wait_for(40)
            cluster.control("restart", "-m", "fast")
            crowd.wait_for(40)
            cluster.control("restart", "-m", "immediate")
        crowd.wait_for(40)
        cluster.control("stop", "-m", "immediate")
        time.sleep(3)
        cluster.start()
        crowd.wait_for(40)

    assert set(crowd.answered) == set(crowd.asked)
    assert crowd.refused.total() > 0, "no post met a restart"
    assert set(crowd.refused) <= {0, 500, 503}
    check()
    assert set(kept()) == {"warm", *crowd.answered}
    assert ask(f"{server.address}/readyz")[0] == 200
    enqueue(20)
    wait_until(lambda: {*dict(rows(TASKS))} == {"SUCCESSFUL"})
    assert server.process.poll() is None
    how = "restarted (`fast`, `immediate`), twice each, and stopped for 3 s; forms sent until answered"
    record("PostgreSQL restarted", how, crowd.answered)
