"""Metrics that are on, and what they say."""

import pytest
from django.conf import settings
from prometheus_client.parser import text_string_to_metric_families

from belowline.metrics import start
from belowline.metrics.views import metrics

TOKEN = "a token for tests"


@pytest.fixture
def on(monkeypatch, tmp_path):
    """A setting asks for metrics; this process counts."""
    monkeypatch.setattr(settings, "METRICS_ON", True)
    monkeypatch.setattr(settings, "METRICS_TOKEN", TOKEN)
    monkeypatch.setattr(settings, "METRICS_DIR", tmp_path / "metrics")
    start.start_metrics()
    yield
    start.stop_metrics()


@pytest.fixture
def scrape(rf, on, db):
    """Ask for metrics, and parse them as Prometheus does: {(name, labels): value}."""

    def call():
        answer = metrics(rf.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}"))
        assert answer.status_code == 200
        found = {}
        for family in text_string_to_metric_families(answer.content.decode()):
            for one in family.samples:
                found[one.name, tuple(sorted(one.labels.items()))] = one.value
        return found

    return call


@pytest.fixture
def grown(scrape):
    """What has grown since the test began, by name and labels: other tests count in the same process."""
    before = scrape()

    def call(name, **labels):
        key = (name, tuple(sorted(labels.items())))
        return scrape().get(key, 0.0) - before.get(key, 0.0)

    return call
