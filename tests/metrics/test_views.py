"""Who may read /metrics: off by default, then those whom a setting names."""

from ipaddress import ip_network

import pytest
from django.conf import settings

from belowline.metrics.views import metrics

TOKEN = "a token for tests"


@pytest.fixture
def ask(rf, on, db):
    def call(**headers):
        return metrics(rf.get("/metrics", **headers)).status_code

    return call


def test_off_by_default(rf):
    answer = metrics(rf.get("/metrics", REMOTE_ADDR="127.0.0.1"))

    assert answer.status_code == 404
    assert b"set BELOWLINE_METRICS_TOKEN" in answer.content


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN} ", 200),
        ("Bearer another", 403),
        ("Bearer ", 403),
        (f"Basic {TOKEN}", 403),
        (TOKEN, 403),
        ("", 403),
    ],
)
def test_by_token(ask, header, status):
    assert ask(HTTP_AUTHORIZATION=header) == status


@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("10.1.2.3", {}, 200),
        ("fd00::7", {}, 200),
        ("192.0.2.1", {}, 403),
        ("", {}, 403),
        ("10.1.2.3", {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}, 403),
        ("10.1.2.3", {"HTTP_FORWARDED": "for=192.0.2.1"}, 403),
        ("10.1.2.3", {"HTTP_X_REAL_IP": "10.1.2.4"}, 403),
    ],
)
def test_by_address(ask, monkeypatch, address, forwarded, status):
    """Who comes through a proxy has the proxy's address: that opens nothing."""
    monkeypatch.setattr(settings, "METRICS_TOKEN", "")
    monkeypatch.setattr(settings, "METRICS_ADDRESSES", [ip_network("10.0.0.0/8"), ip_network("fd00::/8")])

    assert ask(REMOTE_ADDR=address, **forwarded) == status


def test_without_a_token_no_token_opens(ask, monkeypatch):
    monkeypatch.setattr(settings, "METRICS_TOKEN", "")

    assert ask(HTTP_AUTHORIZATION="Bearer ", REMOTE_ADDR="10.1.2.3") == 403


def test_nothing_of_comments_or_readers_is_in_it(rf, on, held, story):
    text = metrics(rf.get("/metrics", HTTP_AUTHORIZATION=f"Bearer {TOKEN}")).content.decode()

    for word in ("wombat", "marjorie", "Marjorie", story.title, "gazette"):
        assert word not in text
