"""The feed of a story: valid Atom, with what answers what."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from belowline.comments.models import Comment
from belowline.comments.public import public_comments
from belowline.stream.atom import THREAD, comment_tag, story_feed

ATOM = "{http://www.w3.org/2005/Atom}"
THR = f"{{{THREAD}}}"
CHANGED = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def read(story):
    return ET.fromstring(story_feed(story, public_comments(story, 10), CHANGED, "en"))  # noqa: S314 - our own


@pytest.fixture
def answered(published, post, other_reader):
    return published, post("The tolls are fair, says the council.", parent=published, author=other_reader).comment


def links(element):
    return {link.get("rel"): link for link in element.findall(f"{ATOM}link")}


def test_the_feed_has_what_atom_asks_for(story, answered):
    feed = read(story)

    assert feed.findtext(f"{ATOM}id") == f"http://localhost:8000/discussion/{story.pk}/feed/"
    assert feed.findtext(f"{ATOM}updated") == "2026-11-22T10:00:00+00:00"
    assert "Harbour bridge closed for repairs" in feed.findtext(f"{ATOM}title")
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "The Gazette"
    assert links(feed)["self"].get("href") == feed.findtext(f"{ATOM}id")
    for entry in feed.findall(f"{ATOM}entry"):
        assert all(entry.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated", "published", "content"))
        assert entry.find(f"{ATOM}author/{ATOM}name").text
        assert entry.find(f"{ATOM}content").get("type") == "html"


def test_what_answers_what(story, answered):
    first, answer = answered
    newest, oldest = read(story).findall(f"{ATOM}entry")

    assert newest.findtext(f"{ATOM}id") == comment_tag(answer.pk) == f"tag:localhost,2026:comment/{answer.pk}"
    assert newest.find(f"{THR}in-reply-to").get("ref") == comment_tag(first.pk)
    assert newest.find(f"{THR}in-reply-to").get("href") == f"http://localhost:8000/comments/{first.pk}/"
    assert oldest.find(f"{THR}in-reply-to").get("ref") == story.url
    assert links(oldest)["replies"].get(f"{THR}count") == "1"
    assert links(oldest)["replies"].get(f"{THR}updated")
    assert "replies" not in links(newest)
    assert (oldest.findtext(f"{THR}total"), newest.findtext(f"{THR}total")) == ("1", "0")


def test_a_parent_that_is_gone_is_not_named(story, answered):
    first, _ = answered
    Comment.objects.filter(pk=first.pk).update(status="removed")
    [entry] = read(story).findall(f"{ATOM}entry")

    assert entry.find(f"{THR}in-reply-to").get("ref") == story.url
    assert str(first.text_source) not in ET.tostring(entry, encoding="unicode")


def test_an_edit_is_a_later_time(story, published):
    Comment.objects.update(edited_at="2030-01-01T00:00:00Z")

    assert read(story).findtext(f"{ATOM}entry/{ATOM}updated") == "2030-01-01T00:00:00+00:00"


def test_a_feed_without_comments(story):
    story.url = ""

    assert read(story).findall(f"{ATOM}entry") == []


def test_what_xml_cannot_hold_is_left_out(story, published):
    Comment.objects.update(body_html="<p>a\x0bb \x01 & <b>c</b>\uffff</p>")
    story.title = "A\x0c <title>"
    feed = read(story)

    assert feed.findtext(f"{ATOM}title") == "Comments on “A <title>”"
    assert feed.findtext(f"{ATOM}entry/{ATOM}content") == "<p>ab  & <b>c</b></p>"
