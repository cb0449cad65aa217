"""The command line. One file per command; each imports what it needs only when it is called."""

import importlib
from importlib.util import find_spec

import click

from belowline import __version__

COMMANDS = {
    "score": "belowline.cli.score",
    "judge": "belowline.cli.judge",
    "policy": "belowline.cli.policy",
    "calibrate": "belowline.cli.calibrate",
    "backtest": "belowline.cli.backtest",
    "learn": "belowline.cli.learn",
    "demo": "belowline.cli.demo",
    "serve": "belowline.cli.serve",
    "worker": "belowline.cli.worker",
    "migrate": "belowline.cli.migrate",
    "doctor": "belowline.cli.doctor",
    "backup": "belowline.cli.backup",
    "restore": "belowline.cli.restore",
    "init": "belowline.cli.init",
    "site": "belowline.cli.site",
    "people": "belowline.cli.people",
    "theme": "belowline.cli.theme",
    "keys": "belowline.cli.keys",
    "sso": "belowline.cli.sso",
    "webhooks": "belowline.cli.webhooks",
    "coral": "belowline.cli.coral",
    "compat": "belowline.cli.compat",
    "statements": "belowline.cli.statements",
    "lab": "belowline.cli.lab",
}
"""Name of the command -> module with a click command of the same name; also the order of --help."""


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands whose module is there, in the order of the table."""
        return [name for name, module in COMMANDS.items() if find_spec(module) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None when there is no such command."""
        module = COMMANDS.get(cmd_name)
        if module is None or find_spec(module) is None:
            return None
        command: click.Command = getattr(importlib.import_module(module), cmd_name)
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; say how to install what is missing when the base install does not have it."""
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] in {"", "belowline"}:
                raise
            message = f"{error.name} is not installed, and this command needs it: pip install 'belowline[server]'"
            raise click.ClickException(message) from error


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="belowline")
def main() -> None:
    """The comment section of a news site, with its own judgement on the machine that it runs on."""
