"""Endpoints of a publisher's, as rows and as a server that listens."""

import pytest

from belowline.notifications.webhooks.models import Message


@pytest.fixture
def told(hook):
    """What the listening server was told: the bodies of messages, the oldest first."""
    return lambda: [body for _, _, body in hook.got]


@pytest.fixture
def waiting():
    """What waits for an endpoint, or for any: the tags of the messages' events."""

    def call(webhook=None):
        found = Message.objects.filter(state="waiting").order_by("pk")
        found = found if webhook is None else found.filter(webhook=webhook)
        return list(found.values_list("event__tag", flat=True))

    return call
