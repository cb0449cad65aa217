"""`belowline serve`: the web server, and a worker beside it."""

import os
import signal
import subprocess
import sys
from types import FrameType

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--processes", default=0, help="Web processes; 0: one for each core, at most two.")
@click.option("--threads", default=4, show_default=True, help="Requests that a process works on at once.")
@click.option("--no-worker", is_flag=True, help="Start no worker: you run `belowline worker` yourself.")
def serve(host: str, port: int, processes: int, threads: int, no_worker: bool) -> None:  # noqa: FBT001 - a command's flag
    """Serve readers, moderators and publishers."""
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()
    check_database()
    beside = None if no_worker else start_worker()
    try:
        run_server(host, port, processes or min(2, os.cpu_count() or 1), threads)
    finally:
        if beside:
            beside.terminate()
            beside.wait(timeout=10)


def check_database() -> None:
    """Stop where the database lacks tables of this version.

    Raises:
        ClickException: it does, or does not answer.
    """
    from django.db import DatabaseError, connection
    from django.db.migrations.executor import MigrationExecutor

    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        raise click.ClickException(f"the database does not answer ({error}); `belowline doctor` says more") from error
    if pending:
        raise click.ClickException("the database is not of this version: run `belowline migrate`")


def start_worker() -> "subprocess.Popen[bytes]":
    """Start a worker as a process of its own; it ends with this one."""
    return subprocess.Popen([sys.executable, "-m", "belowline", "worker"])


def run_server(host: str, port: int, processes: int, threads: int) -> None:
    """Serve until stopped."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    def stop(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    Granian(
        "belowline.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=threads,
        backlog=1024,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()
