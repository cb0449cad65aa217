"""Loads the engine and the policy for a command; what is wrong becomes one sentence and exit status 2."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from belowline.engine.errors import BelowlineError
from belowline.engine.judge import Engine


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


def load_engine(policy: Path | None = None) -> Engine:
    """Load the shipped models and the policy; None means the shipped policy.

    Raises:
        StartError: the policy is wrong, or a model is missing or damaged.
    """
    with start_errors():
        return Engine.load(policy)
