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
