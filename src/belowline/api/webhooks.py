"""The publisher's webhooks in the API: added, changed, tried out, and what did not arrive sent again.

A publisher's key manages where messages go. That they hold texts or people, the operator alone says
(`belowline webhooks set`): a key that is lost gives nobody what readers did not see.
"""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router, Schema, Status
from pydantic import BaseModel, Field

from belowline.notifications.actions.add_webhook import WebhookFields, add_webhook
from belowline.notifications.actions.change_webhook import change_webhook
from belowline.notifications.actions.change_webhook_secret import change_webhook_secret
from belowline.notifications.actions.enable_webhook import enable_webhook
from belowline.notifications.actions.remove_webhook import remove_webhook
from belowline.notifications.actions.resend_messages import resend_messages
from belowline.notifications.actions.try_webhook import try_webhook
from belowline.notifications.errors import WebhookError
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.signing import secret_of
from belowline.notifications.webhooks.types import TYPES, type_of

PAGE = 100
MAX_ID = 2**63 - 1
router = Router()
Number = Annotated[int, Field(ge=1, le=MAX_ID)]
Types = Annotated[
    list[Annotated[str, Field(max_length=50, json_schema_extra={"enum": list(TYPES)})]],
    Field(max_length=len(TYPES), description="Types of messages. Empty: all of them, those to come too."),
]


class WebhookIn(BaseModel):
    """A new endpoint."""

    url: str = Field(min_length=1, max_length=500, description="https, without user name and port.")
    label: str = Field("", max_length=100)
    types: Types = []


class WebhookChange(BaseModel):
    """What is to be another; what is absent, or null, stays as it was."""

    url: str | None = Field(None, min_length=1, max_length=500)
    label: str | None = Field(None, max_length=100)
    types: Types | None = None
    is_on: bool | None = Field(None, strict=True, description="true: switch it on again. It cannot be set to false.")


class WebhookOut(Schema):
    """An endpoint, and how it does."""

    id: int
    url: str
    label: str
    types: list[str]
    sends_text: bool
    sends_author: bool
    is_on: bool
    disabled_because: str
    failing_since: datetime | None
    waiting: int = Field(description="Messages that are to be sent.")
    dead: int = Field(description="Messages that could not be delivered.")


class SecretOut(WebhookOut):
    """An endpoint with the secret that its messages are signed with."""

    secret: str


class MessageOut(Schema):
    """A message, without what it says."""

    id: str = Field(description="As in the header webhook-id.")
    type: str
    state: str
    tries: int
    status: int | None
    problem: str
    created_at: datetime
    ended_at: datetime | None


class Resent(Schema):
    """How many messages are sent again."""

    count: int


class ResendIn(BaseModel):
    """What to send again."""

    since: datetime | None = Field(None, description="All that happened from then on. Absent: what was given up.")


@router.get("", response=list[WebhookOut], operation_id="list_webhooks")
def list_webhooks(request: HttpRequest) -> list[dict[str, Any]]:
    """Return the endpoints of the key's site, the oldest first."""
    return [_out(row) for row in _own(request).order_by("pk")]


@router.post("", response={201: SecretOut}, operation_id="add_webhook")
def add(request: HttpRequest, webhook: WebhookIn) -> Status[dict[str, Any]]:
    """Add an endpoint; it is told what happens from now on."""
    row = add_webhook(site=_site(request), fields=WebhookFields(webhook.url, webhook.label, list(webhook.types)))
    return Status(201, _with_secret(row))


@router.get("/{webhook_id}", response=WebhookOut, operation_id="get_webhook")
def get(request: HttpRequest, webhook_id: Number) -> dict[str, Any]:
    """Return an endpoint."""
    return _out(_find(request, webhook_id))


@router.patch("/{webhook_id}", response=WebhookOut, operation_id="change_webhook")
def change(request: HttpRequest, webhook_id: Number, webhook: WebhookChange) -> dict[str, Any]:
    """Change an endpoint, or switch it on again."""
    row = _find(request, webhook_id)
    if webhook.is_on is False:
        raise WebhookError("Remove the webhook to be told nothing more: is_on can only be set to true.")
    if webhook.url not in {None, row.url} and (row.sends_text or row.sends_author):
        raise WebhookError(
            "This webhook sends texts or people: only the operator gives it another address.", code="webhook_operator"
        )
    change_webhook(webhook=row, fields=WebhookFields(webhook.url, webhook.label, webhook.types))
    if webhook.is_on:
        enable_webhook(webhook=row)
    return _out(row)


@router.delete("/{webhook_id}", response={204: None}, operation_id="remove_webhook")
def remove(request: HttpRequest, webhook_id: Number) -> Status[None]:
    """Forget an endpoint, and all messages to it."""
    remove_webhook(webhook=_find(request, webhook_id))
    return Status(204, None)


@router.post("/{webhook_id}/secret", response=SecretOut, operation_id="change_webhook_secret")
def change_secret(request: HttpRequest, webhook_id: Number, *, at_once: bool = False) -> dict[str, Any]:
    """Make another secret. For a day messages are signed with both; `at_once` drops the earlier one."""
    row = _find(request, webhook_id)
    change_webhook_secret(webhook=row, at_once=at_once)
    return _with_secret(row)


@router.post("/{webhook_id}/try", response=MessageOut, operation_id="try_webhook")
def try_out(request: HttpRequest, webhook_id: Number) -> dict[str, Any]:
    """Send a message of the type webhook.test now."""
    return _message(try_webhook(webhook=_find(request, webhook_id)))


@router.post("/{webhook_id}/resend", response=Resent, operation_id="resend_messages")
def resend(request: HttpRequest, webhook_id: Number, what: ResendIn) -> dict[str, int]:
    """Send again what could not be delivered, or all that has happened since a time."""
    return {"count": resend_messages(webhook=_find(request, webhook_id), since=what.since)}


@router.get("/{webhook_id}/messages", response=list[MessageOut], operation_id="list_messages")
def list_messages(
    request: HttpRequest,
    webhook_id: Number,
    state: Annotated[Message.State, Query()] = Message.State.DEAD,
    before: Annotated[
        str, Query(max_length=40, description="Only those that are older than the one with this id.")
    ] = "",
) -> list[dict[str, Any]]:
    """Return up to 100 messages in a state, the newest first."""
    found = _find(request, webhook_id).messages.filter(state=state)
    if before:
        found = found.filter(pk__lt=found.model.objects.filter(number=before).values("pk")[:1])
    return [_message(row) for row in found.select_related("event").order_by("-pk")[:PAGE]]


def _site(request: HttpRequest) -> Any:
    return request.auth  # type: ignore[attr-defined] # ninja sets it


def _own(request: HttpRequest) -> Any:
    return Webhook.objects.filter(site=_site(request)).select_related("site")


def _find(request: HttpRequest, webhook_id: int) -> Webhook:
    found: Webhook | None = _own(request).filter(pk=webhook_id).first()
    if found is None:
        raise WebhookError("There is no webhook with this number.", code="webhook_not_found")
    return found


def _out(row: Webhook) -> dict[str, Any]:
    counted = {state: row.messages.filter(state=state).count() for state in (Message.State.WAITING, Message.State.DEAD)}
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in ("url", "label", "types", "sends_text", "sends_author", "is_on")},
        "disabled_because": row.disabled_because,
        "failing_since": row.failing_since,
        "waiting": counted[Message.State.WAITING],
        "dead": counted[Message.State.DEAD],
    }


def _with_secret(row: Webhook) -> dict[str, Any]:
    return _out(row) | {"secret": secret_of(row.nonce)}


def _message(row: Message) -> dict[str, Any]:
    return {
        "id": row.number,
        "type": type_of(row.event.tag) if row.event else "webhook.test",
        **{name: getattr(row, name) for name in ("state", "tries", "status", "problem", "created_at", "ended_at")},
    }
