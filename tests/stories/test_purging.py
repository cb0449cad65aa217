"""Shared caches are told of every change, by name, together; a failure is tried again, and nothing is forgotten."""

import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import OperationalError
from django.db.models import F

from belowline.comments.actions.delete_comment import delete_comment
from belowline.stories import purging
from belowline.stories.actions.save_theme import save_theme
from belowline.stories.connection import public_address
from belowline.stories.errors import PurgeError, StoryFetchError
from belowline.stories.models import Story
from belowline.stories.purging import (
    Changed,
    changed_stories,
    check_purge_address,
    check_purge_header,
    names_of,
    purge_changed,
    purge_once,
)


@pytest.fixture
def calls(monkeypatch, told):
    """The names of each call that is made; nothing is sent."""
    made = []
    monkeypatch.setattr(purging, "call_purge", lambda names: made.append(list(names)))
    return made


@pytest.fixture
def told(story, other_story):
    """The caches know these stories as they are."""
    Story.objects.update(purged_version=F("thread_version"))


@pytest.fixture
def one_connection(monkeypatch):
    """Each test is one transaction."""
    monkeypatch.setattr(purging, "close_old_connections", lambda: None)


def changed():
    return [one.story for one in changed_stories()]


# --- what is told


def test_nothing_is_told_where_nothing_changes(story, calls):
    assert purge_changed() == 0
    assert calls == []


def test_a_change_is_told_once(story, calls):
    story.bump()
    story.bump()

    assert purge_changed() == 1
    assert purge_changed() == 0
    assert calls == [[f"story-{story.pk}"]]


@pytest.mark.usefixtures("calls")
def test_every_way_of_changing_leads_there(story, other_story, post):
    comment = post("A quiet remark.").comment
    assert changed() == [story.pk]
    purge_changed()
    delete_comment(comment=comment, by=comment.author)
    assert changed() == [story.pk]
    purge_changed()
    save_theme(site=story.site, theme={"accent": "#8a1c2b"})
    assert changed() == sorted([story.pk, other_story.pk])


@pytest.mark.usefixtures("told")
def test_what_changes_while_it_is_told_is_told_again(story, monkeypatch):
    """The version was read before the call."""
    made = []

    def call(names):
        made.append(names)
        if len(made) == 1:
            Story.objects.get(pk=story.pk).bump()

    monkeypatch.setattr(purging, "call_purge", call)
    story.bump()
    assert [purge_changed(), purge_changed(), purge_changed()] == [1, 1, 0]
    assert len(made) == 2


def test_many_at_once_are_told_as_their_sites(site, other_site, make_story, calls, monkeypatch):
    monkeypatch.setattr(purging, "MARKED_AT_ONCE", 2)
    stories = [make_story(site, f"story-{number}") for number in range(5)]
    for one in [*stories, make_story(other_site, "theirs")]:
        one.bump()
    monkeypatch.setattr(purging, "MAX_NAMES", 5)

    assert purge_changed() == 6
    assert calls == [sorted([f"site-{site.key}", f"site-{other_site.key}"])]
    assert changed() == []


def test_names():
    found = [Changed(number, 2, "gazette") for number in range(purging.MAX_NAMES)]

    assert names_of(found) == [f"story-{number}" for number in range(purging.MAX_NAMES)]
    assert names_of([*found, Changed(1_000, 2, "other")]) == ["site-gazette", "site-other"]
    assert names_of([]) == []


# --- the call


class Cdn(BaseHTTPRequestHandler):
    """Takes purges: `got` has what came, `status` is what it answers."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def cdn(settings, told):
    """A CDN at an address of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Cdn)
    server.daemon_threads, server.got, server.status = True, [], 200
    settings.PURGE_URL = f"http://127.0.0.1:{server.server_address[1]}/purge"
    settings.PURGE_HEADER = "Fastly-Key: a-secret"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_the_call(cdn, story):
    story.bump()
    purge_changed()

    [(headers, body)] = cdn.got
    assert json.loads(body) == {"surrogate_keys": [f"story-{story.pk}"]}
    assert headers["Surrogate-Key"] == f"story-{story.pk}"
    assert headers["Fastly-Key"] == "a-secret"
    assert headers["Content-Type"] == "application/json"


def test_the_call_as_cloudflare_reads_it(cdn, story, settings):
    settings.SURROGATE_HEADER = "cache-tag"
    story.bump()
    purge_changed()

    assert json.loads(cdn.got[0][1]) == {"tags": [f"story-{story.pk}"]}


@pytest.mark.parametrize("status", [301, 401, 403, 429, 500, 503])
def test_what_was_not_taken_is_tried_again(cdn, story, status):
    cdn.status = status
    story.bump()
    with pytest.raises(PurgeError, match=str(status)) as caught:
        purge_changed()
    assert caught.value.code == "purge_failed"
    assert "a-secret" not in caught.value.message

    cdn.status = 200
    assert purge_changed() == 1
    assert len(cdn.got) == 2


@pytest.mark.usefixtures("told")
def test_nobody_there(story, settings):
    settings.PURGE_URL = "http://127.0.0.1:9/"
    story.bump()
    with pytest.raises(PurgeError, match="could not be sent"):
        purge_changed()
    assert changed() == [story.pk]


def test_only_purges_may_go_into_private_networks(cdn, story):
    story.bump()
    assert purge_changed() == 1
    with pytest.raises(StoryFetchError, match="private network"):
        public_address("127.0.0.1", 80)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "purge",
        "/purge",
        "ftp://cdn.example/",
        "http://",
        "https://user:word@cdn.example/",
        "http://[::1",
        "http://a:x/",
    ],
)
def test_addresses_that_are_refused(address):
    with pytest.raises(PurgeError, match="BELOWLINE_PURGE_URL") as caught:
        check_purge_address(address)
    assert caught.value.code == "purge_not_configured"


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("", {}),
        ("Fastly-Key: abc", {"Fastly-Key": "abc"}),
        ("Authorization: Bearer abc.def", {"Authorization": "Bearer abc.def"}),
        ("X-Purge-Token:abc", {"X-Purge-Token": "abc"}),
    ],
)
def test_headers(header, found):
    assert check_purge_header(header) == found


@pytest.mark.parametrize(
    "header", ["secret", ": secret", "A b: secret", "Key:", "Key: a\r\nOther: secret", "Key: sécret"]
)
def test_headers_that_are_refused_are_in_no_message(header):
    with pytest.raises(PurgeError, match="BELOWLINE_PURGE_HEADER") as caught:
        check_purge_header(header)
    assert "secret" not in caught.value.message.lower().replace("fastly-key: secret", "")


# --- again and again


@pytest.mark.usefixtures("one_connection")
def test_one_line_says_that_it_fails_and_one_that_it_works(cdn, story, caplog):
    caplog.set_level(logging.INFO, purging.logger.name)
    cdn.status = 500
    story.bump()
    failures = purge_once(0)
    failures = purge_once(failures)
    assert failures == 2
    cdn.status = 200
    assert purge_once(failures) == 0
    assert purge_once(0) == 0

    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "a-secret" not in caplog.text
    assert "127.0.0.1" not in caplog.text


@pytest.mark.usefixtures("one_connection")
def test_a_database_that_does_not_answer_ends_nothing(monkeypatch, caplog):
    def broken():
        raise OperationalError("secret words of a query")

    monkeypatch.setattr(purging, "purge_changed", broken)
    assert purge_once(0) == 1
    assert "secret words" not in caplog.text


def test_pauses_grow(settings):
    settings.PURGE_EVERY_SECONDS = 2
    assert [purging.pause_seconds(failures) for failures in (0, 1, 2, 5, 6, 1_000)] == [2, 4, 8, 60, 60, 60]
    settings.PURGE_EVERY_SECONDS = 0
    assert purging.pause_seconds(0) == 1
    settings.PURGE_EVERY_SECONDS = 300
    assert purging.pause_seconds(0) == purging.pause_seconds(9) == 300


def test_it_goes_on_until_it_is_stopped(monkeypatch):
    stop, rounds = threading.Event(), []

    def once(failures):
        rounds.append(failures)
        if len(rounds) == 3:
            stop.set()
        return len(rounds)

    monkeypatch.setattr(purging, "purge_once", once)
    monkeypatch.setattr(purging, "pause_seconds", lambda _: 0.001)
    purging.keep_purging(stop)
    assert rounds == [0, 1, 2]


def test_it_starts_only_where_a_setting_asks_for_it(settings, monkeypatch):
    began = threading.Event()
    monkeypatch.setattr(purging, "keep_purging", lambda _: began.set())

    assert purging.start_purging() is False
    settings.PURGE_URL = "nonsense"
    with pytest.raises(PurgeError):
        purging.start_purging()
    assert not began.is_set()
    settings.PURGE_URL = "https://cdn.example/purge"
    assert purging.start_purging() is True
    assert began.wait(60)
