"""How often a reader wants mail is kept, recorded, and acts on what waits already."""

from belowline.events.models import Event
from belowline.notifications.actions.set_frequencies import set_frequencies
from belowline.notifications.models import Frequency, Kind, Notification, NotificationSetting
from belowline.notifications.queries import frequencies_of

WANTED = {Kind.REPLY: Frequency.DAILY, Kind.PICK: Frequency.IMMEDIATE}


def test_only_what_is_new_is_kept_and_recorded(reader):
    assert set_frequencies(user=reader, wanted=WANTED) == [Kind.REPLY]
    assert frequencies_of(reader.pk)["reply"] == "daily"
    [event] = Event.objects.filter(tag="account:mail_set")
    assert (event.subject_id, event.actor_id, event.data) == (reader.pk, reader.pk, {"frequencies": {"reply": "daily"}})


def test_twice_is_once(reader):
    set_frequencies(user=reader, wanted=WANTED)

    assert set_frequencies(user=reader, wanted=WANTED) == []
    assert Event.objects.filter(tag="account:mail_set").count() == 1
    assert NotificationSetting.objects.count() == 1


def test_what_waits_of_a_kind_that_is_switched_off_is_not_mailed(reader, other_reader, written):
    comment = written()
    for user, kind in ((reader, "reply"), (reader, "pick"), (other_reader, "reply")):
        Notification.objects.create(user=user, kind=kind, comment=comment)
    set_frequencies(user=reader, wanted={Kind.REPLY: Frequency.OFF})

    assert sorted(Notification.objects.filter(is_mail_due=True).values_list("user", "kind")) == sorted(
        [(reader.pk, "pick"), (other_reader.pk, "reply")]
    )
