"""Copies of the database: who is answered from one, that nobody sees old pages, and who stands in."""

import copy as copies
import logging
import socket
import sqlite3
import types
from contextlib import closing

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError, connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from belowline import replicas
from belowline.config.settings import database
from belowline.config.settings import replicas as read_replicas
from belowline.config.wsgi import django_application
from belowline.stream.page_cache import ThreadPageCache

ALIAS = "replica-1"
OLD, NEW = "A quiet remark about the harbour bridge and its tolls.", "The ferry should sail at night."
READ = ("stories_", "comments_", "accounts_", "moderation_", "auth", "django_", "account_", "notifications_", "mfa_")


def ensure_connection(database):
    if database.connection is None:
        with database.wrap_database_errors:
            database.connect()


@pytest.fixture
def there(settings):
    """Put a copy at an address into the settings of this process."""
    settings.REPLICAS = []

    def put(**changed):
        if ALIAS in connections.settings:
            connections[ALIAS].close()
            del connections[ALIAS]
        connections.settings[ALIAS] = copies.deepcopy(connections.settings["default"]) | changed
        settings.REPLICAS = [ALIAS]
        # Django's own tests may use only the databases that were there before them.
        connections[ALIAS].ensure_connection = types.MethodType(ensure_connection, connections[ALIAS])
        return connections[ALIAS]

    replicas._breaker.cache_clear()
    replicas._lags.clear()
    yield put
    if ALIAS in connections.settings:
        connections[ALIAS].close()
        del connections[ALIAS]
        del connections.settings[ALIAS]


@pytest.fixture
def copy(transactional_db, there, tmp_path):
    """Take a copy of the database as it is now; it stays as it is, whatever is written later."""
    yield lambda: there(**(_schema() if connection.vendor == "postgresql" else _file(tmp_path / "copy.sqlite3")))
    if connection.vendor == "postgresql":
        connections[ALIAS].close()
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA IF EXISTS old CASCADE")


def _file(path):
    with closing(sqlite3.connect(connection.settings_dict["NAME"])) as ours, closing(sqlite3.connect(path)) as copied:
        ours.backup(copied)
    return {"NAME": str(path)}


def _schema():
    """A stale copy without replication: the same tables, as they were, under another name."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS old CASCADE")
        cursor.execute("CREATE SCHEMA old")
        for table in connection.introspection.table_names():
            if table.startswith(READ):
                cursor.execute(f'CREATE TABLE old."{table}" AS TABLE public."{table}"')
    return {"OPTIONS": {"options": "-c search_path=old -c default_transaction_read_only=on"}}


@pytest.fixture
def asked(copy):
    """Answer a request, and say what the copy was asked meanwhile."""

    def call(path, client=None, **headers):
        client = client or Client()
        with CaptureQueriesContext(connections[ALIAS]) as caught:
            answer = client.get(path, **headers)
        return answer.content.decode(), [one["sql"] for one in caught.captured_queries]

    return call


@pytest.mark.parametrize("path", ["/discussion/{story}/", "/discussion/{story}/feed/", "/comments/{comment}/"])
def test_readers_are_answered_from_a_copy_that_has_come_as_far(copy, asked, published, path):
    copy()
    page, queries = asked(path.format(story=published.story_id, comment=published.pk))

    assert OLD in page
    assert len(queries) > 2
    assert any("text_source" in query or "body_html" in query for query in queries)


@pytest.mark.parametrize(
    "path",
    [
        "/discussion/{story}/",
        "/discussion/{story}/feed/",
        "/discussion/{story}/comments.json",
        "/discussion/{story}/fragment/",
        "/comments/{comment}/embed/",
    ],
)
def test_a_copy_that_is_behind_is_asked_how_far_it_is_and_no_more(copy, asked, published, post, path):
    copy()
    new = post(NEW).comment
    page, queries = asked(path.format(story=published.story_id, comment=new.pk))

    assert NEW in page
    assert [query for query in queries if "thread_version" not in query.partition("FROM")[0]] in ([], queries[:1])
    assert len(queries) <= 2


def test_whoever_is_signed_in_reads_what_they_have_just_written(copy, asked, story, as_reader):
    copy()
    form = {"text": NEW, "idempotency_key": "now"}
    with CaptureQueriesContext(connections[ALIAS]) as caught:
        answer = as_reader.post(f"/discussion/{story.pk}/post/", form, follow=True)

    assert NEW in answer.content.decode()
    page, queries = asked(f"/discussion/{story.pk}/", as_reader)
    assert NEW in page
    assert [*caught.captured_queries, *queries] == []


def test_kept_pages_are_exact(copy, wsgi_of, published, post):
    """A page is made from the copy under its version; with the next version it is made anew, from who knows it."""
    copy()
    pages = ThreadPageCache(django_application)
    path = f"/discussion/{published.story_id}/"
    assert OLD in wsgi_of(pages, path)
    post(NEW)
    assert NEW in wsgi_of(pages, path)
    copy()
    assert NEW in wsgi_of(pages, path)


@pytest.fixture
def wsgi_of():
    from django.test import RequestFactory

    def call(application, path):
        return b"".join(
            application(RequestFactory().get(path, HTTP_HOST="localhost").environ, lambda *_: None)
        ).decode()

    return call


def test_counts_are_as_old_as_the_copy(copy, asked, published, post):
    """For front pages, whose caches keep them for a minute anyway."""
    copy()
    post(NEW)
    path = f"/counts.json?site={published.story.site.key}&story={published.story.key}"

    body, queries = asked(path)
    assert '"' + published.story.key + '": 1' in body
    assert queries
    replicas._lags[replicas.os.getpid(), ALIAS] = (float("inf"), 31.0)
    if connection.vendor == "postgresql":
        assert ": 2}" in asked(path)[0], "but not older than half a minute"


def test_a_story_that_the_copy_does_not_know(copy, asked, site):
    from belowline.stories.models import Story

    copy()
    story = Story.objects.create(site=site, key="new", title="Brand new")

    assert "Brand new" in asked(f"/discussion/{story.pk}/")[0]


@pytest.mark.parametrize("path", ["/comments/99999999999999999999/", "/discussion/99999999999999999999/feed/"])
def test_an_id_that_is_none_says_nothing_of_the_copy(copy, site, path):
    copy()
    client = Client(raise_request_exception=False)
    client.get(path)

    assert not replicas.breaker(ALIAS).is_open


# --- a copy that is gone


@pytest.fixture
def nobody(there, tmp_path):
    """A copy at whose address nobody is."""
    if connection.vendor != "postgresql":
        return there(NAME=str(tmp_path / "no folder" / "copy.sqlite3"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return there(HOST="127.0.0.1", PORT=str(probe.getsockname()[1]))


@pytest.mark.django_db(transaction=True)
def test_the_database_stands_in(published, nobody, caplog):
    with caplog.at_level(logging.INFO, "belowline.limits"):
        pages = [Client().get(f"/discussion/{published.story_id}/").content.decode() for _ in range(3)]

    assert all(OLD in page for page in pages)
    assert [record.getMessage() for record in caplog.records] == [
        "the database's replica-1 does not answer (OperationalError): the database itself answers meanwhile"
    ]


@pytest.mark.parametrize(("error", "is_left"), [(OperationalError, True), (DatabaseError, False)])
def test_one_that_breaks_off_in_the_middle(copy, published, monkeypatch, error, is_left):
    from belowline.stream.views import thread

    copy()
    response, calls = thread.thread_response, []

    def broken(*arguments, **more):
        calls.append(replicas._reading.get())
        if calls[-1] == ALIAS:
            raise error("canceling statement due to conflict with recovery")
        return response(*arguments, **more)

    monkeypatch.setattr(thread, "thread_response", broken)

    assert OLD in Client().get(f"/discussion/{published.story_id}/").content.decode()
    assert calls == [ALIAS, "default"]
    assert replicas.breaker(ALIAS).is_open is is_left


@pytest.mark.skipif(connection.vendor != "postgresql", reason="a copy of SQLite is not asked how far it is")
def test_doctor_says_so(db, nobody):
    from belowline.cli.doctor import _copies

    assert _copies() == "replica-1 does not answer (OperationalError)"


# --- settings


def test_copies_are_read_only_and_never_waited_for():
    primary = database("postgres://db.example/comments")
    found = read_replicas("postgres://one.example/comments  postgres://two.example/comments?sslmode=require", primary)

    assert list(found) == ["replica-1", "replica-2"]
    assert found["replica-1"]["HOST"] == "one.example"
    assert found["replica-2"]["OPTIONS"] == {
        "connect_timeout": 2,
        "sslmode": "require",
        "options": "-c default_transaction_read_only=on",
    }
    assert read_replicas("", primary) == {}


@pytest.mark.parametrize(
    ("copy_url", "url"),
    [("sqlite:///copy", "postgres://db.example/x"), ("postgres://db.example/x", "sqlite:///x")],
)
def test_sqlite_has_no_copies(copy_url, url):
    with pytest.raises(ImproperlyConfigured, match="only PostgreSQL has copies"):
        read_replicas(copy_url, database(url))


def test_nothing_but_reading_goes_there():
    router = replicas.Router()
    with replicas.reading_from(ALIAS):
        assert router.db_for_read(None) == ALIAS
        assert router.db_for_write(None) == "default"
    assert router.db_for_read(None) == "default"
    assert router.allow_migrate(ALIAS, "comments") is False
    assert router.allow_migrate("default", "comments") is None
