"""`belowline keys`: API keys for those who called Perspective."""

import json
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.compat.models import ApiKey


@click.group()
def keys() -> None:
    """Make, list and take back the API keys of the Perspective door."""
    from belowline.cli.django import set_up_engine

    set_up_engine()


@keys.command()
@click.argument("label")
@click.option("--quota", default=6_000, show_default=True, help="Comments that may be scored in a minute.")
@click.option("--calibrated", is_flag=True, help="Give shares of raters instead of Perspective's old scale.")
@click.option(
    "--language", "languages", multiple=True, default=["en"], help="A language of the texts; may be repeated."
)
@click.option("--site", "site_key", help="The key of the site that the API key belongs to.")
def create(label: str, quota: int, calibrated: bool, languages: tuple[str, ...], site_key: str | None) -> None:  # noqa: FBT001 - a command's flag
    """Make a key; it is shown once."""
    from django.core.exceptions import ValidationError

    from belowline.cli.policy import find_site
    from belowline.compat.actions.issue_key import issue_key
    from belowline.compat.models import ApiKey

    scale = ApiKey.Scale.CALIBRATED if calibrated else ApiKey.Scale.PERSPECTIVE
    site = find_site(site_key) if site_key else None
    try:
        row, token = issue_key(label=label, site=site, quota_per_minute=quota, scale=scale, languages=languages)
    except ValidationError as error:
        raise click.ClickException("; ".join(error.messages)) from error
    click.echo(token)
    click.echo(
        f"Key {row.pk}, “{label}”: shown this once. {quota} comments a minute, on the {row.scale} scale.", err=True
    )


@keys.command("list")
def list_keys() -> None:
    """List all keys with what they were used for today."""
    from belowline.compat.models import ApiKey

    for key in ApiKey.objects.select_related("site").order_by("pk"):
        click.echo(describe(key))


@keys.command()
@click.argument("number", type=int)
def revoke(number: int) -> None:
    """Take the key with this NUMBER back; running servers notice within five seconds."""
    from belowline.compat.actions.issue_key import revoke_key

    revoke_key(key=find_key(number))
    click.echo(f"Key {number} is revoked.")


@keys.command()
@click.argument("number", type=int)
def use(number: int) -> None:
    """Show what the key with this NUMBER was used for, a line a day."""
    from belowline.compat.models import use_of_days

    click.echo(f"{'day':<12}{'calls':>10}{'comments':>10}{'errors':>10}{'refused':>10}")
    for row in use_of_days(find_key(number)):
        click.echo(
            f"{row['day']!s:<12}" + "".join(f"{row[name]:>10}" for name in ("calls", "comments", "errors", "refused"))
        )


@keys.command()
@click.option("--community", help="Only suggestions for this community.")
@click.argument("number", type=int)
def history(number: int, community: str | None) -> None:
    """Write what was suggested with the key of this NUMBER as JSON lines, the oldest first."""
    from belowline.compat.models import Suggestion

    found = Suggestion.objects.filter(key=find_key(number)).order_by("pk")
    if community is not None:
        found = found.filter(community=community)
    for row in found.iterator():
        line = {
            "text": row.text,
            "context": row.context,
            "scores": row.attribute_scores,
            "languages": row.languages,
            "community": row.community,
            "client_token": row.client_token,
            "at": row.changed_at.isoformat(),
        }
        click.echo(json.dumps(line, ensure_ascii=False))


def describe(key: "ApiKey") -> str:
    """Return a key in one line."""
    state = "revoked" if key.revoked_at else f"{key.quota_per_minute}/min, {key.scale}, {' '.join(key.languages)}"
    return f"{key.pk:>4}  {key.shown:<10} {key.label}  ({state}{f', {key.site.key}' if key.site else ''})"


def find_key(number: int) -> "ApiKey":
    """Return a key by its number.

    Raises:
        ClickException: there is none.
    """
    from belowline.compat.models import ApiKey

    found = ApiKey.objects.filter(pk=number).first()
    if found is None:
        raise click.ClickException(f"there is no key {number}; `belowline keys list` shows them")
    return found
