"""Options that several commands have."""

from pathlib import Path

import click

head_option = click.option(
    "--head",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A head that `belowline learn` has written: with it there is the score `newsroom_refusal`.",
)
