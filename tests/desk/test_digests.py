"""The desk's page of digests: one's own mail, and the channels of the newsroom for administrators."""

import pytest
from django.core import mail

from belowline.notifications.channel_models import Channel

MAIL = {"kind": "mail", "frequency": "daily", "tells_escalations": "on"}
HOOK = {"kind": "slack", "frequency": "hourly", "label": "#desk", "address": "https://hooks.example/T/B/secret"}


def shown(client):
    answer = client.get("/desk/digests/")
    assert answer.status_code == 200
    return answer.content.decode()


def add(client, fields, **changes):
    return client.post("/desk/digests/add/", fields | changes)


@pytest.mark.parametrize(("who", "status"), [("stranger", 302), ("as_reader", 403)])
def test_moderators_alone(request, channel, who, status):
    row, client = channel("mail"), request.getfixturevalue(who)

    assert client.get("/desk/digests/").status_code == status
    assert add(client, MAIL).status_code == status
    assert client.post(f"/desk/digests/{row.pk}/remove/").status_code == status
    assert client.post(f"/desk/digests/{row.pk}/try/").status_code == status
    assert Channel.objects.get() == row
    assert mail.outbox == []


def test_looking_changes_nothing(as_moderator, channel):
    row = channel("mail")
    for path in ("add/", f"{row.pk}/remove/", f"{row.pk}/try/"):
        assert as_moderator.get(f"/desk/digests/{path}").status_code == 405
    assert mail.outbox == []


def test_ones_own_mail_and_stopping_it(as_moderator, moderator, site):
    assert "Write to desk@gazette.example" in shown(as_moderator)
    assert add(as_moderator, MAIL)["Location"] == "/desk/digests/"
    row = Channel.objects.get()
    assert (row.user, row.frequency, row.has_excerpts, row.tells_escalations) == (moderator, "daily", False, True)
    page = shown(as_moderator)
    assert "Digests come by mail, once a day at most." in page
    assert "Every site · quotes nothing · escalations at once · nothing sent yet" in page

    as_moderator.post(f"/desk/digests/{row.pk}/remove/")
    assert not Channel.objects.exists()
    assert "No more digests go there." in shown(as_moderator)


def test_moderators_see_and_add_no_channels_of_many(as_moderator, channel, admin):
    row = channel()

    page = shown(as_moderator)
    assert "To the newsroom’s channels" not in page
    assert "#desk" not in page
    assert add(as_moderator, HOOK).status_code == 403
    assert as_moderator.post(f"/desk/digests/{row.pk}/remove/").status_code == 403
    assert as_moderator.post(f"/desk/digests/{row.pk}/try/").status_code == 403
    assert Channel.objects.get() == row


def test_administrators_add_and_remove_channels(as_admin, site):
    assert add(as_admin, HOOK, site=str(site.pk), section="news", has_excerpts="on")["Location"] == "/desk/digests/"
    row = Channel.objects.get()
    assert (row.site, row.section, row.has_excerpts, row.tells_escalations) == (site, "news", True, False)

    page = shown(as_admin)
    assert "hooks.example" in page
    assert "secret" not in page
    assert "The Gazette, news · quotes comments · nothing sent yet" in page
    as_admin.post(f"/desk/digests/{row.pk}/remove/")
    as_admin.post(f"/desk/digests/{row.pk}/remove/")
    assert not Channel.objects.exists()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"address": "http://hooks.example/x"}, "must begin with https://"),
        ({"kind": "pigeon"}, "Choose what it is"),
        ({"section": "news"}, "choose the site, too"),
        ({"site": "999"}, "not there any more"),
        ({"site": "9" * 40}, "not there any more"),
        ({"label": "n\x00" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_wrong_comes_back_with_what_was_typed(as_admin, changes, said):
    answer = add(as_admin, HOOK, **changes)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert f'value="{changes.get("address", HOOK["address"])}"' in page
    assert not Channel.objects.exists()


def test_one_is_sent_now(as_admin, channel, hook, held):
    row = channel(address=hook.address)
    as_admin.post(f"/desk/digests/{row.pk}/try/")

    assert "1 waits" in hook.got[0][2]["text"]
    assert "Sent." in shown(as_admin)


def test_also_where_nothing_waits(as_moderator, channel, site):
    as_moderator.post(f"/desk/digests/{channel('mail').pk}/try/")

    assert mail.outbox[0].subject == "Desk: Nothing waits"
    assert "Nothing waits at the desk." in mail.outbox[0].body


def test_why_it_could_not_be_sent(as_admin, channel, hook):
    hook.status = 410
    row = channel(address=hook.address)
    as_admin.post(f"/desk/digests/{row.pk}/try/")

    page = shown(as_admin)
    assert "It could not be sent. It answered with status 410." in page
    assert "The last one could not be sent." in page


def test_to_nobody_who_left(as_admin, channel, moderator):
    row = channel("mail")
    moderator.role = "reader"
    moderator.save()
    as_admin.post(f"/desk/digests/{row.pk}/try/")

    assert "may not see the desk there any more" in shown(as_admin)
    assert mail.outbox == []


def test_a_moderator_of_one_site_chooses_that_one(sign_in, local, site, other_site):
    client = sign_in(local(site))
    page = shown(client)

    assert "Every site" not in page
    assert "The Gazette</option>" in page
    assert "The Courier" not in page
    assert add(client, MAIL).status_code == 403
    assert add(client, MAIL, site=str(other_site.pk)).status_code == 403
    assert add(client, MAIL, site=str(site.pk)).status_code == 302
    assert Channel.objects.get().site == site


def test_an_administrator_of_one_site_adds_channels_there(sign_in, local, site, other_site, channel):
    channel(label="#everything")
    client = sign_in(local(site, "admin"))

    assert "#everything" not in shown(client)
    assert add(client, HOOK).status_code == 403
    assert add(client, HOOK, site=str(other_site.pk)).status_code == 403
    assert add(client, HOOK, site=str(site.pk)).status_code == 302


def test_auditors_get_none(as_auditor):
    assert as_auditor.get("/desk/digests/").status_code == 403
    assert add(as_auditor, MAIL).status_code == 403
