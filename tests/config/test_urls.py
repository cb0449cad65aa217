"""Addresses: where the front page leads, the loader, what is not there."""

from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import resolve


@pytest.mark.django_db
def test_without_the_demo_the_front_page_is_the_faq(stranger, site):
    answer = stranger.get("/")

    assert (answer.status_code, answer["Location"]) == (302, "/faq/")


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["embed.js", "counts.js"])
def test_what_the_papers_pages_load_has_a_short_address(stranger, name):
    answer = stranger.get(f"/{name}")

    assert answer.status_code == 200
    assert answer.content == Path(finders.find(f"belowline/{name}")).read_bytes()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "/news/bridge/",
        "/demo/mail/",
        "/admin/",
        "/discussion/x/",
        "/discussion/-1/",
        f"/discussion/{'9' * 40}/",
        f"/discussion/{'9' * 5000}/",
        "/faq/nobody/",
        "/transparency/nobody/",
    ],
)
def test_what_is_not_there(stranger, path):
    answer = stranger.get(path)

    assert answer.status_code == 404
    assert b"Not found" in answer.content


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/discussion/7/", "thread"),
        ("/discussion/7/post/", "post-comment"),
        ("/discussion/7/composer/", "composer"),
        ("/embed/", "embed"),
        ("/embed.js", "embed-script"),
        ("/counts.js", "counts-script"),
        ("/counts.json", "counts"),
        ("/oembed", "oembed"),
        ("/comments/7/embed/", "comment-embed"),
        ("/sites/gazette/theme.css", "site-theme"),
        ("/discussion/7/fragment/", "story-fragment"),
        ("/fragment/", "story-fragment-by-key"),
        ("/discussion/7/feed/", "story-feed"),
        ("/me/", "my-comments"),
        ("/faq/", "faq"),
        ("/faq/gazette/", "site-faq"),
        ("/transparency/gazette/", "transparency"),
        ("/transparency/gazette.json", "transparency-json"),
        ("/transparency/gazette/terms.json", "terms-json"),
        ("/transparency/gazette/models/abuse/", "model-card"),
        ("/desk/faq/", "desk-faq"),
        ("/desk/faq/gazette/wanted/", "desk-faq-answer"),
        ("/desk/", "desk"),
        ("/desk/comments/7/decide/", "decide"),
        ("/desk/decisions/7/undo/", "undo"),
        ("/comments/7/delete/", "delete-comment"),
    ],
)
def test_addresses_stay(path, name):
    assert resolve(path).url_name == name
