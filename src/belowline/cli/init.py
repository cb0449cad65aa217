"""`belowline init`: a newsroom of one's own."""

import re
import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    from belowline.accounts.models import User
    from belowline.stories.models import Site


@click.command()
@click.option("--name", prompt="Name of the publication", help="The name of the publication.")
@click.option("--key", prompt="Short key for addresses", help="Its short key in addresses: letters, digits, dashes.")
@click.option("--domain", "domains", multiple=True, required=True, help="A domain of its pages; may be repeated.")
@click.option("--contact", default="", help="The e-mail address that readers may write to.")
@click.option("--email", prompt="Your e-mail address", help="The e-mail address of the first administrator.")
@click.option(
    "--display-name",
    default="Newsroom",
    show_default=True,
    help="The name readers see beside staff comments.",
)
def init(name: str, key: str, domains: tuple[str, ...], contact: str, email: str, display_name: str) -> None:  # noqa: PLR0913, PLR0917 - a command's options
    """Set up a newsroom: database, site, administrator, secret key, and a key for the publisher's system."""
    from belowline.cli.django import set_up

    set_up()
    from django.conf import settings
    from django.core.management import call_command
    from django.core.validators import validate_email
    from django.db import transaction
    from django.forms import ValidationError

    from belowline.accounts.names import clean_display_name
    from belowline.stories.models import Site

    hosts = [clean_domain(domain) for domain in domains]
    try:
        validate_email(email)
        display_name = clean_display_name(display_name)
        new = Site(name=name, key=key, domains=hosts, contact_email=contact)
        new.full_clean(validate_unique=False)
    except ValidationError as error:
        raise click.ClickException(" ".join(error.messages)) from error
    write_secret_key(settings.DATA_DIR)
    call_command("migrate", interactive=False, verbosity=0)
    with transaction.atomic():
        site, token = create_site(new)
        password = create_admin(email, display_name)
    click.echo(f"Site “{site.name}” is ready in {settings.DATA_DIR}.")
    known = "the account that was there, with its password"
    click.echo(f"Administrator: {email}, password {password}" if password else f"Administrator: {email}, {known}")
    click.echo(f"Publisher's key (shown once): {token}")
    click.echo("Put this where the comments shall stand, with the address of this server:")
    click.echo(f'  <div data-belowline data-site="{site.key}"></div>')
    click.echo(f'  <script src="{settings.BASE_URL}/embed.js" async></script>')
    click.echo("Next: `belowline serve`, and `belowline doctor` whenever something seems wrong.")


def write_secret_key(folder: Path) -> None:
    """Make a secret key in the data folder, readable by its owner alone; one that is there stays."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50), "utf-8")


def clean_domain(text: str) -> str:
    """Return the host name in what somebody gave as a domain: an address, a port and capitals do no harm.

    Raises:
        ClickException: there is none.
    """
    try:
        host = urlsplit(text.strip() if "//" in text else f"//{text.strip()}").hostname or ""
        name = host.rstrip(".").encode("idna").decode()
    except ValueError:
        name = ""
    if not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*", name):
        raise click.ClickException(f"“{text}” is no domain; write it like gazette.example, subdomains are included")
    return name


def create_site(site: "Site") -> tuple["Site", str]:
    """Create the site and a publisher's key for it.

    Raises:
        ClickException: the key is taken.
    """
    from belowline.stories.models import PublisherKey, Site

    if Site.objects.filter(key=site.key).exists():
        raise click.ClickException(f"there is a site with the key {site.key} already; choose another key")
    site.save()
    return site, PublisherKey.issue(site, "made by belowline init")[1]


def create_admin(email: str, display_name: str) -> str:
    """Create an administrator with a verified address; return the new password, or "" for an account that was there.

    Raises:
        ClickException: another account has the display name, or one that looks like it.
    """
    from belowline.accounts.models import User
    from belowline.accounts.names import name_key

    if known := User.objects.filter(email__iexact=email).first():
        known.role = User.Role.ADMIN
        known.save(update_fields=["role"])
        return ""
    if User.objects.filter(display_name_key=name_key(display_name)).exists():
        raise click.ClickException(f"another account is called {display_name}; choose a name with --display-name")
    password = secrets.token_urlsafe(12)
    add_account(email, display_name, User.Role.ADMIN, password)
    return password


def add_account(email: str, display_name: str, role: str, password: str | None) -> "User":
    """Create an account whose address counts as verified."""
    from allauth.account.models import EmailAddress

    from belowline.accounts.models import User

    user = User.objects.create_user(email=email, password=password, display_name=display_name, role=role)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
