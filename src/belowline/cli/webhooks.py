"""`belowline webhooks`: where a publisher's systems are told what happens."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from belowline.notifications.webhooks.models import Webhook

SHOWN = 50
"""Messages that `belowline webhooks dead` lists."""
type_option = click.option("--type", "types", multiple=True, help="A type of messages; may be repeated. Default: all.")


@click.group()
def webhooks() -> None:
    """Add, list and remove webhooks, and send again what did not arrive."""
    from belowline.cli.django import require_secret_key, set_up

    set_up()
    require_secret_key()


@webhooks.command()
@click.option("--site", "site_key", required=True, help="The key of the site.")
@click.option("--label", help="What to call it.")
@type_option
@click.option("--text/--no-text", default=None, help="Send the texts of comments, also of those that wait.")
@click.option("--author/--no-author", default=None, help="Send the publisher's own id of the author.")
@click.argument("url")
def add(  # noqa: PLR0913, PLR0917 - a command's options
    url: str,
    site_key: str,
    label: str | None,
    types: tuple[str, ...],
    text: bool | None,  # noqa: FBT001 - a command's flag
    author: bool | None,  # noqa: FBT001 - a command's flag
) -> None:
    """Add the endpoint at URL, and print the secret that its messages are signed with."""
    from belowline.cli.policy import find_site
    from belowline.notifications.actions.add_webhook import WebhookFields, add_webhook
    from belowline.notifications.webhooks.signing import secret_of

    site = find_site(site_key)
    with errors():
        row = add_webhook(site=site, fields=WebhookFields(url, label, list(types), text, author))
    click.echo(secret_of(row.nonce))
    click.echo(f"Webhook {row.pk} of {site.name}: the endpoint checks signatures with this secret.", err=True)


@webhooks.command("list")
@click.option("--site", "site_key", help="Only those of the site with this key.")
def list_webhooks(site_key: str | None) -> None:
    """List the endpoints with how they do."""
    from belowline.notifications.webhooks.models import Webhook

    found = Webhook.objects.select_related("site").order_by("pk")
    for row in found.filter(site__key=site_key) if site_key else found:
        click.echo(describe(row))


@webhooks.command("set")
@click.argument("number", type=int)
@click.option("--url", help="Another address; what waits goes there.")
@click.option("--label", help="What to call it.")
@type_option
@click.option("--all-types", is_flag=True, help="All types, also those to come.")
@click.option("--text/--no-text", default=None, help="Send the texts of comments, also of those that wait.")
@click.option("--author/--no-author", default=None, help="Send the publisher's own id of the author.")
def change(  # noqa: PLR0913, PLR0917 - a command's options
    number: int,
    url: str | None,
    label: str | None,
    types: tuple[str, ...],
    all_types: bool,  # noqa: FBT001 - a command's flag
    text: bool | None,  # noqa: FBT001 - a command's flag
    author: bool | None,  # noqa: FBT001 - a command's flag
) -> None:
    """Change what is given about the webhook with this NUMBER."""
    from belowline.notifications.actions.add_webhook import WebhookFields
    from belowline.notifications.actions.change_webhook import change_webhook

    if types and all_types:
        raise click.UsageError("name types, or say --all-types")
    row = find_webhook(number)
    named = list(types) if types or all_types else None
    with errors():
        change_webhook(webhook=row, fields=WebhookFields(url, label, named, text, author))
    click.echo(describe(row))


@webhooks.command()
@click.argument("number", type=int)
def remove(number: int) -> None:
    """Forget the webhook with this NUMBER, and all messages to it."""
    from belowline.notifications.actions.remove_webhook import remove_webhook

    remove_webhook(webhook=find_webhook(number))
    click.echo(f"Webhook {number} is removed.")


@webhooks.command()
@click.argument("number", type=int)
@click.option("--new", is_flag=True, help="Make another one; for a day messages are signed with both.")
@click.option("--at-once", is_flag=True, help="With --new: drop the earlier one now, for somebody else knows it.")
def secret(number: int, new: bool, at_once: bool) -> None:  # noqa: FBT001 - a command's flags
    """Print the secret of the webhook with this NUMBER."""
    from belowline.notifications.actions.change_webhook_secret import change_webhook_secret
    from belowline.notifications.webhooks.signing import secret_of

    row = find_webhook(number)
    if at_once and not new:
        raise click.UsageError("--at-once goes with --new")
    click.echo(change_webhook_secret(webhook=row, at_once=at_once) if new else secret_of(row.nonce))


@webhooks.command("try")
@click.argument("number", type=int)
def try_out(number: int) -> None:
    """Send a message of the type webhook.test now, and say what was answered."""
    from belowline.notifications.actions.try_webhook import try_webhook

    row = find_webhook(number)
    with errors():
        message = try_webhook(webhook=row)
    click.echo(f"The endpoint took message {message.number} (status {message.status}).")


@webhooks.command()
@click.argument("number", type=int)
def enable(number: int) -> None:
    """Switch the webhook with this NUMBER on again."""
    from belowline.notifications.actions.enable_webhook import enable_webhook

    was_off = enable_webhook(webhook=find_webhook(number))
    click.echo(f"Webhook {number} is on." if was_off else f"Webhook {number} was on.")


@webhooks.command()
@click.argument("number", type=int)
def dead(number: int) -> None:
    """List what could not be delivered to the webhook with this NUMBER, the newest first."""
    from belowline.notifications.webhooks.models import Message

    row = find_webhook(number)
    found = row.messages.filter(state=Message.State.DEAD).select_related("event").order_by("-pk")
    for message in found[:SHOWN]:
        what = f"{message.event.tag} {message.event.subject_id}" if message.event else "webhook.test"
        click.echo(f"{message.created_at:%Y-%m-%d %H:%M}  {what:<28} {message.number}  {message.problem}")
    if (left := found.count() - SHOWN) > 0:
        click.echo(f"and {left:,} older ones", err=True)


@webhooks.command()
@click.argument("number", type=int)
@click.option(
    "--since", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Send again all that happened from then on."
)
def resend(number: int, since: datetime | None) -> None:
    """Send again what could not be delivered to the webhook with this NUMBER."""
    from django.utils import timezone

    from belowline.notifications.actions.resend_messages import resend_messages

    row = find_webhook(number)
    with errors():
        count = resend_messages(webhook=row, since=timezone.make_aware(since) if since else None)
    click.echo(f"{count:,} messages are sent again.")


@contextmanager
def errors() -> Iterator[None]:
    """Turn an error about a webhook into a sentence on stderr."""
    from belowline.notifications.errors import WebhookError

    try:
        yield
    except WebhookError as error:
        raise click.ClickException(error.message) from error


def describe(row: "Webhook") -> str:
    """Return a webhook in one line."""
    from belowline.notifications.webhooks.models import Message

    told = ", ".join(row.types) or "all types"
    more = "".join(f", {word}" for word, has in (("text", row.sends_text), ("author", row.sends_author)) if has)
    waiting = row.messages.filter(state=Message.State.WAITING).count()
    dead_ones = row.messages.filter(state=Message.State.DEAD).count()
    state = f"off: {row.disabled_because}" if not row.is_on else f"{waiting} wait, {dead_ones} dead"
    return f"{row.pk:>4}  {row.site.key}  {row.url}  {row.label}  ({told}{more}; {state})"


def find_webhook(number: int) -> "Webhook":
    """Return a webhook by its number.

    Raises:
        ClickException: there is none.
    """
    from belowline.notifications.webhooks.models import Webhook

    found = Webhook.objects.select_related("site").filter(pk=number).first() if abs(number) < 2**63 else None
    if found is None:
        raise click.ClickException(f"there is no webhook {number}; `belowline webhooks list` shows them")
    return found
