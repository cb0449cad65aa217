"""What oEmbed says of a comment."""

import pytest

from belowline.comments.models import Comment

HERE = "http://localhost:8000"


@pytest.fixture
def ask(stranger):
    def call(comment_id, **query):
        return stranger.get("/oembed", {"url": f"{HERE}/comments/{comment_id}/", **query})

    return call


def test_a_comment(ask, published, story, reader):
    answer = ask(published.pk)
    body = answer.json()

    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (body["version"], body["type"], body["width"], body["height"]) == ("1.0", "rich", 600, 240)
    assert (body["author_name"], body["provider_name"]) == (reader.display_name, "The Gazette")
    assert body["author_url"] == f"{HERE}/comments/{published.pk}/"
    assert story.title in body["title"]
    assert f'data-belowline-comment="{published.pk}"' in body["html"]
    assert published.body_html.strip() in body["html"]
    assert f'<script async src="{HERE}/embed.js"></script>' in body["html"]


@pytest.mark.parametrize(
    ("query", "width", "height"),
    [
        ({"maxwidth": "320"}, 320, 240),
        ({"maxwidth": "2000", "maxheight": "90"}, 600, 90),
        ({"format": "json"}, 600, 240),
    ],
)
def test_no_larger_than_asked_for(ask, published, query, width, height):
    body = ask(published.pk, **query).json()

    assert (body["width"], body["height"]) == (width, height)


@pytest.mark.parametrize(
    "query", [{"maxwidth": "wide"}, {"maxwidth": "0"}, {"maxheight": "-1"}, {"maxheight": "9" * 40}]
)
def test_sizes_that_are_none(ask, published, query):
    assert ask(published.pk, **query).status_code == 400


@pytest.mark.parametrize("form", ["xml", "XML", "yaml", "\x00"])
def test_only_json(ask, published, form):
    assert ask(published.pk, format=form).status_code == 501


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/comments/1/",
        "http://evil.example/comments/1/",
        "http://localhost:8000@evil.example/comments/1/",
        f"{HERE}/discussion/1/",
        f"{HERE}/comments/1/delete/",
        f"{HERE}/comments/999/",
        f"{HERE}/comments/{'9' * 30}/",
        "http://[",
        "javascript:alert(1)",
        f"{HERE}/comments/\x001/",
    ],
)
def test_no_comment_of_ours(stranger, published, url):
    answer = stranger.get("/oembed", {"url": url})

    assert answer.status_code == 404
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("status", [status for status in Comment.Status if status != "published"])
def test_what_is_not_public_is_not_there(ask, published, status):
    Comment.objects.update(status=status)

    assert ask(published.pk).status_code == 404


def test_names_and_titles_are_text(ask, published, story, reader):
    type(reader).objects.filter(pk=reader.pk).update(display_name="<b>Ken</b>")
    html = ask(published.pk).json()["html"]

    assert "&lt;b&gt;Ken" in html
    assert "<b>" not in html
