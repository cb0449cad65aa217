"""What is removed is forgotten, with all messages to it."""

from belowline.events.models import Event
from belowline.notifications.actions.remove_webhook import remove_webhook
from belowline.notifications.webhooks.models import Message, Webhook


def test_it_goes_with_its_messages(webhook, post):
    row, other = webhook(), webhook()
    post()
    remove_webhook(webhook=row)
    remove_webhook(webhook=Webhook(pk=row.pk or 1, site=other.site))

    assert list(Webhook.objects.all()) == [other]
    assert set(Message.objects.values_list("webhook", flat=True)) == {other.pk}
    assert Event.objects.filter(tag="webhook:removed").count() == 1
