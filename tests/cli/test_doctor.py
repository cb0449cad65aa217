"""`belowline doctor`: what is wrong, and how to mend it; nothing where all is well."""

import re
import subprocess
import sys

import pytest
from click.testing import CliRunner
from django.utils import timezone

from belowline.cli import doctor as module
from belowline.limits.proxies import parse_proxies

INIT = ["--name", "The Gazette", "--key", "gazette", "--domain", "gazette.example", "--email", "chief@gazette.example"]
MAIL = {"BELOWLINE_EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


@pytest.fixture
def belowline(environment, tmp_path):
    def call(*arguments, **changes):
        return subprocess.run(
            [sys.executable, "-m", "belowline", *arguments],
            env=environment | MAIL | changes,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return call


def findings(done):
    """{what was looked at: the problem, or ""}."""
    lines = re.findall(r"^\s*(ok|wrong)\s+([a-z ]+?)(?:: (.*))?$", done.stdout, re.MULTILINE)
    return {name: problem if mark == "wrong" else "" for mark, name, problem in lines}


@pytest.mark.usefixtures("tables")
@pytest.mark.slow
def test_a_healthy_newsroom(belowline):
    assert belowline("init", *INIT).returncode == 0
    done = belowline("doctor")

    assert done.returncode == 0, done.stdout
    assert findings(done) == dict.fromkeys([name for name, _, _ in module.LOOKS], "")
    assert "mend" not in done.stdout


def test_before_anything_was_set_up(belowline):
    """Everything is looked at, whatever fails, and everything says how to mend it."""
    done = belowline("doctor")
    found = findings(done)

    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert list(found) == [name for name, _, _ in module.LOOKS]
    for name in ("secret key", "data folder and disk", "database", "tables", "site", "staff"):
        assert found[name], name
    assert found["engine"] == ""
    assert "mend: run `belowline init`" in done.stdout
    assert done.stdout.count("mend:") == sum(bool(problem) for problem in found.values())


# --- each look, in this process


@pytest.fixture
def look():
    looks = {name: call for name, call, _ in module.LOOKS}
    return lambda name: looks[name]()


@pytest.mark.parametrize(
    "name", ["secret key", "database", "tables", "policy", "engine", "tasks", "data folder and disk"]
)
def test_all_is_well(db, look, name):
    assert look(name) == ""


def test_a_newsroom_without_anybody(db, look):
    assert look("tables") == ""
    assert look("site") == "there is none"
    assert look("staff") == "nobody can decide about comments"


def test_a_mail_server_that_does_not_answer(belowline):
    done = belowline(
        "doctor",
        BELOWLINE_EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend",
        BELOWLINE_SMTP_HOST="127.0.0.1",
        BELOWLINE_SMTP_PORT="9",
    )

    assert done.returncode == 1
    assert "ConnectionRefusedError" in findings(done)["mail"]
    assert "mend: set BELOWLINE_SMTP_HOST" in done.stdout


def test_a_folder_that_is_not_there(look, settings, tmp_path):
    settings.DATA_DIR = tmp_path / "none"

    assert "does not exist" in look("data folder and disk")


def test_little_room(look, monkeypatch):
    monkeypatch.setattr(module, "MIN_FREE_BYTES", 1 << 60)

    assert re.match(r"only \d+ MB are free", look("data folder and disk"))


def test_a_site_without_domains(look, site):
    assert look("site") == ""
    site.domains = []
    site.save()

    assert look("site") == "gazette has no domain, so no page may show its comments"


@pytest.mark.parametrize(
    ("role", "is_active", "is_well"), [("moderator", True, True), ("admin", True, True), ("admin", False, False)]
)
def test_staff(look, account, role, is_active, is_well):
    account("Chief", role, is_active=is_active)

    assert (look("staff") == "") is is_well


def test_staff_of_each_site(look, local, site, other_site):
    assert look("staff") == "nobody can decide about comments"
    local(site)
    local(other_site, "auditor", name="Courier's auditor")
    local(other_site, "admin", "sport", name="Courier's sport")
    assert look("staff") == "nobody can decide about comments on courier"

    local(other_site, "senior", name="Courier's senior")
    assert look("staff") == ""


def test_a_policy_that_cannot_be_read(look, site):
    from belowline.moderation.models import PolicyVersion

    PolicyVersion.objects.update(text="this is not TOML")
    [finding] = [entry for entry in module.examine() if entry.name == "policy"]

    assert "PolicyError" in finding.problem
    assert "belowline policy" in finding.mend


def test_an_engine_that_cannot_be_loaded(db, monkeypatch):
    from belowline.engine.errors import ModelError
    from belowline.moderation import engine

    def fail():
        raise ModelError("the model `abuse` is damaged")

    monkeypatch.setattr(engine, "base_engine", fail)
    [finding] = [entry for entry in module.examine() if entry.name == "engine"]

    assert "the model `abuse` is damaged" in finding.problem


def test_signals_that_fail(db, look, monkeypatch):
    from belowline.moderation import engine

    class Broken:
        name, scores, version = "links", ("links",), "links-0"

        def measure(self, prepared):
            raise RuntimeError

    whole = engine.base_engine()
    broken = type(whole)([*(signal for signal in whole.signals if signal.name != "links"), Broken()], whole.policy)
    monkeypatch.setattr(engine, "base_engine", lambda: broken)

    assert look("engine") == "these scores cannot be computed: links"


@pytest.mark.parametrize(("minutes", "problem"), [(9, ""), (11, "1 tasks have waited for more than 10 minutes")])
def test_work_that_nobody_does(look, held, decide, minutes, problem):
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()  # what the story's own text gave to do
    decide(held)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - timedelta(minutes=minutes), run_after=timezone.now())

    assert look("tasks") == problem


def test_a_comment_that_waits_nowhere(look, held):
    from belowline.moderation.queue_entries import QueueEntry

    assert look("queues") == ""
    QueueEntry.objects.all().delete()

    assert look("queues") == "1 comments wait in the wrong queue, or in none"


def test_the_queues_are_written_anew(db, held, monkeypatch):
    from click.testing import CliRunner

    from belowline.moderation.queue_entries import QueueEntry

    QueueEntry.objects.all().delete()
    monkeypatch.setattr(module, "LOOKS", tuple(look for look in module.LOOKS if look[0] == "queues"))
    done = CliRunner().invoke(module.doctor, ["--recount"])

    assert done.output.splitlines()[:2] == [
        "ok  queues written anew: 1 comments waited in the wrong place",
        "ok  queues",
    ]
    assert QueueEntry.objects.get().comment == held


def test_every_look_says_how_to_mend():
    for name, call, mend in module.LOOKS:
        assert name
        assert callable(call)
        assert len(mend) > 10


@pytest.mark.slow
def test_the_judgement_alone(belowline):
    without = belowline("doctor", "--engine-only")
    belowline("keys", "create", "our site")
    done = belowline("doctor", "--engine-only")

    assert without.returncode == 1
    assert "data folder" in without.stdout
    assert done.returncode == 0, done.stdout
    assert re.findall(r"^ *ok  (.+)$", done.stdout, re.MULTILINE) == [name for name, _, _ in module.ENGINE_LOOKS]


def test_no_api_key(db, settings):
    look = next(look for name, look, _ in module.ENGINE_LOOKS if name == "API keys")

    assert look() == "there is none, so every call is refused"
    settings.API_KEYS_REQUIRED = False
    assert look() == ""


def test_a_webhook_that_is_off(webhook, look):
    row = webhook()
    assert look("webhooks") == ""

    row.disabled_at, row.disabled_because = timezone.now(), "the endpoint answered 410"
    row.save()
    assert look("webhooks") == f"{row.pk} is off: the endpoint answered 410"


def test_what_is_kept_how_long(capsys):
    module.show_kept()

    said = capsys.readouterr().out
    assert "texts of comments that were rejected or removed" in said
    assert "214 days" in said


@pytest.mark.parametrize(
    ("options", "said"),
    [(["--repair"], "--repair goes with --deep"), (["--deep", "--engine-only"], "of which the engine alone has none")],
)
def test_options_that_do_not_go_together(options, said):
    done = CliRunner().invoke(module.doctor, options)

    assert done.exit_code == 2
    assert said in done.output


@pytest.mark.parametrize(
    ("url", "proxies", "behind", "is_well"),
    [
        ("http://localhost:8000", [], False, True),
        ("https://comments.gazette.example", [], False, False),
        ("https://comments.gazette.example", ["127.0.0.1"], False, True),
        ("https://comments.gazette.example", [], True, True),
    ],
)
def test_a_proxy_that_nobody_has_named(look, settings, url, proxies, behind, is_well):  # noqa: PLR0917
    settings.BASE_URL, settings.BEHIND_PROXY = url, behind
    settings.TRUSTED_PROXIES = parse_proxies(proxies)

    assert (look("proxies") == "") is is_well


def test_a_redis_that_does_not_answer(look, settings):
    assert look("redis") == ""
    settings.REDIS_URL = "redis://127.0.0.1:1/0"

    assert look("redis").startswith("Redis does not answer (ConnectionError)")
