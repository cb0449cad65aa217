"""Whatever happens to comments, requests, tasks and mails is counted once, under the field's names."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from belowline.metrics import database, start
from belowline.moderation import engine
from belowline.moderation.queue_entries import QueueEntry
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.stories.models import Story
from belowline.stories.purging import purged
from belowline.stories.tasks import read_story_text


@pytest.mark.django_db(transaction=True)
def test_decisions_by_outcome_and_maker(grown, post, decide):
    post("A quiet remark about the harbour bridge.")
    decide(post("What a wombat of a bridge.").comment, "reject", rule="banned_word")
    with transaction.atomic():
        post("What is taken back is not counted.")
        transaction.set_rollback(True)

    assert grown("belowline_decisions_total", outcome="published", maker="engine") == 1
    assert grown("belowline_decisions_total", outcome="held", maker="engine") == 1
    assert grown("belowline_decisions_total", outcome="rejected", maker="person") == 1
    assert grown("belowline_judging_duration_seconds_count") == 3
    assert grown("belowline_judging_duration_seconds_sum") > 0
    assert grown("belowline_engine_failures_total") == 0


@pytest.mark.django_db
def test_an_engine_that_fails(grown, site, post, monkeypatch):
    def fail(_):
        raise RuntimeError

    monkeypatch.setattr(engine, "site_engine", fail)
    post()

    assert grown("belowline_engine_failures_total") == 1
    assert grown("belowline_unchecked_comments_total") == 1


@pytest.mark.django_db
def test_scores_that_could_not_be_computed(grown, post, monkeypatch):
    [links] = [signal for signal in engine.base_engine().signals if signal.name == "links"]
    monkeypatch.setattr(type(links), "measure", lambda *_: {}[0])
    post()

    assert grown("belowline_unchecked_scores_total", score="links", cause="error") == 1
    assert grown("belowline_unchecked_comments_total") == 1


def test_requests(grown):
    start.on_request("thread", "GET", 200, 0.03)
    start.on_request("thread", "BREW", 404, 0.03)

    assert grown("belowline_http_requests_total", view="thread", method="GET", status="200") == 1
    assert grown("belowline_http_requests_total", view="thread", method="other", status="404") == 1
    assert grown("belowline_http_request_duration_seconds_count", view="thread") == 2
    assert grown("belowline_http_request_duration_seconds_bucket", view="thread", le="0.025") == 0
    assert grown("belowline_http_request_duration_seconds_bucket", view="thread", le="0.05") == 2


@pytest.mark.parametrize("result", ["SUCCESSFUL", "FAILED"])
def test_tasks(grown, result):
    read_story_text.enqueue(1)
    row = DBTaskResult.objects.get()
    row.status, row.started_at, row.finished_at = result, timezone.now(), timezone.now() + timedelta(seconds=2)
    row.exception_class_path = "builtins.ValueError"
    task_finished.send(type(read_story_text.get_backend()), task_result=row.task_result)

    name = "stories.tasks.read_story_text"
    assert grown("belowline_tasks_finished_total", task=name, result=result.lower()) == 1
    assert grown("belowline_task_duration_seconds_sum", task=name) == pytest.approx(2, abs=0.1)


@pytest.mark.parametrize(
    ("real", "sent", "failed"),
    [
        ("django.core.mail.backends.locmem.EmailBackend", 2, 0),
        ("django.core.mail.backends.smtp.EmailBackend", 0, 2),
    ],
)
def test_mails(grown, monkeypatch, real, sent, failed):
    monkeypatch.setattr(settings, "REAL_EMAIL_BACKEND", real, raising=False)
    monkeypatch.setattr(settings, "EMAIL_PORT", 1)  # nobody listens there
    mails = [EmailMessage("Subject", "Text", "a@paper.example", ["b@reader.example"]) for _ in range(2)]
    through = get_connection("belowline.metrics.mail.CountingBackend", fail_silently=False)
    if failed:
        with pytest.raises(OSError, match="refused"):
            through.send_messages(mails)
    else:
        assert through.send_messages(mails) == 2

    assert grown("belowline_mails_total", result="sent") == sent
    assert grown("belowline_mails_total", result="failed") == failed


# --- what waits


def test_what_waits_for_workers(scrape):
    now = timezone.now()
    for _ in range(4):
        read_story_text.enqueue(1)
    ids = list(DBTaskResult.objects.values_list("pk", flat=True))
    DBTaskResult.objects.filter(pk=ids[0]).update(enqueued_at=now - timedelta(seconds=100))
    DBTaskResult.objects.filter(pk=ids[1]).update(run_after=now + timedelta(hours=1))
    DBTaskResult.objects.filter(pk=ids[2]).update(status="RUNNING")

    found = scrape()
    states = {state: found["belowline_tasks", (("state", state),)] for state in ("ready", "scheduled", "running")}
    assert states == {"ready": 2, "scheduled": 1, "running": 1}
    assert found["belowline_task_oldest_ready_seconds", ()] == pytest.approx(100, abs=2)


def test_what_waits_for_people(scrape, held):
    QueueEntry.objects.update(waiting_since=timezone.now() - timedelta(minutes=5))
    found = scrape()

    assert found["belowline_queue_comments", (("queue", "held"),)] == 1
    assert found["belowline_queue_comments", (("queue", "reported"),)] == 0
    assert found["belowline_queue_oldest_seconds", (("queue", "held"),)] == pytest.approx(300, abs=3)
    assert found["belowline_queue_oldest_seconds", (("queue", "appeals"),)] == 0


@pytest.fixture
def message(site):
    """Make a message to a publisher, so many seconds old."""

    def call(state, seconds):
        webhook, _ = Webhook.objects.get_or_create(site=site, url="https://gazette.invalid/told")
        made = Message.objects.create(webhook=webhook, state=state)
        Message.objects.filter(pk=made.pk).update(created_at=timezone.now() - timedelta(seconds=seconds))

    return call


def test_what_waits_for_publishers(scrape, message):
    for state, seconds in (("waiting", 20), ("waiting", 300), ("dead", 9_000), ("delivered", 70), ("delivered", 90)):
        message(state, seconds)
    found = scrape()

    assert found["belowline_webhook_messages", (("state", "waiting"),)] == 2
    assert found["belowline_webhook_messages", (("state", "dead"),)] == 1
    assert ("belowline_webhook_messages", (("state", "delivered"),)) not in found
    assert found["belowline_webhook_oldest_seconds", ()] == pytest.approx(300, abs=3)


def test_where_nothing_waits_for_publishers(scrape, message):
    message("dead", 9_000)
    found = scrape()

    assert found["belowline_webhook_messages", (("state", "waiting"),)] == 0
    assert found["belowline_webhook_oldest_seconds", ()] == 0


def test_without_a_database_the_rest_is_still_told(scrape, monkeypatch):
    def broken():
        raise DatabaseError("gone")

    monkeypatch.setattr(database, "tasks", broken)
    found = scrape()

    assert found["belowline_database_up", ()] == 0
    assert ("belowline_tasks", (("state", "ready"),)) not in found
    assert ("belowline_engine_failures_total", ()) in found
    assert connection.is_usable()


def test_nothing_is_counted_where_no_setting_asks(monkeypatch):
    monkeypatch.setattr(settings, "METRICS_ON", False)

    assert start.start_metrics() is False


def test_purges(grown):
    for is_done in (True, False, True):
        purged.send(Story, is_done=is_done)

    assert grown("belowline_purges_total", result="sent") == 2
    assert grown("belowline_purges_total", result="failed") == 1
