"""`belowline theme`: gives a site's readers' pages the paper's own colours and fonts."""

import click


@click.command(short_help="Give readers' pages the paper's own look.")
@click.argument("site")
@click.argument("properties", nargs=-1)
def theme(site: str, properties: tuple[str, ...]) -> None:
    """Set PROPERTIES (name=value) of the theme of SITE, and print the theme.

    A property without a value (accent=) goes back to what is shipped. Without PROPERTIES, nothing is changed. A colour
    that could not be read well is refused, with the nearest one that can be.
    """
    from belowline.cli.policy import find_site

    found = find_site(site)
    from belowline.stories.actions.save_theme import save_theme
    from belowline.stories.theme import ThemeError

    if properties:
        wished = {**found.theme, **dict(split_property(one) for one in properties)}
        try:
            save_theme(site=found, theme=wished)
        except ThemeError as error:
            raise click.ClickException(error.message) from error
    for name, value in sorted(found.theme.items()):
        click.echo(f"{name}\t{value}")


def split_property(text: str) -> tuple[str, str]:
    """Return name and value of name=value.

    Raises:
        UsageError: there is no =.
    """
    name, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"write {text} as {text}=VALUE; quote a value with spaces or #")
    return name.strip(), value
