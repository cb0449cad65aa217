"""`belowline doctor`: says what is wrong, and how to mend it."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

import click

MIN_FREE_BYTES = 500_000_000
STRANDED_MINUTES = 10
MOST_SHOWN = 20
"""Counters that are wrong, one on a line."""


class Finding(NamedTuple):
    """One thing that was looked at."""

    name: str
    problem: str
    """Empty: all is well."""
    mend: str = ""


@click.command()
@click.option("--engine-only", is_flag=True, help="Check what `belowline serve --engine-only` needs, and no more.")
@click.option("--recount", is_flag=True, help="First write the desk's queues anew, by what is true now.")
@click.option("--deep", is_flag=True, help="Count everything anew that is kept as a number, and compare; only reads.")
@click.option("--repair", is_flag=True, help="With --deep: write anew what is wrong, each story in one transaction.")
def doctor(engine_only: bool, recount: bool, deep: bool, repair: bool) -> None:  # noqa: FBT001 - a command's flags
    """Check the installation; exit status 1 when something is wrong."""
    if repair and not deep:
        raise click.UsageError("--repair goes with --deep")
    if deep and engine_only:
        raise click.UsageError("--deep counts comments, of which the engine alone has none")
    from belowline.cli.django import set_up

    if engine_only:
        os.environ["BELOWLINE_ENGINE_ONLY"] = "yes"
    set_up()
    if recount and not engine_only:
        from belowline.moderation.queueing import recount as write_anew

        click.echo(f"ok  queues written anew: {write_anew()} comments waited in the wrong place")
    findings = list(examine(ENGINE_LOOKS if engine_only else LOOKS))
    for finding in findings:
        mark = click.style("wrong", fg="red") if finding.problem else click.style("ok", fg="green")
        click.echo(f"{mark:>5}  {finding.name}" + (f": {finding.problem}" if finding.problem else ""))
        if finding.mend and finding.problem:
            click.echo(f"       mend: {finding.mend}")
    if not engine_only:
        show_kept()
    is_wrong = any(finding.problem for finding in findings)
    if deep:
        is_wrong |= not recounted(repair=repair)
    if is_wrong:
        raise SystemExit(1)


def show_kept() -> None:
    """Say what is kept how long on this server."""
    from belowline.retention.kinds import in_words

    click.echo("What is kept how long (docs/reference/retention.md):")
    for line in in_words():
        click.echo(f"       {line}")


def recounted(*, repair: bool) -> bool:
    """Compare every counter with what it counts, and say what is wrong; return whether all is right in the end."""
    from belowline.moderation.recounting import COUNTERS, describe, find_drifts, mend

    found = list(find_drifts())
    for drift in found[:MOST_SHOWN]:
        click.echo(f"{click.style('wrong', fg='red')}  {describe(drift)}")
    if len(found) > MOST_SHOWN:
        click.echo(f"       and {len(found) - MOST_SHOWN} more")
    if not found:
        click.echo(f"{click.style('ok', fg='green'):>5}  counted anew: {', '.join(COUNTERS)}")
        return True
    if not repair:
        click.echo("       mend: run `belowline doctor --deep --repair`")
        return False
    click.echo(f"   ok  written anew: {mend(found)} counters")
    return not any(find_drifts())


def examine(looks: "type_of_looks | None" = None) -> Iterator[Finding]:
    """Look at everything in the order in which it is needed; one failing look does not stop the others."""
    for name, look, mend in LOOKS if looks is None else looks:
        try:
            problem = look()
        except Exception as error:  # noqa: BLE001 - a doctor reports what it cannot look at
            problem = f"{type(error).__name__}: {error}"
        yield Finding(name, problem, mend)


def _secret_key() -> str:
    from django.conf import settings

    return "" if settings.SECRET_KEY else "there is none"


def _disk() -> str:
    from django.conf import settings

    if not settings.DATA_DIR.is_dir():
        return f"the data folder {settings.DATA_DIR} does not exist"
    free = shutil.disk_usage(settings.DATA_DIR).free
    return f"only {free // 1_000_000} MB are free" if free < MIN_FREE_BYTES else ""


def _database() -> str:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


def _migrations() -> str:
    from belowline.cli.serve import check_database

    try:
        check_database()
    except click.ClickException as error:
        return error.message
    return ""


def _site() -> str:
    from belowline.stories.models import Site

    without = [site.key for site in Site.objects.all() if not site.domains]
    if without:
        return f"{', '.join(without)} has no domain, so no page may show its comments"
    return "" if Site.objects.exists() else "there is none"


def _staff() -> str:
    from belowline.accounts.permissions import Action, people_who_may
    from belowline.stories.models import Site

    if people_who_may(Action.DECIDE).exists():
        return ""
    sites = [(site.key, people_who_may(Action.DECIDE, site=site).exists()) for site in Site.objects.order_by("pk")]
    alone = [key for key, has_staff in sites if not has_staff]
    if len(alone) == len(sites):
        return "nobody can decide about comments"
    return f"nobody can decide about comments on {', '.join(alone)}" if alone else ""


def _policy() -> str:
    from belowline.moderation.engine import site_policy
    from belowline.stories.models import Site

    for site in Site.objects.all():
        site_policy(site)
    return ""


def _promises() -> str:
    from belowline.moderation.watch import standings

    return " ".join(found.problem for found in standings())


def _queues() -> str:
    from belowline.moderation.queueing import find_drift

    found = len(find_drift())
    return f"{found} comments wait in the wrong queue, or in none" if found else ""


def _engine() -> str:
    from belowline.engine.submission import Story, Submission
    from belowline.moderation.engine import base_engine

    decision = base_engine().judge(Submission(text="The bridge should open again.", story=Story(title="The bridge")))
    failed = [entry.signal for entry in decision.unchecked if entry.cause in {"error", "timeout"}]
    return f"these scores cannot be computed: {', '.join(failed)}" if failed else ""


def _search() -> str:
    from django.db import connection

    from belowline.comments.search_index import is_whole

    return "" if is_whole(connection) else "the index of words is incomplete, so moderators do not find every comment"


def _mail() -> str:
    from django.core.mail import get_connection

    connection = get_connection()
    connection.open()
    connection.close()
    return ""


def _tasks() -> str:
    from datetime import timedelta

    from django.utils import timezone
    from django_tasks_db.models import DBTaskResult

    late = timezone.now() - timedelta(minutes=STRANDED_MINUTES)
    waiting = DBTaskResult.objects.ready().filter(enqueued_at__lt=late).count()
    return f"{waiting} tasks have waited for more than {STRANDED_MINUTES} minutes" if waiting else ""


def _webhooks() -> str:
    from belowline.notifications.webhooks.models import Webhook

    off = Webhook.objects.exclude(disabled_at=None).order_by("pk")
    return "; ".join(f"{row.pk} is off: {row.disabled_because}" for row in off)


def _proxies() -> str:
    from django.conf import settings

    if settings.BASE_URL.startswith("https://") and not (settings.TRUSTED_PROXIES or settings.BEHIND_PROXY):
        return "no proxy is trusted, so nobody's address is known, and limits by address hold nobody back"
    return ""


def _copies() -> str:
    from django.conf import settings
    from django.db import DatabaseError

    from belowline.replicas import MOST_LAG_SECONDS, lag

    problems = []
    for alias in settings.REPLICAS:
        try:
            seconds = lag(alias)
        except DatabaseError as error:
            problems.append(f"{alias} does not answer ({type(error).__name__})")
        else:
            problems += [f"{alias} is {seconds:.0f} seconds behind"] if seconds > MOST_LAG_SECONDS else []
    return "; ".join(problems)


def _redis() -> str:
    from django.conf import settings

    from belowline.limits.redis_server import redis_problem

    problem = redis_problem() if settings.REDIS_URL else ""
    return f"Redis does not answer ({problem}); each machine keeps and counts for itself meanwhile" if problem else ""


def _caches() -> str:
    from django.conf import settings

    from belowline.stories.errors import PurgeError
    from belowline.stories.purging import check_purging

    try:
        is_purged = check_purging()
    except PurgeError as error:
        return error.message
    if is_purged and settings.SHARED_CACHE_SECONDS <= 0:
        return "they are told of changes, and may keep nothing: BELOWLINE_SHARED_CACHE_SECONDS is 0"
    return ""


def _door() -> str:
    from belowline.compat.perspective.versions import versions
    from belowline.engine.submission import Submission

    scores = versions().newest.score(Submission(text="The bridge should open again.", language="en"), {"toxicity"})
    failed = [name for name, score in scores.items() if score.value is None]
    return f"these scores cannot be computed: {', '.join(failed)}" if failed else ""


def _keys() -> str:
    from django.conf import settings

    from belowline.compat.models import ApiKey

    if not settings.API_KEYS_REQUIRED or ApiKey.objects.filter(revoked_at=None).exists():
        return ""
    return "there is none, so every call is refused"


type_of_looks = tuple[tuple[str, Callable[[], str], str], ...]
LOOKS: type_of_looks = (
    ("secret key", _secret_key, "run `belowline init`, or set BELOWLINE_SECRET_KEY"),
    ("data folder and disk", _disk, "set BELOWLINE_DATA_DIR to a folder with room"),
    ("database", _database, "check DATABASE_URL, and that the server runs"),
    ("tables", _migrations, "run `belowline migrate`"),
    ("site", _site, "run `belowline init --domain your-paper.example`"),
    ("staff", _staff, "run `belowline init`"),
    ("policy", _policy, "check the text with `belowline policy FILE` and activate it again"),
    ("promises", _promises, "see the page Guarantees on the desk; calibrate again, and activate with --certificate"),
    ("queues", _queues, "run `belowline doctor --recount`"),
    ("engine", _engine, "install the package anew: its models are incomplete"),
    ("search", _search, "run `belowline migrate`: it makes the index anew"),
    ("mail", _mail, "set BELOWLINE_SMTP_HOST, BELOWLINE_SMTP_PORT and the account"),
    ("webhooks", _webhooks, "see to the endpoint, then `belowline webhooks enable NUMBER`, or remove it"),
    (
        "proxies",
        _proxies,
        "set BELOWLINE_TRUSTED_PROXIES to the address of the web server in front (docs/how-to/grow.md)",
    ),
    ("copies", _copies, "see to the replication, or take the copy out of BELOWLINE_REPLICA_URL"),
    ("redis", _redis, "check BELOWLINE_REDIS_URL, and that the server runs"),
    ("shared caches", _caches, "see docs/how-to/cache-at-the-edge.md"),
    ("tasks", _tasks, "run `belowline worker`, or `belowline serve` without --no-worker"),
)
"""What is looked at, how, and what to do."""
ENGINE_LOOKS: type_of_looks = (
    *(look for look in LOOKS if look[0] in {"data folder and disk", "database", "tables"}),
    ("scores", _door, "install the package anew: its models are incomplete"),
    ("API keys", _keys, "make one with `belowline keys create LABEL`"),
)
"""The same for the judgement alone."""
