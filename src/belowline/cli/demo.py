"""`belowline demo`: a newsroom to try, in a folder of its own."""

import os
import shutil
import sys
from pathlib import Path

import click


@click.command()
@click.option(
    "--story",
    "stories",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A text file to add as a story; may be repeated.",
)
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option(
    "--data",
    default=Path("demo-data"),
    show_default=True,
    type=click.Path(path_type=Path),
    help="The folder of the demo's data.",
)
@click.option("--reset", is_flag=True, help="Begin anew: what the folder holds is deleted.")
@click.option("--prepare-only", is_flag=True, help="Set the newsroom up, but do not serve it.")
def demo(stories: tuple[Path, ...], port: int, data: Path, reset: bool, prepare_only: bool) -> None:  # noqa: FBT001 - a command's flags
    """Set up an invented newsroom with stories and readers, and serve it."""
    from belowline.cli.django import set_up
    from belowline.cli.init import write_secret_key

    missing = [path for path in stories if not path.is_file()]
    if missing:
        raise click.ClickException(f"there is no file {missing[0]}")
    choose_folder(data, port, reset=reset)
    write_secret_key(data)
    set_up()
    prepare(stories)
    if prepare_only:
        return
    # In a fresh process: what the engine has started here would not survive in a server's child.
    command = [sys.executable, "-m", "belowline", "serve", "--port", str(port), "--processes", "1"]
    os.execv(sys.executable, command)  # noqa: S606 - our own command


def choose_folder(data: Path, port: int, *, reset: bool) -> None:
    """Point every setting at the demo's folder.

    Raises:
        ClickException: the folder holds something else: it is neither used nor deleted.
    """
    marker = data / ".belowline-demo"
    if data.exists() and not data.is_dir():
        raise click.ClickException(f"{data} is no folder; choose another with --data")
    if data.exists() and any(data.iterdir()) and not marker.exists():
        raise click.ClickException(f"{data} was not made by a demo, and is not empty; choose another with --data")
    if reset and data.exists():
        shutil.rmtree(data)
    data.mkdir(parents=True, exist_ok=True)
    marker.touch()
    os.environ.update(
        BELOWLINE_DATA_DIR=str(data.absolute()),
        BELOWLINE_DEMO="yes",
        BELOWLINE_BASE_URL=f"http://localhost:{port}",
        BELOWLINE_EMAIL_BACKEND="django.core.mail.backends.filebased.EmailBackend",
        BELOWLINE_LOG_LEVEL=os.environ.get("BELOWLINE_LOG_LEVEL", "WARNING"),
        DATABASE_URL=f"sqlite:///{(data / 'belowline.sqlite3').absolute()}",
    )


def prepare(stories: tuple[Path, ...]) -> None:
    """Fill the database and say what is there.

    Raises:
        ClickException: a story's file cannot be used.
    """
    from django.conf import settings
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from belowline.comments.models import Comment
    from belowline.demo.seed import ADMIN, MODERATOR, PASSWORD, READER, SECOND_MODERATOR, add_story_file, seed

    click.echo("Setting up the newsroom: every sample comment goes through the engine …")
    site = seed()
    for path in stories:
        try:
            story = add_story_file(site, path)
        except ValueError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"Added “{story}”: {story.url}")
    published = Comment.objects.filter(status="published").count()
    held = Comment.objects.filter(status="held").count()
    click.echo(f"{site.name}: {published} comments published, {held} held for the desk.")
    click.echo(f"Paper    {settings.BASE_URL}/")
    click.echo(f"Desk     {settings.BASE_URL}/desk/   {MODERATOR[0]}, password {PASSWORD}")
    click.echo(f"         or {SECOND_MODERATOR[0]}, who may decide appeals against the first one's decisions")
    click.echo(f"Policy   {settings.BASE_URL}/desk/policy/   {ADMIN[0]}, password {PASSWORD}")
    click.echo(f"Reader   {settings.BASE_URL}/accounts/login/   {READER[0]}, password {PASSWORD}")
    click.echo(f"Mail     {settings.BASE_URL}/demo/mail/   codes for new accounts arrive here")
