"""The desk's pages for the newsroom and for corrections."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.desks import held_at, listed_at


@pytest.fixture
def answer(as_moderator):
    def call(comment, outcome="keep", desk="newsroom", client=as_moderator, **fields):
        return client.post(f"/desk/{desk}/comments/{comment.pk}/answer/", {"outcome": outcome} | fields)

    return call


@pytest.fixture
def handle(as_moderator):
    def call(comment, desk="corrections", client=as_moderator):
        return client.post(f"/desk/{desk}/comments/{comment.pk}/handled/")

    return call


def shown(client, path="newsroom"):
    answer = client.get(f"/desk/{path}/")
    assert answer.status_code == 200
    return answer.content.decode()


def said(client, path="newsroom"):
    return re.findall(r'<div class="notice (\w+)[^"]*" role="status"><p>(.*?)</p>', shown(client, path))


PAGES = ["/desk/newsroom/", "/desk/corrections/"]


@pytest.mark.parametrize("path", PAGES)
def test_moderators_only(stranger, as_reader, path, message):
    assert stranger.get(path)["Location"].startswith("/accounts/login/")
    assert as_reader.get(path).status_code == 403


@pytest.mark.parametrize("path", ["answer", "handled"])
def test_only_moderators_act(stranger, as_reader, message, path):
    address = f"/desk/newsroom/comments/{message.pk}/{path}/"

    assert stranger.post(address)["Location"].startswith("/accounts/login/")
    assert as_reader.post(address, {"outcome": "publish"}).status_code == 403
    message.refresh_from_db()
    assert message.status == "held"


@pytest.mark.parametrize("path", ["newsroom", "corrections"])
def test_nothing_waits(as_moderator, site, path):
    assert "Nothing waits here." in shown(as_moderator, path)


def test_a_message_waits_here_and_not_among_the_held(as_moderator, message):
    page = shown(as_moderator)

    assert 'Newsroom <span class="quiet">1</span>' in page
    assert '<mark title="A message to us">paywall</mark>' in page
    assert "Keep as a message" in page
    assert f'href="/desk/?comment={message.pk}"' in page
    assert "Nothing waits. Well done." in as_moderator.get("/desk/").content.decode()


def test_by_its_address_it_can_be_seen_in_full_at_the_desk(as_moderator, message):
    page = as_moderator.get(f"/desk/?comment={message.pk}").content.decode()

    assert "All signals" in page
    assert "paywall" in page


def test_the_comment_above_is_shown(as_moderator, topic_site, post, published):
    post("The paywall hides the harbour bridge from me.", parent=published)

    assert f"In reply to {published.author.display_name}" in shown(as_moderator)


def test_kept(as_moderator, answer, message):
    seen = message.decisions.get().pk

    assert answer(message, last_seen=seen)["Location"] == "/desk/newsroom/"
    message.refresh_from_db()
    assert message.status == "rejected"
    assert said(as_moderator) == [("good", "Kept as a message, and the author is told: the comment by Marjorie Tench.")]
    assert "Undo" in shown(as_moderator)


def test_published_after_all(as_moderator, answer, message):
    answer(message, "publish")

    message.refresh_from_db()
    assert message.status == "published"
    assert said(as_moderator) == [("good", "Published under the article: the comment by Marjorie Tench.")]


@pytest.mark.parametrize("outcome", ["keep", "publish"])
def test_somebody_was_faster(as_moderator, answer, message, decide, outcome):
    decide(message)
    answer(message, outcome)

    message.refresh_from_db()
    assert message.status == "published"
    ((kind, words),) = said(as_moderator)
    assert kind == "bad"
    assert "Nothing was changed." in words or "no message" in words


def test_undo_brings_it_back(as_moderator, answer, message):
    answer(message)
    newest = message.decisions.order_by("-id")[0]

    as_moderator.post(f"/desk/decisions/{newest.pk}/undo/")

    assert held_at("newsroom").get() == message


@pytest.mark.parametrize("desk", ["moderators", "kitchen"])
def test_other_desks_have_no_page(answer, handle, message, desk):
    assert answer(message, desk=desk).status_code == 404
    assert handle(message, desk=desk).status_code == 404


def test_a_correction_is_listed_until_somebody_has_seen_to_it(as_moderator, handle, correction, moderator):
    page = shown(as_moderator, "corrections")
    assert "There is a mistake about the tolls" in page
    assert f'href="/discussion/{correction.story_id}/#c-{correction.pk}"' in page

    assert handle(correction)["Location"] == "/desk/corrections/"

    page = shown(as_moderator, "corrections")
    assert "Seen to: the comment by Marjorie Tench." in page
    assert "Nothing waits here." in page
    assert re.search(r"Seen to last.*There is a mistake about the tolls.*by Gazette Desk", page, re.DOTALL)
    assert Event.objects.get(tag="comment:handled").actor_id == moderator.pk


def test_twice_says_so(as_moderator, handle, correction):
    handle(correction)
    handle(correction)

    assert ("bad", "Somebody has seen to this comment already. Nothing was changed.") in said(
        as_moderator, "corrections"
    )


def test_a_comment_that_is_not_there(answer, handle, site):
    assert answer(Comment(pk=9)).status_code == 404
    assert handle(Comment(pk=9)).status_code == 404


def test_what_readers_write_is_shown_as_text(as_moderator, topic_site, post):
    post("<b>paywall</b> on the harbour bridge and its tolls")

    assert "&lt;b&gt;" in shown(as_moderator)


def test_the_navigation_counts(as_moderator, message, correcting_site, post):
    post("There is a mistake about the tolls of the harbour bridge.")
    page = shown(as_moderator)

    assert re.search(r'Newsroom <span class="count">1</span>', page)
    assert re.search(r'Corrections <span class="count">1</span>', page)
    assert listed_at("corrections").count() == 1
