"""Loads the engine and the policy for a command; what is wrong becomes one sentence and exit status 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import msgspec

from belowline.engine.errors import BelowlineError
from belowline.engine.judge import Engine
from belowline.engine.models.head import Head, read_head

UNHURRIED_MS = 600_000


class StartError(click.ClickException):
    """The command cannot start: exit status 2, as for a wrong option."""

    exit_code = 2


@contextmanager
def start_errors() -> Iterator[None]:
    """Turn an error of the engine into a sentence on stderr and exit status 2."""
    try:
        yield
    except BelowlineError as error:
        raise StartError(str(error)) from error


def file_head(file: Path) -> Head:
    """Read the head in a file.

    Raises:
        ModelError: it is damaged, or is no head.
    """
    return read_head(file.read_bytes())


def load_engine(policy: Path | None = None, head: Path | None = None) -> Engine:
    """Load the shipped models, the policy (None: the shipped one) and a newsroom's head, where a file is named.

    Raises:
        StartError: the policy is wrong, or a model or the head is missing or damaged.
    """
    with start_errors():
        return Engine.load(policy, head=file_head(head) if head else None)


def unhurried(engine: Engine) -> Engine:
    """Return the engine with ten minutes for each signal: nobody waits, and a busy machine must not change a score."""
    settings = msgspec.structs.replace(engine.policy.settings, signal_timeout_ms=UNHURRIED_MS)
    return engine.with_policy(msgspec.structs.replace(engine.policy, settings=settings))
