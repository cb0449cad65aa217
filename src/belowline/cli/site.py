"""`belowline site`: a site's name, language and address, and who may write under its articles."""

import click


@click.command(short_help="Show or change a site's name, language and address.")
@click.argument("site")
@click.option("--name", help="What readers are told that the publication is called.")
@click.option("--language", help="Of readers' pages, such as de; \"\" is the first of the policy's languages.")
@click.option("--contact", help='The e-mail address that readers may write to; "" is none.')
@click.option("--verified-email", type=click.Choice(["yes", "no"]), help="Must readers confirm their address first?")
def site(site: str, name: str | None, language: str | None, contact: str | None, verified_email: str | None) -> None:
    """Change what is given about SITE, and print what holds now. Without options, nothing is changed."""
    from belowline.cli.policy import find_site

    found = find_site(site)
    from belowline.moderation.languages import spoken
    from belowline.stories.actions.set_site import SiteChanges, set_site
    from belowline.stories.errors import StoryInputError

    if language and not (language := spoken(asked := language)):
        raise click.ClickException(f"readers' pages do not speak {asked[:20]} here; see docs/how-to/languages.md")
    verified = None if verified_email is None else verified_email == "yes"
    try:
        set_site(site=found, changes=SiteChanges(name, language, contact, verified))
    except StoryInputError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"name\t{found.name}")
    click.echo(f"language\t{found.language}")
    click.echo(f"contact\t{found.contact_email}")
    click.echo(f"verified-email\t{'yes' if found.requires_verified_email else 'no'}")
