"""Notifications on the page: listed, counted, opened, marked as read; nobody else's."""

import html

import pytest

from belowline.comments.models import Pick
from belowline.notifications.models import Notification
from belowline.notifications.words import public_address


@pytest.fixture
def page(as_reader):
    def call(query=""):
        answer = as_reader.get(f"/me/notifications/{query}")
        assert answer.status_code == 200
        return html.unescape(answer.content.decode())

    return call


@pytest.fixture
def reply(reader, other_reader, written):
    def call(text="An answer about the tolls."):
        comment = written(text, author=other_reader, parent=written())
        return Notification.objects.create(user=reader, kind="reply", comment=comment)

    return call


def test_strangers_sign_in_first(stranger, site):
    for path in ("", "1/"):
        assert stranger.get(f"/me/notifications/{path}").status_code == 302
    assert stranger.post("/me/notifications/read/").status_code == 302


def test_nothing_yet(page, site):
    assert "Nothing yet." in page()


def test_a_reply_is_new_until_it_is_opened(page, reply, as_reader):
    row = reply("<b>An</b> answer.")
    shown = page()

    assert "Ken Stubbs replied to you under “Harbour bridge closed for repairs”" in shown
    assert '<strong class="dot">New</strong>' in shown
    assert "<b>An</b> answer." in shown  # unescaped here; below it is text
    assert "<b>An</b>" not in as_reader.get("/me/notifications/").content.decode()

    opened = as_reader.get(f"/me/notifications/{row.pk}/")
    assert (opened.status_code, opened["Location"]) == (302, public_address(row.comment))
    assert "New</strong>" not in page()


def test_the_count_stands_in_the_bar_and_on_the_readers_pages(page, reply, as_reader, as_other_reader):
    for _ in range(2):
        reply()
    count = '<span class="unread-count">2<span class="visually-hidden"> unread</span></span>'

    assert page().count(count) == 2
    assert as_reader.get("/me/?embed=1").content.decode().count(count) == 1
    assert 'class="unread-count"' not in as_other_reader.get("/me/").content.decode()


def test_all_at_once(page, reply, as_reader):
    for _ in range(2):
        reply()
    answer = as_reader.post("/me/notifications/read/?embed=1")

    assert (answer.status_code, answer["Location"]) == (302, "/me/notifications/?embed=1")
    assert "Mark all as read" not in page()
    assert not Notification.objects.filter(read_at=None).exists()


def test_the_frame_is_kept(reply, as_reader):
    row = reply()

    assert f'href="/me/notifications/{row.pk}/?embed=1"' in as_reader.get("/me/notifications/?embed=1").content.decode()
    location = as_reader.get(f"/me/notifications/{row.pk}/?embed=1")["Location"]
    assert "?embed=1" in location


@pytest.mark.parametrize("who", ["as_other_reader", "as_moderator"])
def test_nobody_elses(request, who, reply):
    client = request.getfixturevalue(who)
    row = reply()

    assert "Nothing yet." in client.get("/me/notifications/").content.decode()
    assert client.get(f"/me/notifications/{row.pk}/").status_code == 404
    client.post("/me/notifications/read/")
    assert Notification.objects.get().read_at is None


@pytest.mark.parametrize("number", ["0", "999999999999999999", "9" * 40])
def test_what_is_not_there(as_reader, site, number):
    assert as_reader.get(f"/me/notifications/{number}/").status_code == 404


def test_what_is_gone_is_not_shown(page, reply):
    reply().comment.change_status("removed")

    assert "Nothing yet." in page()


def test_a_pick_with_the_editors_sentence(page, reader, written, moderator):
    comment = written()
    Pick.objects.create(comment=comment, sentence="Sums it up.", picked_by=moderator)
    Notification.objects.create(user=reader, kind="pick", comment=comment)

    assert "Sums it up." in page()


def test_pages_of_twenty(page, reply):
    for _ in range(21):
        reply()

    assert page().count('<li class="fresh">') == 20
    assert page("?page=2").count('<li class="fresh">') == 1
    assert 'href="?page=2"' in page()


def test_reading_is_no_posting(as_reader, site):
    assert as_reader.post("/me/notifications/").status_code == 405
    assert as_reader.get("/me/notifications/read/").status_code == 405
