"""Statements of reasons go to the EU's Transparency Database, each one once."""

from collections.abc import Iterator, Sequence

from django.db import transaction

from belowline.events import tags
from belowline.events.models import Event, record_event
from belowline.moderation.models import Decision
from belowline.moderation.statements.client import Client, Record, Refused, Sent

LOOK_UP = 500


def send_statements(*, statements: Sequence[tuple[Decision, Record]], client: Client) -> Iterator[list[Sent | Refused]]:
    """Send what was not sent to this address yet; yield each answer, after what was sent is written down.

    The operator does this: whoever may run commands may send.

    Raises:
        StatementError: the database cannot be reached, or refuses; what was sent before stays written down.
    """
    fresh = unsent(statements, client.url)
    decisions = {record["puid"]: decision for decision, record in fresh}
    for answer in client.send([record for _, record in fresh]):
        with transaction.atomic():
            for result in answer:
                if isinstance(result, Sent):
                    _record(decisions[result.puid], result, client.url)
        yield answer


def unsent(statements: Sequence[tuple[Decision, Record]], url: str) -> list[tuple[Decision, Record]]:
    """Return those that were not sent to this address."""
    ids = [decision.pk for decision, _ in statements]
    sent: set[int] = set()
    for start in range(0, len(ids), LOOK_UP):
        events = Event.objects.filter(
            tag=tags.STATEMENT_SENT, subject_id__in=ids[start : start + LOOK_UP], data__to=url
        )
        sent.update(events.values_list("subject_id", flat=True))
    return [(decision, record) for decision, record in statements if decision.pk not in sent]


def _record(decision: Decision, result: Sent, url: str) -> None:
    record_event(
        tags.STATEMENT_SENT,
        subject_id=decision.pk,
        site_id=decision.comment.story.site_id,
        puid=result.puid,
        uuid=result.uuid,
        to=url,
    )
