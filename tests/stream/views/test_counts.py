"""Counts for front pages."""

import pytest

PATH = "/counts.json"


@pytest.mark.parametrize("who", ["stranger", "as_reader", "as_moderator"])
def test_counts_by_key_and_by_address(request, who, site, make_story, post, story, published):  # noqa: PLR0917 - fixtures
    by_url = make_story(site, "https://gazette.example/news/ferry")
    post(story=by_url)
    url = "https://gazette.example/news/ferry/?utm=1#top"
    answer = request.getfixturevalue(who).get(PATH, {"site": "gazette", "story": ["bridge", "none"], "url": url})

    assert answer.json() == {"counts": {url: 1, "bridge": 1, "none": 0}}
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cache-Control"].startswith("public, max-age=60")
    assert "Cookie" not in answer.get("Vary", "")


def test_a_hundred_stories_are_one_query(stranger, site, make_story, django_assert_num_queries):
    for number in range(100):
        make_story(site, f"story-{number}")
    keys = [f"story-{number}" for number in range(100)]
    with django_assert_num_queries(1):
        answer = stranger.get(PATH, {"site": "gazette", "story": keys})

    assert answer.json()["counts"] == dict.fromkeys(keys, 0)


def test_long_lists_come_by_post_from_any_origin(site, story, published):
    from django.test import Client

    answer = Client(enforce_csrf_checks=True).post(
        PATH, {"site": "gazette", "story": ["bridge"]}, headers={"origin": "https://x.example"}
    )

    assert answer.json() == {"counts": {"bridge": 1}}


def test_who_has_them_is_told_so(stranger, story, post):
    query = {"site": "gazette", "story": "bridge"}
    tag = stranger.get(PATH, query)["ETag"]
    assert stranger.get(PATH, query, headers={"if-none-match": tag}).status_code == 304

    post()
    assert stranger.get(PATH, query, headers={"if-none-match": tag}).json() == {"counts": {"bridge": 1}}


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"site": "gazette"},
        {"site": "gazette", "story": ""},
        {"site": "gazette", "story": [str(number) for number in range(201)]},
        {"site": "gazette", "story": "bri\x00dge"},
        {"site": "gaz\x00ette", "story": "bridge"},
        {"site": "gazette", "url": "\x00"},
    ],
)
def test_what_cannot_be_answered(stranger, site, query):
    answer = stranger.get(PATH, query)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer["Access-Control-Allow-Origin"] == "*"


def test_it_is_for_reading(stranger, db):
    assert stranger.put(PATH).status_code == 405
    assert stranger.get(PATH, {"site": "nobody", "story": "x" * 9000}).json() == {"counts": {"x" * 9000: 0}}
