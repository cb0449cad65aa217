"""`belowline serve`: the web server, and a worker beside it; or the judgement alone."""

import os
import signal
import subprocess
import sys
from types import FrameType

import click

NEWSROOM = "belowline.config.wsgi:application"
ENGINE = "belowline.config.wsgi_engine:application"
GRACE_SECONDS, LAST_SECONDS = 60, 5
"""So long a worker may work on, and so long it may take to break off."""
MAX_HEADER_BYTES, HEADER_SECONDS = 65_536, 10
"""Of a request's first line and all its headers together, and the time in which they have to be here."""
HERE = {"127.0.0.1", "0.0.0.0", "::1", "::"}  # noqa: S104 - what somebody may ask for
"""Addresses that people call localhost."""


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--processes", default=0, help="Web processes; 0: one for each core, at most two (engine only: one).")
@click.option("--threads", default=4, show_default=True, help="Requests that a process works on at once.")
@click.option("--no-worker", is_flag=True, help="Start no worker: you run `belowline worker` yourself.")
@click.option("--engine-only", is_flag=True, help="Serve the judgement alone: the doors for Perspective and Coral.")
@click.option("--no-keys", is_flag=True, help="With --engine-only: answer without API keys too.")
def serve(  # noqa: PLR0913, PLR0917 - a command's options
    host: str,
    port: int,
    processes: int,
    threads: int,
    no_worker: bool,  # noqa: FBT001 - a command's flag
    engine_only: bool,  # noqa: FBT001 - a command's flag
    no_keys: bool,  # noqa: FBT001 - a command's flag
) -> None:
    """Serve readers, moderators and publishers; or, with --engine-only, those who want the judgement alone."""
    if no_keys and not engine_only:
        raise click.UsageError("--no-keys goes with --engine-only; otherwise set BELOWLINE_API_KEYS_REQUIRED=no")
    if engine_only:
        serve_engine(host, port, processes or 1, threads, no_keys=no_keys)
        return
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()
    check_database()
    from belowline.cli.counting import share_metrics
    from belowline.cli.purging import check_purging

    check_purging()
    share_metrics()
    beside = None if no_worker else start_worker()
    try:
        run_server(NEWSROOM, host, port, processes or min(2, os.cpu_count() or 1), threads)
    finally:
        if beside:
            stop_worker(beside)


def serve_engine(host: str, port: int, processes: int, threads: int, *, no_keys: bool) -> None:
    """Serve the doors for Perspective and Coral; the database's tables for keys are made where they lack."""
    os.environ["BELOWLINE_ENGINE_ONLY"] = "yes"
    name = "localhost" if host in HERE else f"[{host}]" if ":" in host else host
    os.environ.setdefault("BELOWLINE_BASE_URL", f"http://{name}:{port}")
    if no_keys:
        os.environ["BELOWLINE_API_KEYS_REQUIRED"] = "no"
    from belowline.cli.django import make_tables, set_up

    set_up()
    make_tables()
    from django.conf import settings

    from belowline.cli.counting import share_metrics
    from belowline.compat.models import ApiKey

    share_metrics()

    if settings.API_KEYS_REQUIRED and not ApiKey.objects.filter(revoked_at=None).exists():
        click.echo("There is no API key yet: make one with `belowline keys create LABEL`.", err=True)
    click.echo(f"Perspective's door: {settings.BASE_URL}/v1alpha1/comments:analyze", err=True)
    run_server(ENGINE, host, port, processes, threads)


def check_database() -> None:
    """Stop where the database lacks tables of this version, or has those of a newer one.

    Raises:
        ClickException: it is so, or the database does not answer.
    """
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    from belowline.backup.tables import newer

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        unknown = newer(connection)
    except DatabaseError as error:
        raise click.ClickException(f"the database does not answer ({error}); `belowline doctor` says more") from error
    if pending:
        raise click.ClickException("the database is not of this version: run `belowline migrate`")
    if unknown:
        raise click.ClickException(
            "the database is of a newer version: install that one, or go back with `belowline migrate --back-to`, "
            "which only the newer version can do"
        )


def start_worker() -> "subprocess.Popen[bytes]":
    """Start a worker as a process of its own; it ends with this one."""
    return subprocess.Popen([sys.executable, "-m", "belowline", "worker"])


def stop_worker(beside: "subprocess.Popen[bytes]") -> None:
    """Let the worker end its task; one that takes too long is broken off, and counts as failed."""
    for seconds in (GRACE_SECONDS, LAST_SECONDS):
        beside.terminate()  # said twice, it means at once
        try:
            beside.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            continue
        return
    beside.kill()
    beside.wait()


def run_server(application: str, host: str, port: int, processes: int, threads: int) -> None:
    """Serve until stopped."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings, HTTP2Settings
    from granian.log import LogLevels

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    Granian(
        application,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backlog=4096,
        websockets=False,
        http1_settings=HTTP1Settings(header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=MAX_HEADER_BYTES),
        http2_settings=HTTP2Settings(max_headers_size=MAX_HEADER_BYTES),
        log_level=LogLevels.warning,
    ).serve()
