"""`belowline people`: who holds which role where; giving and withdrawing roles at the command line."""

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.accounts.models import User
    from belowline.stories.models import Site

ROLES = ("auditor", "moderator", "senior", "editor", "admin")
"""As accounts.permissions ranks them; Django is not there yet when the command is described."""
site_option = click.option("--site", "site_key", help="The key of the site; default: for everything.")
section_option = click.option("--section", default="", help="A section of the site; default: the whole site.")


@click.group(short_help="Show, give and withdraw the roles of staff.")
def people() -> None:
    """Show who holds which role where; give roles, and withdraw them."""
    from belowline.cli.django import set_up

    set_up()


@people.command("list")
def list_people() -> None:
    """List everybody who holds a role: address, name, role, and where."""
    from belowline.accounts.people import staff

    for person in staff():
        for held in person.roles:
            click.echo(f"{person.user.email}\t{person.user.display_name}\t{held.role}\t{held.place}")


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@site_option
@section_option
def grant(email: str, role: str, site_key: str | None, section: str) -> None:
    """Give the account with this EMAIL a ROLE."""
    from belowline.accounts.actions.grant_role import grant_role
    from belowline.accounts.errors import RoleError

    user, site = find_person(email), find_place(site_key)
    check_section(site, section)
    try:
        is_new = grant_role(user=user, role=role, by=None, site=site, section=section)
    except RoleError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{user.display_name} {'is' if is_new else 'was already'} {role} {where(site, section)}.")


@people.command("sign-out")
@click.argument("email")
def sign_out(email: str) -> None:
    """End all sessions of the account with this EMAIL: its device was lost, or somebody else knows its password."""
    from belowline.accounts.actions.end_sessions import end_sessions

    user = find_person(email)
    count = end_sessions(user=user, by_operator=True)
    click.echo(f"{user.display_name} is signed out everywhere ({count} sessions).")


@people.command()
@click.argument("email")
@click.argument("role", type=click.Choice(ROLES))
@site_option
@section_option
def withdraw(email: str, role: str, site_key: str | None, section: str) -> None:
    """Take a ROLE from the account with this EMAIL."""
    from belowline.accounts.actions.withdraw_role import withdraw_role
    from belowline.accounts.errors import RoleError

    user, site = find_person(email), find_place(site_key)
    try:
        withdraw_role(user=user, role=role, by=None, site=site, section=section)
    except RoleError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"{user.display_name} is no longer {role} {where(site, section)}.")


def find_person(email: str) -> "User":
    """Return the open account with this address.

    Raises:
        ClickException: there is none.
    """
    from belowline.accounts.models import User

    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user is None:
        raise click.ClickException(f"there is no open account with the address {email}; people sign up first")
    return user


def find_place(site_key: str | None) -> "Site | None":
    """Return the site with this key; None: everything.

    Raises:
        ClickException: there is no such site.
    """
    from belowline.cli.policy import find_site

    return None if site_key is None else find_site(site_key)


def check_section(site: "Site | None", section: str) -> None:
    """Refuse a section that no story of the site names.

    Raises:
        ClickException: there is no such section; the message names those that there are.
    """
    from belowline.stories.sections import sections_of

    if site is None or not section:
        return
    known = [found.name for found in sections_of(site) if found.name]
    if section not in known:
        raise click.ClickException(f"{site.key} has no section {section}; there are: {', '.join(known) or 'none'}")


def where(site: "Site | None", section: str) -> str:
    """Return the place in words."""
    if site is None:
        return "for everything"
    return f"for the section {section} of {site.name}" if section else f"for {site.name}"
