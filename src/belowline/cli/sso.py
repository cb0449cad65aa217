"""`belowline sso`: the keys with which publishers sign their readers in."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.accounts.models import SsoKey

ROLES = ("reader", "auditor", "moderator", "senior", "editor", "admin")
"""As accounts.permissions ranks them; Django is not there yet when the command is described."""
DEFAULT_MINUTES = {"belowline": 10, "coral": 60}


@click.group()
def sso() -> None:
    """Add, list and retire the keys of publishers that sign their readers in."""
    from belowline.cli.django import set_up

    set_up()


@sso.command("add-key")
@click.option("--site", "site_key", required=True, help="The key of the site.")
@click.option("--kind", type=click.Choice(["belowline", "coral"]), default="belowline", show_default=True)
@click.option("--issuer", default="", help="What iss will be in the tokens, such as https://www.example.org.")
@click.option("--algorithm", type=click.Choice(["EdDSA", "ES256", "HS256"]), help="Default EdDSA; Coral's is HS256.")
@click.option("--file", type=click.Path(path_type=Path, dir_okay=False), help="The public key (PEM), or the secret.")
@click.option("--kid", default="", help="The key's name in the tokens' headers; default: one is made.")
@click.option(
    "--lifetime", type=int, help="Minutes that a token may live: 1 to 10 (default 10); Coral's 1 to 1440 (60)."
)
@click.option("--trust-email", is_flag=True, help="Addresses that the publisher confirmed count as confirmed here.")
@click.option("--role", type=click.Choice(ROLES), default="reader", show_default=True)
def add_key(  # noqa: PLR0913, PLR0917 - a command's options
    site_key: str,
    kind: str,
    issuer: str,
    algorithm: str | None,
    file: Path | None,
    kid: str,
    lifetime: int | None,
    trust_email: bool,  # noqa: FBT001 - a command's flag
    role: str,
) -> None:
    """Add a key; without --file one is made, and what the publisher signs with is shown once."""
    from belowline.accounts.actions.add_sso_key import new_pair
    from belowline.accounts.models import SsoKey
    from belowline.cli.policy import find_site

    site = find_site(site_key)
    used = algorithm or ("HS256" if kind == "coral" else "EdDSA")
    private, material = new_pair(used) if file is None else ("", read_material(file))
    key = save_key(
        SsoKey(
            site_id=site.pk,
            kid=kid,
            kind=kind,
            algorithm=used,
            material=material,
            issuer=issuer,
            trusts_email=trust_email,
            highest_role=role,
            lifetime_seconds=60 * (DEFAULT_MINUTES[kind] if lifetime is None else lifetime),
        )
    )
    if private:
        click.echo(private.strip())
        click.echo("Shown this once: the publisher's server signs with it, and nobody else sees it.", err=True)
    click.echo(f"Key {key.pk} of {site.name}: kid {key.kid}, {key.algorithm}.", err=True)


@sso.command("list")
@click.option("--site", "site_key", help="Only the keys of the site with this key.")
def list_keys(site_key: str | None) -> None:
    """List the keys, those that are retired too."""
    from belowline.accounts.models import SsoKey

    found = SsoKey.objects.select_related("site").order_by("pk")
    for key in found.filter(site__key=site_key) if site_key else found:
        click.echo(describe(key))


@sso.command()
@click.argument("number", type=int)
def retire(number: int) -> None:
    """Accept no more tokens of the key with this NUMBER."""
    from belowline.accounts.actions.add_sso_key import retire_sso_key
    from belowline.accounts.models import SsoKey

    key = SsoKey.objects.filter(pk=number).first() if abs(number) < 2**63 else None
    if key is None:
        raise click.ClickException(f"there is no key {number}; `belowline sso list` shows them")
    retire_sso_key(key=key)
    click.echo(f"Key {number} is retired.")


def describe(key: "SsoKey") -> str:
    """Return a key in one line."""
    state = "retired" if key.retired_at else f"{key.lifetime_seconds // 60} min, up to {key.highest_role}"
    trust = ", its addresses are trusted" if key.trusts_email else ""
    return f"{key.pk:>4}  {key.kid:<18} {key.site.key}  {key.kind} {key.algorithm} {key.issuer}  ({state}{trust})"


def read_material(file: Path) -> str:
    """Return what a file holds.

    Raises:
        ClickException: it cannot be read as text.
    """
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{file} cannot be read ({error})") from error


def save_key(key: "SsoKey") -> "SsoKey":
    """Keep the key.

    Raises:
        ClickException: something is wrong with it; the message says what.
    """
    from django.core.exceptions import ValidationError

    from belowline.accounts.actions.add_sso_key import add_sso_key

    try:
        return add_sso_key(key=key)
    except ValidationError as error:
        raise click.ClickException("; ".join(error.messages)) from error
