"""Options and arguments that several commands have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

head_option = click.option(
    "--head",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that `belowline learn` has written: with it there is the score `newsroom_refusal`.",
)


class Input(click.ParamType[str]):
    """A file, a folder, an address such as s3://bucket/folder, or - for standard input; handed on as its name."""

    name = "file"
    _path = click.Path(exists=True, readable=True, allow_dash=True)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Refuse what is not there, as far as that can be seen without a network."""
        return str(value) if "://" in value else str(self._path.convert(value, param, ctx))


INPUT = Input()

processes_option = click.option(
    "--processes",
    type=click.IntRange(min=1, max=1024),
    help="Processes that judge; with --on ray, actors. Default: one for each core, 1 for small or standard input.",
)
address_option = click.option(
    "--address",
    metavar="ADDRESS",
    help="With --on ray: the cluster. Default: $RAY_ADDRESS; without it, Ray is started on this machine.",
)


def bulk_options(command: F) -> F:
    """Add the options with which many lines are answered."""
    for option in (
        address_option,
        click.option(
            "--on",
            "runner",
            type=click.Choice(["local", "ray"]),
            default="local",
            show_default=True,
            help="Where the work is done: by processes of this machine, or on a Ray cluster.",
        ),
        processes_option,
        click.option("--resume", is_flag=True, help="Continue OUT where it was left; begin it where there is none."),
        click.option(
            "--out",
            metavar="OUT",
            help="Write here: JSON lines, or Parquet where the name ends in .parquet; with --on ray also parts, "
            "into a folder (its name ends in /).",
        ),
    ):
        command = option(command)
    return command
