"""The discussion for a paper's own server, as a feed, and as JSON."""

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


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_as_json(request, who, story, published, answer_to, held):  # noqa: PLR0917 - fixtures
    answer = request.getfixturevalue(who).get(f"/discussion/{story.pk}/comments.json")
    data = answer.json()

    assert data["story"] | {"title": ""} == {
        "id": story.pk,
        "key": "bridge",
        "site": "gazette",
        "title": "",
        "url": story.url,
        "discussion": f"http://localhost:8000/discussion/{story.pk}/",
        "comments": 2,
    }
    assert data["next"] is None
    assert [comment["text"] for comment in data["comments"]] == [answer_to.text_source, published.text_source]
    newest, oldest = data["comments"]
    assert (newest["parent"], oldest["parent"], oldest["replies"]) == (published.pk, None, 1)
    assert oldest["author"] == {"name": published.author.display_name, "role": "reader"}
    assert oldest["html"] == published.body_html
    assert oldest["url"] == f"http://localhost:8000/comments/{published.pk}/"
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_json_is_asked_for_again_by_its_tag(stranger, story, published):
    answer = stranger.get(f"/discussion/{story.pk}/comments.json")
    again = stranger.get(f"/discussion/{story.pk}/comments.json", headers={"If-None-Match": answer["ETag"]})

    assert answer["Cache-Control"].startswith("public")
    assert (again.status_code, again.content) == (304, b"")


def test_what_a_gone_comment_was_answered_with_stands_alone(stranger, story, published, answer_to):
    published.change_status(Comment.Status.REMOVED)
    [comment] = stranger.get(f"/discussion/{story.pk}/comments.json").json()["comments"]

    assert (comment["id"], comment["parent"]) == (answer_to.pk, None)


def test_older_comments_as_json_one_page_after_another(stranger, story, post, monkeypatch):
    monkeypatch.setattr("belowline.stream.views.fragment.JSON_COMMENTS", 2)
    written = [post(f"Remark {number} on the tolls of the bridge.").comment for number in range(5)]
    Comment.objects.update(created_at=written[0].created_at)  # as after an import: only the ids tell them apart
    address, found = f"/discussion/{story.pk}/comments.json", []
    while address:
        data = stranger.get(address).json()
        found.append([comment["id"] for comment in data["comments"]])
        written[1].change_status(Comment.Status.REMOVED)  # where a page begins may go meanwhile
        address = data["next"]

    first, second, third, fourth, fifth = (comment.pk for comment in written)
    assert found == [[fifth, fourth], [third, first]]
    assert second not in found


@pytest.mark.parametrize("query", ["?before=", "?before=x", "?before=0", "?before=999999", "?before=-1", "?before=1e3"])
def test_json_before_no_comment_of_the_story(stranger, story, published, query):
    assert stranger.get(f"/discussion/{story.pk}/comments.json{query}").status_code == 404


def test_json_before_a_comment_of_another_story(stranger, other_story, published):
    assert stranger.get(f"/discussion/{other_story.pk}/comments.json?before={published.pk}").status_code == 404
