"""Which language a page speaks, by address, account, site and ?lang=; and that it says so."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from belowline.stream.languages import asked_language, page_language


def ask(path, user=None, **headers):
    request = RequestFactory().get(path, headers=headers)
    request.user = user or AnonymousUser()
    if user:
        request.COOKIES["belowline_session"] = "one"
    return request


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/?lang=de", {}, "de"),
        ("/?embed=1&lang=ar", {}, "ar"),
        ("/?lang=de-CH", {}, "de"),
        ("/?lang=nl", {}, ""),
        ("/?lang=", {}, ""),
        ("/?lang=%00", {}, ""),
        ("/?lang=../../x", {}, ""),
        ("/", {"HX-Current-URL": "http://localhost/discussion/1/?embed=1&lang=fr"}, "fr"),
        ("/?lang=es", {"HX-Current-URL": "http://localhost/discussion/1/?lang=fr"}, "es"),
        ("/", {"HX-Current-URL": "http://[broken/?lang=fr"}, ""),
        ("/", {"Accept-Language": "de"}, ""),
    ],
)
def test_what_is_asked_for(path, headers, expected):
    assert asked_language(ask(path, **headers)) == expected


@pytest.mark.parametrize("path", ["/desk/?lang=de", "/api/v1/stories?lang=de", "/healthz?lang=de", "/coral/x?lang=de"])
def test_the_desk_and_programs_are_answered_in_english(path):
    assert page_language(ask(path)) == "en"


@pytest.mark.parametrize(
    ("asked", "of_reader", "of_site", "expected"),
    [
        ("", "", "", "en"),
        ("", "", "fr", "fr"),
        ("", "es", "fr", "es"),
        ("?lang=ar", "es", "fr", "ar"),
        ("?lang=xx", "es", "fr", "es"),
        ("?lang=xx", "xx", "fr", "fr"),
        ("?lang=en", "", "fr", "en"),
    ],
)
def test_who_decides(story, site, reader, asked, of_reader, of_site, expected):  # noqa: PLR0917
    site.language, reader.language = of_site, of_reader
    site.save()

    assert page_language(ask(f"/discussion/{story.pk}/{asked}", reader)) == expected


@pytest.fixture
def places(site, other_site, make_story, reader):
    """Two papers of different languages, and the addresses of what the second one has."""
    from belowline.comments.models import Comment

    site.language, other_site.language = "fr", "ar"
    site.save()
    other_site.save()
    story = make_story(other_site, "goose")
    comment = Comment.objects.create(
        story=story,
        author=reader,
        text_source="x",
        idempotency_key="1",
        text_key="x",
        band_0=0,
        band_1=0,
        band_2=0,
        band_3=0,
    )
    return {"story": story.pk, "comment": comment.pk}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/discussion/{story}/", "ar"),
        ("/discussion/{story}/composer/", "ar"),
        ("/comments/{comment}/notice/", "ar"),
        ("/faq/courier/", "ar"),
        ("/transparency/courier/", "ar"),
        ("/embed/?site=courier&story=goose", "ar"),
        ("/faq/gazette/", "fr"),
        ("/faq/", "fr"),
        ("/me/", "fr"),
        ("/accounts/login/", "fr"),
        ("/no/such/page/", "fr"),
        ("/discussion/999999/", "en"),
        ("/discussion/999999999999999999999999/", "en"),
        ("/embed/?site=%00", "fr"),
        ("/embed/?site=", "fr"),
    ],
)
def test_the_site_is_found_by_the_address(places, path, expected):
    assert page_language(ask(path.format(**places))) == expected


def test_without_a_site_pages_are_in_english(db):
    assert page_language(ask("/faq/")) == "en"


def test_an_account_counts_only_where_a_session_is(reader, site):
    reader.language = "es"
    request = ask("/me/")
    request.user = reader

    assert page_language(request) == "en"


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("de", "ltr"), ("ar", "rtl")])
def test_pages_say_which_language_they_speak(client, story, language, direction):
    answer = client.get(f"/discussion/{story.pk}/?lang={language}")

    assert answer["Content-Language"] == language
    assert f'<html lang="{language}" dir="{direction}">' in answer.content.decode()


@pytest.mark.parametrize(("path", "status"), [("/no/such/page/?lang=ar", 404), ("/desk/?lang=ar", 302)])
def test_errors_do_too(client, site, path, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert answer.get("Content-Language") == ("ar" if status == 404 else "en")


def test_what_is_no_page_says_nothing(client, site):
    assert "Content-Language" not in client.get("/transparency/gazette.json").headers


def test_the_language_ends_with_the_request(client, story):
    client.get(f"/discussion/{story.pk}/?lang=ar")

    assert translation.get_language() == "en"


@pytest.mark.parametrize(
    ("language", "expected"),
    [("en", r"\d [A-Z]\w+ \d{4}"), ("de", r"\d\. [A-Z]\w+ \d{4}"), ("es", r"\d de \w+ de \d{4}")],
)
def test_dates_are_written_as_the_language_has_it(client, site, language, expected):
    assert re.search(expected, client.get(f"/transparency/gazette/?lang={language}").content.decode())
