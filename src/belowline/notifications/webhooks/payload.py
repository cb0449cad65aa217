"""What a message says: ids and states as they are when it is sent, texts and people only where the endpoint may know.

Whoever deletes a comment, or an account, is in no message that is sent later, however long that one has waited.
"""

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from belowline.accounts.models import Identity
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.models import Appeal, Notice, Report
from belowline.moderation.sanction_models import Sanction
from belowline.notifications.webhooks.models import Message, Webhook
from belowline.notifications.webhooks.types import TEST, type_of
from belowline.stories.discussion import discussion_state
from belowline.stories.models import Story

Data = dict[str, Any]


def body_of(message: Message) -> bytes:
    """Return the body of a message, with `webhook__site` and `event` at hand."""
    event, webhook = message.event, message.webhook
    if event is None:
        told: Data = {"type": TEST, "timestamp": message.created_at, "site": webhook.site.key, "data": {}}
    else:
        subject = event.tag.partition(":")[0]
        told = {
            "type": type_of(event.tag),
            "timestamp": event.created_at,
            "site": webhook.site.key,
            "data": BUILDERS[subject](event, webhook),
        }
    told["timestamp"] = timezone.localtime(told["timestamp"], timezone.get_fixed_timezone(0)).isoformat()
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _of_comment(event: Event, webhook: Webhook) -> Data:
    data: Data = {"comment": comment_fields(event.subject_id, webhook)}
    if "rules" in event.data:
        data["decision"] = {
            "id": event.data["decision"],
            "made_by": "machine" if event.actor_id is None else "person",
            "rules": event.data["rules"],
        }
    return data


def _of_appeal(event: Event, webhook: Webhook) -> Data:
    row = Appeal.objects.select_related("decision").get(pk=event.subject_id)
    appeal = {"id": row.pk, "decision": row.decision_id, "state": row.state}
    return {"appeal": appeal, "comment": comment_fields(row.decision.comment_id, webhook)}


def _of_report(event: Event, webhook: Webhook) -> Data:
    row = Report.objects.get(pk=event.subject_id)
    report = {"id": row.pk, "category": row.category, "state": row.state}
    return {"report": report, "comment": comment_fields(row.comment_id, webhook)}


def _of_notice(event: Event, webhook: Webhook) -> Data:
    row = Notice.objects.get(pk=event.subject_id)
    notice = {"id": row.pk, "category": row.category, "state": row.state}
    return {"notice": notice, "comment": comment_fields(row.comment_id, webhook)}


def _of_sanction(event: Event, webhook: Webhook) -> Data:
    row = Sanction.objects.get(pk=event.subject_id)
    measure: Data = {
        "id": row.pk,
        "kind": row.kind,
        "rule": row.rule,
        "begins_at": row.begins_at.isoformat(),
        "ends_at": row.ends_at and row.ends_at.isoformat(),
        "is_lifted": row.lifted_at is not None,
    }
    return {"measure": measure, **_author(row.user_id, webhook)}


def _of_story(event: Event, webhook: Webhook) -> Data:
    row = Story.objects.select_related("site").get(pk=event.subject_id)
    state = discussion_state(row)
    story = story_fields(row) | {
        "section": row.section,
        "mode": state.mode,
        "closed_reason": state.closed_reason,
        "closes_at": state.closes_at and state.closes_at.isoformat(),
        "comment_count": row.comment_count,
    }
    return {"story": story, "changed": event.data.get("changed", [])}


BUILDERS: dict[str, Callable[[Event, Webhook], Data]] = {
    "comment": _of_comment,
    "appeal": _of_appeal,
    "report": _of_report,
    "notice": _of_notice,
    "sanction": _of_sanction,
    "story": _of_story,
}
"""By the first half of a tag."""


def comment_fields(comment_id: int, webhook: Webhook) -> Data:
    """Return what a message says of a comment; its text, and who wrote it, only where the endpoint may know."""
    row = Comment.objects.select_related("story").get(pk=comment_id)
    fields = {
        "id": row.pk,
        "address": settings.BASE_URL + reverse("comment", args=[row.pk]),
        "story": story_fields(row.story),
        "reply_to": row.parent_id,
        "status": row.status,
        "created_at": row.created_at.isoformat(),
    }
    if webhook.sends_text and row.status != Comment.Status.DELETED:
        fields |= {"text": row.text_source, "html": row.body_html}
    return fields | _author(row.author_id, webhook)


def story_fields(row: Story) -> Data:
    """Return by what names a publisher knows a story."""
    return {"key": row.key, "url": row.url}


def _author(user_id: int, webhook: Webhook) -> Data:
    """Return the publisher's own id of a reader; null: it knows none, or the reader has closed the account."""
    if not webhook.sends_author:
        return {}
    ids = Identity.objects.filter(user=user_id, site=webhook.site_id).order_by("pk")
    return {"author": ids.values_list("subject", flat=True).first()}
