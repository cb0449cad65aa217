"""The discussion for a paper's own server, and as a feed."""

import json
import re
import xml.etree.ElementTree as ET

import pytest

from belowline.comments.models import Comment


@pytest.fixture
def answer_to(post, published):
    return post("The tolls are fair, says the council.", parent=published).comment


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
@pytest.mark.parametrize("form", ["/discussion/{}/fragment/", "/fragment/?site=gazette&story=bridge"])
def test_a_piece_of_html_without_chrome(request, who, form, story, published, answer_to, held):  # noqa: PLR0917 - fixtures
    answer = request.getfixturevalue(who).get(form.format(story.pk))
    html = answer.content.decode()

    assert "<html" not in html
    assert html.count("<article") == 2
    assert "2 comments" in html
    assert published.body_html.strip() in html
    assert held.text_source not in html
    assert f'href="#belowline-c-{published.pk}"' in html
    assert f'href="http://localhost:8000/comments/{answer_to.pk}/"' in html
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["Cache-Control"].startswith("public")
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', html)[1])
    assert [entry["text"] for entry in data["comment"]] == [answer_to.text_source, published.text_source]


def test_links_lead_away_from_the_papers_page_by_whole_addresses(stranger, story, published):
    html = stranger.get(f"/discussion/{story.pk}/fragment/").content.decode()

    assert [link for link in re.findall(r'href="([^"]*)"', html) if not link.startswith(("http", "#"))] == []


def test_by_address(stranger, site, make_story, post):
    post(story=make_story(site, "https://gazette.example/news/ferry"))
    answer = stranger.get("/fragment/", {"site": "gazette", "url": "https://gazette.example/news/ferry?utm=1"})

    assert "1 comment" in answer.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"site": "gazette"},
        {"site": "gazette", "story": "none", "url": "https://gazette.example/new"},
        {"site": "courier", "story": "bridge"},
        {"site": "gazette", "story": "\x00"},
    ],
)
def test_no_story_and_none_is_made(stranger, story, other_site, query):
    assert stranger.get("/fragment/", query).status_code == 404
    assert type(story).objects.count() == 1


def test_few_queries_however_many_comments(stranger, story, post, django_assert_max_num_queries):
    for number in range(12):
        post(f"Remark {number} about the bridge and its tolls.")
    with django_assert_max_num_queries(6):
        stranger.get(f"/discussion/{story.pk}/fragment/")


def test_a_feed(stranger, story, published, answer_to):
    answer = stranger.get(f"/discussion/{story.pk}/feed/")

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert answer["Last-Modified"].endswith("GMT")
    assert len(ET.fromstring(answer.content).findall("{http://www.w3.org/2005/Atom}entry")) == 2  # noqa: S314


def test_a_feed_changes_when_a_comment_goes(stranger, story, published):
    path = f"/discussion/{story.pk}/feed/"
    tag = stranger.get(path)["ETag"]
    assert stranger.get(path, headers={"if-none-match": tag}).status_code == 304

    comment = Comment.objects.get(pk=published.pk)
    comment.change_status(Comment.Status.REMOVED)
    answer = stranger.get(path, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert b"<entry>" not in answer.content


@pytest.mark.parametrize(
    "path", ["/discussion/999/fragment/", "/discussion/999/feed/", f"/discussion/{'9' * 30}/feed/"]
)
def test_no_such_story(stranger, db, path):
    assert stranger.get(path).status_code == 404


@pytest.mark.parametrize("path", ["fragment", "feed"])
def test_they_are_for_reading(stranger, story, path):
    assert stranger.post(f"/discussion/{story.pk}/{path}/").status_code == 405


def test_the_discussion_names_its_feed(stranger, story):
    page = stranger.get(f"/discussion/{story.pk}/").content.decode()

    assert f'<link rel="alternate" type="application/atom+xml" href="/discussion/{story.pk}/feed/">' in page
    assert stranger.get(f"/discussion/{story.pk}/feed/").status_code == 200
