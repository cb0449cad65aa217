"""`belowline coral`: connects the Coral of a site, so that it asks Belowline about each comment."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.compat.models import CoralConnection
    from belowline.stories.models import Site


@click.group()
def coral() -> None:
    """Connect a site's Coral, show the connection, or take it away."""
    from belowline.cli.django import set_up_engine

    set_up_engine()


@coral.command()
@click.argument("site_key", metavar="SITE")
@click.option("--domain", "domains", multiple=True, help="A domain of the site's pages; may be repeated.")
@click.option("--name", help="The site's name, where the site is new; its key without it.")
@click.option("--secret", help="The phase's signing secret; asked for without it.")
@click.option("--coral-url", help="Coral's address, to read parent comments from; none: parents are not read.")
@click.option("--coral-token", help="An administrator's access token of Coral's API; asked for without it.")
@click.option("--budget-ms", type=int, help="How long an answer may wait for story and parent.  [default: 150]")
def connect(  # noqa: PLR0913, PLR0917 - a command's options
    site_key: str,
    domains: tuple[str, ...],
    name: str | None,
    secret: str | None,
    coral_url: str | None,
    coral_token: str | None,
    budget_ms: int | None,
) -> None:
    """Connect the Coral of SITE, which is made if it is new.

    Repeating it changes what is given; a new secret is taken beside the one before it.
    """
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from belowline.compat.actions.connect_coral import connect_coral
    from belowline.compat.models import CoralConnection

    known = CoralConnection.objects.filter(site__key=site_key).first() or CoralConnection()
    if secret is None:
        secret = ask_secret(known)
    if coral_url and coral_token is None and coral_url.rstrip("/") != known.coral_url:
        coral_token = click.prompt("Access token of Coral's API", hide_input=True)
    try:
        with transaction.atomic():
            made = connect_coral(
                site=find_or_make_site(site_key, name or site_key, domains),
                secret=secret,
                coral_url=known.coral_url if coral_url is None else coral_url,
                coral_token="" if coral_url == "" else coral_token or known.coral_token,
                budget_ms=known.budget_ms if budget_ms is None else budget_ms,
            )
    except ValidationError as error:
        raise click.ClickException("; ".join(error.messages)) from error
    show_steps(made)


@coral.command()
@click.argument("site_key", metavar="SITE")
def show(site_key: str) -> None:
    """Show the connection of SITE, without its secrets."""
    connection = find_connection(site_key)
    site = connection.site
    click.echo(f"Site: {site.name} ({site.key}), pages on {', '.join(site.domains)}")
    click.echo(f"Callback URL: {callback_url(connection)}")
    click.echo(f"Signing secrets: {len(connection.secrets)}")
    click.echo(f"Parents: {f'read from {connection.coral_url}' if connection.coral_url else 'not read'}")
    click.echo(f"Budget: {connection.budget_ms} ms")


@coral.command()
@click.argument("site_key", metavar="SITE")
def disconnect(site_key: str) -> None:
    """Forget the connection of SITE; its stories stay."""
    from belowline.compat.actions.connect_coral import disconnect_coral

    disconnect_coral(site=find_connection(site_key).site)
    click.echo(f"Coral is not connected to {site_key} any more: delete the phase in Coral too.")


def ask_secret(known: "CoralConnection") -> str:
    """Ask for the signing secret; an empty answer keeps the one that is there."""
    current = known.secrets[0] if known.secrets else None
    question = "Signing secret of the phase" + (" (empty: as it is)" if current else "")
    answer: str = click.prompt(question, hide_input=True, default="" if current else None, show_default=False)
    return answer or current or ""


def find_or_make_site(site_key: str, name: str, domains: tuple[str, ...]) -> "Site":
    """Return the site; a new one is made with the domains, and one that is there gets those that it lacks.

    Raises:
        ClickException: the site is new and no domain was given, or one is none.
        ValidationError: the key or the name cannot be kept.
    """
    from belowline.cli.init import clean_domain
    from belowline.stories.models import Site

    hosts = [clean_domain(domain) for domain in domains]
    known = Site.objects.filter(key=site_key).first()
    if known is None and not hosts:
        raise click.ClickException(f"there is no site {site_key} yet: name a domain of its pages with --domain")
    site = known or Site(key=site_key, name=name)
    lacking = [host for host in hosts if host not in site.domains]
    if lacking:
        site.domains = [*site.domains, *lacking]
        site.full_clean(validate_unique=False)
        site.save()
    return site


def find_connection(site_key: str) -> "CoralConnection":
    """Return the connection of a site.

    Raises:
        ClickException: there is none.
    """
    from belowline.compat.models import CoralConnection

    found = CoralConnection.objects.select_related("site").filter(site__key=site_key).first()
    if found is None:
        raise click.ClickException(f"no Coral is connected to a site {site_key}; `belowline coral connect` does that")
    return found


def callback_url(connection: "CoralConnection") -> str:
    """Return the address that Coral must call."""
    from django.conf import settings

    return f"{settings.BASE_URL}/coral/{connection.site.key}/"


def show_steps(connection: "CoralConnection") -> None:
    """Print what to enter in Coral."""
    click.echo("Connected. In Coral's administration, under /admin/configure/moderation/phases:")
    click.echo(f"  Callback URL:    {callback_url(connection)}")
    click.echo("  Comment body:    plain text")
    click.echo(f"  Timeout:         {connection.budget_ms + 350} ms or more")
    click.echo("  Signing secret:  the one that you gave here; Coral shows it when the phase is made")
    if not connection.coral_url:
        click.echo("Parent comments are not read: give --coral-url for that.")
