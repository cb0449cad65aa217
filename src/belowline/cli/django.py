"""Setting Django up for the commands that need it."""

import os

import click


def set_up() -> None:
    """Make Django ready in this process, with a clear word where the extra is missing.

    Raises:
        ClickException: the server's packages are not installed, or a setting is wrong.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "belowline.config.settings")
    try:
        import django
        from django.core.exceptions import ImproperlyConfigured
    except ModuleNotFoundError as error:
        raise click.ClickException(
            "this command needs the server: install it with `pip install 'belowline[server]'`"
        ) from error
    try:
        django.setup()
    except ImproperlyConfigured as error:
        raise click.ClickException(str(error)) from error


def require_secret_key() -> None:
    """Stop where no secret key is set.

    Raises:
        ClickException: there is none; the message says how to make one.
    """
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured

    try:
        _ = settings.SECRET_KEY
    except ImproperlyConfigured as error:
        raise click.ClickException(
            "there is no secret key: run `belowline init`, or set BELOWLINE_SECRET_KEY or BELOWLINE_DATA_DIR"
        ) from error


def set_up_engine() -> None:
    """Make Django ready for what the judgement alone needs: sites, keys and connections, with their tables.

    Raises:
        ClickException: as set_up and make_tables.
    """
    os.environ["BELOWLINE_ENGINE_ONLY"] = "yes"
    set_up()
    make_tables()


def make_tables() -> None:
    """Create the tables of the installed apps where the database is new; refuse one of another version.

    Raises:
        ClickException: the database is of an older version, or does not answer.
    """
    from django.conf import settings
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    from belowline.cli.serve import check_database

    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        is_new = "compat_apikey" not in connection.introspection.table_names()
    except DatabaseError as error:
        raise click.ClickException(f"the database does not answer ({error}); check DATABASE_URL") from error
    if is_new:
        call_command("migrate", interactive=False, verbosity=0)
    else:
        check_database()
