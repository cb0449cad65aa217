"""The cast of every test: a paper, its story, readers, moderators, strangers; and settings for tests."""

import fcntl
import gc
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing, contextmanager
from copy import copy
from functools import lru_cache
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from belowline.engine.policy import parse_policy

# Settings are read before this file: what tests need is put into them here, and into the environment of processes.
DATA = tempfile.TemporaryDirectory(prefix="belowline-tests-")
settings.DATA_DIR = Path(DATA.name)
MIGRATED = Path(DATA.name) / "migrated.sqlite3"
settings.SECRET_KEY = "only-for-tests-" * 4
settings.DEMO = settings.DEBUG = False
settings.BASE_URL = "http://localhost:8000"
settings.SLOW_SECONDS, settings.POSTS_PER_10_MINUTES = 0, 1_000  # tests post faster than people
settings.SECOND_OPINION_PERCENT = 0  # chance has no place in most tests
settings.LIMITS = dict.fromkeys(settings.LIMITS, ())
settings.LIMITS_FILE, settings.REDIS_URL = None, ""  # each test counts in memory, and begins anew
MEMORY = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}  # both are one: cache.clear() empties both
settings.CACHES = {"default": MEMORY, "kept": MEMORY}
settings.EMAIL_FILE_PATH = str(Path(DATA.name) / "mail")
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in a newsroom: threads see each other's work, one writer at a time.
    # What tests write need not outlive a power cut; tests/config and tests/faults look after what a newsroom's must.
    database = settings.DATABASES["default"]
    database.setdefault("TEST", {})["NAME"] = str(Path(DATA.name) / "test.sqlite3")
    quick = database["OPTIONS"]["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    database["OPTIONS"] = database["OPTIONS"] | {"init_command": quick}
else:
    settings.DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"

hypothesis.settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
hypothesis.settings.load_profile("house")

QUIET = "A quiet remark about the harbour bridge and its tolls."
HELD = "What a wombat of a harbour bridge this is."
LOUD = "THIS WHOLE BRIDGE IS A SCANDAL AND EVERYBODY KNOWS IT NOW"


def pytest_configure(config):
    """Thousands of tests are collected, and stay: looking through them for garbage would take a tenth of the time."""
    gc.disable()
    config.addinivalue_line("markers", "xdist_group(name): runs in one process; also where there is no xdist")


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups, and pytest the marks
def pytest_collection_modifyitems(items):
    """Mark what uses the database; and let what shares a module's fixture run where it was made, once."""
    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs if isinstance(item, pytest.Function) else {}
        if {"db", "transactional_db"} & fixtures.keys() or item.get_closest_marker("django_db"):
            item.add_marker("database")
        is_shared = any(definition[-1].scope == "module" for definition in fixtures.values())
        if is_shared and not item.get_closest_marker("xdist_group"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def pytest_collection_finish(session):
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)  # a page makes and drops thousands of objects
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker, tmp_path_factory):
    """Let the first process of a run make the tables by the migrations, on each kind of database; others copy them."""
    from django.db import connection

    if "PYTEST_XDIST_WORKER" not in os.environ:
        yield
        return
    shared, creation = tmp_path_factory.getbasetemp().parent / "tables", connection.creation
    shared.mkdir(exist_ok=True)
    make, made = creation.create_test_db, []

    def create(**options):
        with locked(shared / "lock"):
            if not (shared / "made").exists():
                name = make(**options)
                keep_tables(connection, shared / "made")
                made.append(name)
                return name
            name = creation._get_test_db_name()
            copy_tables(connection, shared / "made", name)
        connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = name
        connection.ensure_connection()
        return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(creation, "create_test_db", create)
        yield
    if made:
        with locked(shared / "lock"), django_db_blocker.unblock():  # a process that starts later makes its own
            forget_tables(connection, shared / "made")


@contextmanager
def locked(path):
    """Let one process of the run at a time do it."""
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # until the file is closed
        yield


def keep_tables(connection, kept):
    """Keep the tables of the test database: SQLite's in the file `kept`, PostgreSQL's in a database that it names.

    A run that was killed leaves it behind on the server; the next one makes it anew.
    """
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(name)) as ours, closing(sqlite3.connect(kept)) as copied:
            ours.backup(copied)
        return
    copied = f"{name.rpartition('_')[0]}_tables"
    copy_database(connection, name, copied)
    kept.write_text(copied, "ascii")


def copy_tables(connection, kept, name):
    """Make a test database of the tables that were kept."""
    if connection.vendor == "sqlite":
        shutil.copy(kept, name)
    else:
        copy_database(connection, kept.read_text("ascii"), name)
    connection.close()


def forget_tables(connection, kept):
    """Take away what was kept."""
    if connection.vendor != "sqlite":
        with connection.creation._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {connection.ops.quote_name(kept.read_text('ascii'))}")
    kept.unlink()


def copy_database(connection, name, copied):
    """Copy a database of the PostgreSQL server that nobody is connected to."""
    connection.close()
    name, copied = map(connection.ops.quote_name, (name, copied))
    with connection.creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {copied}")
        cursor.execute(f"CREATE DATABASE {copied} TEMPLATE {name}")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Keep the tables as they are before the first test, for processes with a database of their own."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and Path(database["NAME"]).exists():  # not where no test asks for it
        with closing(sqlite3.connect(database["NAME"])) as ours, closing(sqlite3.connect(MIGRATED)) as kept:
            ours.backup(kept)


@pytest.fixture(scope="session", autouse=True)
def tables_are_emptied_quickly():
    """By deleting the few rows: PostgreSQL makes every file of a truncated table anew, and there are a hundred."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    truncate = DatabaseOperations.sql_flush

    def delete(self, style, tables, *, reset_sequences=False, allow_cascade=False):
        if reset_sequences:
            return truncate(self, style, tables, reset_sequences=True, allow_cascade=allow_cascade)
        return [f"DELETE FROM {self.quote_name(table)}" for table in tables]  # noqa: S608 - names of our own tables

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "sql_flush", delete)
        yield


@pytest.fixture(scope="session", autouse=True)
def policies_are_parsed_once():
    """Most tests let the same few texts act, which each of them would parse four times."""
    from belowline.moderation import models
    from belowline.moderation.actions import activate_policy

    parse = lru_cache(maxsize=256)(parse_policy)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(models, "parse_policy", parse)
        patch.setattr(activate_policy, "parse_policy", parse)
        yield


@pytest.fixture(scope="session", autouse=True)
def texts_are_read_once():
    """Most tests post the same few texts, which the two large models would read anew in each; tests/engine tests these.

    The engine of the newsroom is another than those that tests of the engine load.
    """
    from belowline.engine.judge import Engine
    from belowline.engine.signals.base import Prepared
    from belowline.moderation import engine

    load = engine.shared_engine

    def remember(signal):
        if signal.name not in {"abuse", "topic"}:
            return signal
        read = lru_cache(maxsize=2_000)(lambda submission, of_site: signal.measure(Prepared(submission, of_site)))
        known = copy(signal)
        known.measure = lambda prepared: dict(read(prepared.submission, prepared.settings))
        return known

    def remembering():
        loaded = load()
        return Engine(map(remember, loaded.signals), loaded.policy)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "shared_engine", remembering)
        yield


@pytest.fixture(scope="session")
def put_tables(django_db_setup):
    """Put a database with all tables and nothing in them into a folder: what `belowline migrate` makes in seconds."""

    def put(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if not MIGRATED.exists():  # no test of this run uses a database in its own process, or that is PostgreSQL
            migrate = [sys.executable, "-m", "belowline", "migrate"]
            given = environment_of(MIGRATED.parent / "migrated") | {"BELOWLINE_SECRET_KEY": settings.SECRET_KEY}
            subprocess.run(migrate, env=given, check=True, capture_output=True, timeout=600)
            shutil.copy(MIGRATED.parent / "migrated/belowline.sqlite3", MIGRATED)
        shutil.copy(MIGRATED, folder / "belowline.sqlite3")

    return put


@pytest.fixture
def tables(put_tables, tmp_path):
    """The data folder of `environment` has its tables already."""
    put_tables(tmp_path / "data")


@pytest.fixture
def environment(tmp_path):
    """The environment for a process of its own."""
    return environment_of(tmp_path / "data")


def environment_of(folder):
    """Return an environment with a data folder, SQLite, and nothing of ours inherited."""
    ours = ("BELOWLINE_", "DATABASE_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return clean | {"BELOWLINE_DATA_DIR": str(folder), "PYTHONUTF8": "1"}


@pytest.fixture(scope="session", autouse=True)
def static_files_are_found_once():
    """Else each new client of a test looks for all of them anew."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    find, found = WhiteNoiseMiddleware.add_files_from_finders, {}

    def add_what_was_found(middleware):
        if middleware.static_prefix not in found:
            find(middleware)
            found[middleware.static_prefix] = dict(middleware.files)
        middleware.files.update(found[middleware.static_prefix])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", add_what_was_found)
        yield


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    """Forget what processes remember for good: ids begin anew in every test."""
    from django.core.cache import cache

    from belowline.limits import stores
    from belowline.moderation import engine
    from belowline.stream import frames

    cache.clear()
    stores.memory.clear()
    engine._engine.cache_clear()
    engine._policy.cache_clear()
    monkeypatch.setattr(frames, "_cached", (float("-inf"), []))


@pytest.fixture
def policy_text():
    """Build a small policy about banned words, links and shouting; `reject` lets the machine refuse banned words.

    Nothing is drawn for audits but where `audit_share` says so: chance has no place in most tests.
    """

    def build(
        *,
        name="Small",
        sentence="Be brief and kind.",
        banned=("wombat",),
        reject=None,
        unchecked="ignore",
        audit_share=0.0,
    ):
        tables = [
            ("banned_word", "Words that we do not publish", "banned_word", 0.5, "“{excerpt}” is not published here."),
            ("links", "Links", "links", 0.5, "There are {evidence}."),
            ("shouting", "Shouting", "shouting", 0.6, "“{excerpt}” is shouted."),
        ]
        words = ", ".join(f'"{word}"' for word in banned)
        head = f'[policy]\nname = "{name}"\nsentence = "{sentence}"\n\n[settings]\nbanned_words = [{words}]\n'
        head += f"audit_share = {audit_share}\n"
        return head + "".join(
            f'\n[rules.{code}]\ntitle = "{title}"\nscore = "{score}"\nhold = {hold}\n'
            + (f"reject = {reject}\n" if reject is not None and code == "banned_word" else "")
            + f'unchecked = "{unchecked}"\nfor_readers = "For readers: {title}."\n'
            f'for_moderators = "For moderators: {title}."\nexplanation = "{explanation}"\n'
            for code, title, score, hold, explanation in tables
        )

    return build


@pytest.fixture
def activate(policy_text):
    """Let a small policy act on a site."""
    from belowline.moderation.actions.activate_policy import activate_policy

    def call(site, **changes):
        return activate_policy(site=site, text=policy_text(**changes))

    return call


@pytest.fixture
def site(db, activate):
    """A paper whose small policy decides predictably."""
    from belowline.stories.models import Site

    made = Site.objects.create(
        key="gazette", name="The Gazette", domains=["gazette.example"], contact_email="editor@gazette.example"
    )
    activate(made)
    return made


@pytest.fixture
def other_site(db):
    """Another paper on the same server, under the policy that is shipped."""
    from belowline.stories.models import Site

    return Site.objects.create(key="courier", name="The Courier", domains=["courier.example"])


@pytest.fixture
def make_story():
    """Make a story of a site."""
    from belowline.stories.actions.save_story import save_story
    from belowline.stories.models import Story

    def make(site, key="bridge", **fields):
        fields = {
            "title": "Harbour bridge closed for repairs",
            "body": "The harbour bridge is closed until May.\nIts tolls pay for new cables, the council says.",
            "section": "news",
            "url": f"https://{site.domains[0]}/news/{key}",
        } | fields
        save_story(site=site, key=key, **fields)
        return Story.objects.select_related("site").get(site=site, key=key)

    return make


@pytest.fixture
def story(site, make_story):
    """The story that most tests are about."""
    return make_story(site)


@pytest.fixture
def other_story(site, make_story):
    """Another story of the same paper."""
    return make_story(site, "goose", title="Goose stops tram", body="A goose stopped the tram for an hour.")


@pytest.fixture
def account(db):
    """Make an account, with an address that counts as verified."""
    from allauth.account.models import EmailAddress

    from belowline.accounts.models import User

    def make(name, role="reader", *, verified=True, **fields):
        if "email" not in fields:
            fields["email"] = f"{User.objects.count()}@reader.example"
        user = User.objects.create_user(display_name=name, role=role, **fields)
        EmailAddress.objects.create(user=user, email=user.email, verified=verified, primary=True)
        return user

    return make


@pytest.fixture
def reader(account):
    return account("Marjorie Tench", email="marjorie@reader.example")


@pytest.fixture
def other_reader(account):
    return account("Ken Stubbs", email="ken@reader.example")


@pytest.fixture
def moderator(account):
    return account("Gazette Desk", "moderator", email="desk@gazette.example")


@pytest.fixture
def other_moderator(account):
    return account("Night Desk", "moderator", email="night@gazette.example")


@pytest.fixture
def senior(account):
    return account("Chief Desk", "senior", email="chief@gazette.example")


@pytest.fixture
def auditor(account):
    """Reads everything on the desk, and decides nothing."""
    return account("Gazette Auditor", "auditor", email="auditor@gazette.example")


@pytest.fixture
def local(account):
    """Make a member of staff who holds a role on one site, or in a section of it."""
    from belowline.accounts.actions.grant_role import grant_role

    def make(site, role="moderator", section="", name="Local Desk"):
        user = account(name)
        grant_role(user=user, role=role, by=None, site=site, section=section)
        return user

    return make


@pytest.fixture
def admin(account):
    return account("Gazette Editor", "admin", email="editor@gazette.example")


@pytest.fixture
def sign_in():
    """A browser in which somebody has signed in."""
    from django.test import Client

    def call(user, **options):
        client = Client(**options)
        client.force_login(user)
        return client

    return call


@pytest.fixture
def stranger():
    """A browser in which nobody has signed in."""
    from django.test import Client

    return Client()


@pytest.fixture
def as_reader(sign_in, reader):
    return sign_in(reader)


@pytest.fixture
def as_other_reader(sign_in, other_reader):
    return sign_in(other_reader)


@pytest.fixture
def as_moderator(sign_in, moderator):
    return sign_in(moderator)


@pytest.fixture
def as_other_moderator(sign_in, other_moderator):
    return sign_in(other_moderator)


@pytest.fixture
def as_senior(sign_in, senior):
    return sign_in(senior)


@pytest.fixture
def as_auditor(sign_in, auditor):
    return sign_in(auditor)


@pytest.fixture
def as_admin(sign_in, admin):
    return sign_in(admin)


@pytest.fixture
def post(story, reader):
    """Post a comment through the real action; returns what it returns."""
    from itertools import count

    from belowline.moderation.actions.post_comment import post_comment

    numbers = count(1)

    def call(text=QUIET, *, author=reader, story=story, parent=None, key=None, **more):
        return post_comment(
            story=story,
            author=author,
            text_source=text,
            parent=parent,
            idempotency_key=key or f"key-{next(numbers)}",
            **more,
        )

    return call


@pytest.fixture
def published(post):
    return post(QUIET).comment


@pytest.fixture
def held(post):
    return post(HELD).comment


@pytest.fixture
def give_notice(published):
    """Send a notice of illegal content through the real action; returns it."""
    from belowline.moderation.actions.submit_notice import NoticeText, submit_notice

    def call(comment=published, **changes):
        text = NoticeText(
            category="VIOLENCE",
            explanation="The last sentence threatens the ferryman by name.",
            name="Ada Birch",
            email="ada@notifier.example",
            in_good_faith=True,
        )
        return submit_notice(comment=comment, text=text._replace(**changes))

    return call


@pytest.fixture
def report(published, other_reader):
    """Report a comment through the real action; returns the report."""
    from belowline.moderation.actions.report_comment import report_comment

    def call(comment=published, by=other_reader, category="abuse", text="He insults the ferryman."):
        return report_comment(comment=comment, reporter=by, category=category, text_source=text)

    return call


@pytest.fixture
def reporter(account, story, moderator):
    """Make an account with a record: so many reports that were right, and wrong, each of another author's comment."""
    from datetime import timedelta
    from itertools import count

    from django.utils import timezone

    from belowline.comments.models import Comment
    from belowline.moderation.models import Report

    numbers = count(1)

    def call(right=0, wrong=0, *, one_author=None, category="abuse", ago=None, by=moderator, user=None):
        user = user or account(f"Reporter {next(numbers)}")
        for state in ["accepted"] * right + ["declined"] * wrong:
            number = next(numbers)
            comment = Comment.objects.create(
                story=story,
                author=one_author or account(f"Reported {number}"),
                status="removed" if state == "accepted" else "published",
                text_source="Long ago.",
                body_html="",
                text_key="",
                idempotency_key=f"reported-{number}",
                **dict.fromkeys(("band_0", "band_1", "band_2", "band_3"), 0),
            )
            at = timezone.now() - (ago or timedelta(days=2))
            Report.objects.create(
                comment=comment, reporter=user, category=category, state=state, decided_by=by, decided_at=at
            )
        Report.objects.filter(reporter=user).update(created_at=timezone.now() - timedelta(days=3))
        return user

    return call


@pytest.fixture
def decide(moderator):
    """Decide about a comment as the moderator."""
    from belowline.moderation.actions.decide_comment import decide_comment

    def call(comment, outcome="publish", *, rule="", by=moderator, **more):
        return decide_comment(comment=comment, moderator=by, outcome=outcome, rule=rule, **more)

    return call


@pytest.fixture
def rejected(held, decide):
    """A comment that the moderator has rejected, with a note."""
    decide(held, "reject", rule="banned_word", note_to_author="Leave the animal out.")
    held.refresh_from_db()
    return held


@pytest.fixture
def removed(published, moderator):
    """A published comment that the moderator has removed."""
    from belowline.moderation.actions.remove_comment import remove_comment

    remove_comment(comment=published, moderator=moderator, rule="links")
    published.refresh_from_db()
    return published


@pytest.fixture
def appeal(rejected, reader):
    """What the author says against the rejection."""
    from belowline.moderation.actions.submit_appeal import submit_appeal

    return submit_appeal(comment=rejected, author=reader, text_source="A wombat is an animal.")


@pytest.fixture
def settle(request):
    """Decide an appeal as the moderator who did not decide first; who that is, is made when it is needed."""
    from belowline.moderation.actions.decide_appeal import decide_appeal

    def call(appeal, state="overturned", *, reason="It is about an animal.", by=None):
        moderator = by or request.getfixturevalue("other_moderator")
        return decide_appeal(appeal=appeal, moderator=moderator, state=state, reason=reason)

    return call


@pytest.fixture
def sanction(request, reader, site):
    """Take a measure against the reader through the real action; a ban is an administrator's."""
    from belowline.moderation.actions.sanction_commenter import sanction_commenter

    def call(kind="suspend", *, user=reader, by=None, rule="banned_word", site=site, **more):
        by = by or request.getfixturevalue("admin" if kind == "ban" else "moderator")
        hours = more.pop("hours", 24 if kind in {"suspend", "premoderate"} else None)
        words = more.pop("words", "You were asked to leave the animals out.")
        return sanction_commenter(user=user, by=by, kind=kind, rule=rule, words=words, hours=hours, site=site, **more)

    return call


@pytest.fixture
def certificate_for():
    """What a calibration would have proved of a policy's text."""
    from datetime import UTC, datetime

    from belowline.engine.guarantees import Certificate, Figures, Part, Promise, Rate
    from belowline.engine.policy import parse_policy

    def build(text, *, bad_published=0.01, confidence=0.95, status="calibrated", about=None):
        nothing = Rate(errors=0, of=400, rate=0.0, bound=0.008)
        figures = Figures(published=400, rejected=0, coverage=0.9, bad_published=nothing, good_refused=nothing)
        return Certificate(
            status=status,
            promise=Promise(bad_published=bad_published, good_refused=0.0, confidence=confidence),
            bounds_at=confidence,
            made_at=datetime(2026, 11, 1, tzinfo=UTC),
            history=800,
            path=Part(decisions=400, first_at=None, last_at=None),
            test=Part(decisions=400, first_at=None, last_at=None),
            before=figures,
            after=figures,
            rules={},
            sections={},
            languages={},
            unknown_rules={},
            policy_before="small@000000000000",
            policy_after=about or parse_policy(text).version,
            models={"abuse@1": 800},
        )

    return build


@pytest.fixture
def certified(site, policy_text, certificate_for):
    """The policy version of the site, with a promise of 1 %, under which everything settled is drawn for an audit."""
    from belowline.moderation.actions.activate_policy import activate_policy

    text = policy_text(audit_share=1.0, reject=0.9)
    return activate_policy(site=site, text=text, certificate=certificate_for(text))


@pytest.fixture
def review(post, moderator):
    """Post a comment that the machine settles, and answer its audit."""
    from itertools import count

    from belowline.moderation.actions.review_audit import review_audit
    from belowline.moderation.models import Audit

    numbers = count(1)

    def call(outcome="publish", rule="", *, text=None, by=moderator, **more):
        comment = post(text or f"{QUIET} Remark {next(numbers)}.", **more).comment
        audit = Audit.objects.get(decision__comment=comment)
        return review_audit(audit=audit, reviewer=by, outcome=outcome, rule=rule)

    return call


@pytest.fixture
def escalated(request, moderator):
    """Leave a comment (a held one) to somebody senior, or ask a colleague, as the moderator; returns the escalation."""
    from belowline.moderation.actions.escalate_comment import escalate_comment

    request.getfixturevalue("admin")  # somebody must be there to answer

    def call(colleague=None, *, comment=None, by=moderator, note="Is this about a living person?"):
        comment = comment or request.getfixturevalue("held")
        return escalate_comment(comment=comment, by=by, note=note, colleague=colleague)

    return call


@pytest.fixture
def is_sqlite():
    """Whether the tests run on SQLite."""
    return settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")


@pytest.fixture(scope="session")
def encoder_files():
    """The two files of a tiny encoder, as bytes: graph and tokenizer."""
    from tiny_encoder import tiny_files

    return tiny_files()


@pytest.fixture(scope="session")
def first_file():
    """The graph of a tiny first stage, as bytes: it doubts texts with "idiot" and no others."""
    from tiny_encoder import tiny_first

    return tiny_first()


ELSEWHERE = (
    "My new telephone keeps losing its battery after two hours. Which brand would you recommend, and does anybody know "
    "a cheap repair shop for cracked screens? The camera also takes blurry pictures of my cat."
)
FERRY = """The council has found the money to keep the Ravel Island ferry running through the winter, after islanders
collected 2,000 signatures against the planned stop of the service.
The ferry carries schoolchildren, nurses and the post. Last January it stood still for nine weeks because its engine
was being repaired and no other boat could be hired.
Harbour master Ines Calder said the second boat will be bought from the bridge toll fund. Fares rise by a tenth.
Opponents on the council called the plan a gamble with the taxpayers' money and asked for a bridge instead.
"""
TELEPHONES = """We tried nine new telephones. The battery of most keeps for a day, that of two brands for two hours.
Cracked screens are what a repair shop sees most, and a cheap repair costs a third of the telephone.
The camera of the cheapest brand takes blurry pictures, of cats above all, because they never sit still.
"""
TOPIC_RULES = """
[rules.off_topic]
title = "Off topic"
score = "off_topic"
hold = 0.5
for_readers = "Stay with the article."
for_moderators = "Neither about the article nor an answer."
explanation = "This seems to be about something else than “{story}”. The nearest part: “{evidence}”"

[rules.message]
title = "A message to us"
score = "watched_word"
hold = 0.5
for_readers = "Messages go to the newsroom."
for_moderators = "Read it as a message."
explanation = "It went to our newsroom."
desk = "newsroom"
"""


@pytest.fixture
def topic_site(site, policy_text):
    """The paper with rules on the topic, and on "paywall", which leads to the newsroom."""
    from belowline.moderation.actions.activate_policy import activate_policy

    text = policy_text().replace("[settings]", '[settings]\nwatched_words = ["paywall"]') + TOPIC_RULES
    activate_policy(site=site, text=text)
    return site


@pytest.fixture
def correcting_site(topic_site, policy_text):
    """The paper whose corrections desk is told of "mistake", in the background."""
    from belowline.moderation.actions.activate_policy import activate_policy

    rules = TOPIC_RULES.replace('desk = "newsroom"', 'desk = "corrections"\nbackground = true')
    text = policy_text().replace("[settings]", '[settings]\nwatched_words = ["mistake"]') + rules
    activate_policy(site=topic_site, text=text)
    return topic_site


@pytest.fixture
def ferry(topic_site, make_story):
    """A story with a text that is long enough to compare with."""
    return make_story(topic_site, "ferry", title="Ferry to Ravel Island will run all winter", body=FERRY)


@pytest.fixture
def off_topic(ferry, post):
    """A comment that waits only because it seems to be about something else."""
    return post(ELSEWHERE, story=ferry).comment


@pytest.fixture
def telephones():
    """What makes of the ferry a story that `off_topic` fits."""
    return {"title": "Which new telephone keeps its battery longest, and where to repair it", "body": TELEPHONES}


@pytest.fixture
def message(topic_site, post):
    """A comment that waits at the newsroom's desk."""
    return post("Your paywall hides the page about the harbour bridge and its tolls from me.").comment


@pytest.fixture
def correction(correcting_site, post):
    """A published comment that the corrections desk shall look at."""
    return post("There is a mistake about the tolls of the harbour bridge.").comment


class Publisher:
    """A publisher's system that signs tokens with one key of ours."""

    def __init__(self, private, key):
        self.private, self.key = private, key

    def claims(self, **changes):
        """The claims of a good token; None takes one away."""
        import time
        import uuid

        now = int(time.time())
        person = {"id": "r-7", "email": "zoe@gazette.example", "username": "Zoë Pascoe"}
        ours = {
            "iss": "https://gazette.example",
            "aud": settings.BASE_URL,
            "sub": "r-7",
            "name": "Zoë Pascoe",
            "email": "zoe@gazette.example",
            "email_verified": True,
        }
        both = {"iat": now, "exp": now + 300, "jti": uuid.uuid4().hex}
        found = both | ({"user": person} if self.key.kind == "coral" else ours) | changes
        return {name: value for name, value in found.items() if value is not None}

    def token(self, *, headers=None, **changes):
        """A good token but for the changes, which may be of any type."""
        import json

        import jwt

        headers = {"kid": self.key.kid} if headers is None else headers
        payload = json.dumps(self.claims(**changes)).encode()
        return jwt.PyJWS().encode(payload, self.private, algorithm=self.key.algorithm, headers=headers)


@pytest.fixture
def publisher(site):
    """Make a publisher whose key we know; by default The Gazette's, with Ed25519."""
    from belowline.accounts.actions.add_sso_key import add_sso_key, new_pair
    from belowline.accounts.models import SsoKey

    def make(algorithm="EdDSA", **fields):
        private, material = new_pair(algorithm)
        fields = {"issuer": "" if fields.get("kind") == "coral" else "https://gazette.example"} | fields
        key = SsoKey(**{"site": site, "algorithm": algorithm, "material": material} | fields)
        return Publisher(private, add_sso_key(key=key))

    return make


@pytest.fixture
def written(story, reader):
    """Write a comment that no engine has looked at, published unless a status is named: quick."""
    from itertools import count

    from belowline.comments.actions.create_comment import create_comment

    numbers = count(1)

    def call(text=QUIET, *, author=reader, story=story, parent=None, status="published"):
        comment = create_comment(
            story=story, author=author, text_source=text, parent=parent, idempotency_key=f"written-{next(numbers)}"
        )
        comment.change_status(status)
        return comment

    return call


@pytest.fixture
def hook(settings):
    """A server that takes messages as Slack, Mattermost and publishers do.

    `got` has what came, `raw` the headers and bodies; `status` is what it answers, with the headers in `answers`.
    """
    import json
    import threading
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.raw.append((dict(self.headers), body))
            self.server.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
            self.send_response(self.server.status)
            self.send_header("Content-Length", "2")
            for name, value in self.server.answers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_):
            """Say nothing."""

    settings.STORY_FETCH_PRIVATE = True
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    server.daemon_threads = True
    server.got, server.raw, server.answers, server.status = [], [], {}, 200
    server.address = f"http://127.0.0.1:{server.server_address[1]}/hooks/secret"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


@pytest.fixture
def channel(moderator):
    """Make a channel for digests as a row."""
    from belowline.notifications.channel_models import Channel

    def make(kind="slack", **fields):
        given = {"address": "https://hooks.example/T/B/secret", "label": "#desk", "frequency": "hourly"}
        given |= {"address": "", "label": "", "user": moderator} if kind == "mail" else {}
        return Channel.objects.create(kind=kind, added_by=moderator, **given | fields)

    return make


@pytest.fixture
def webhook(site):
    """Make a webhook of the site as a row; its address leads nowhere."""
    from belowline.notifications.webhooks.models import Webhook

    def make(**fields):
        return Webhook.objects.create(**{"site": site, "url": "https://cms.gazette.example/hooks/comments"} | fields)

    return make


@pytest.fixture
def kept_connection():
    """Let the test's connection outlive requests, as Django's test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
