"""Links keep what a page was asked for: the frame and the language."""

import pytest
from django.test import RequestFactory

from belowline.stream.links import frame_query, language_query, our_address


@pytest.mark.parametrize(
    ("path", "more", "expected"),
    [
        ("/", {}, ""),
        ("/?embed=1", {}, "?embed=1"),
        ("/?lang=de", {}, "?lang=de"),
        ("/?embed=1&lang=de-AT", {}, "?embed=1&lang=de"),
        ("/?lang=nl", {}, ""),
        ("/?order=oldest", {}, ""),
        ("/", {"order": "oldest"}, "?order=oldest"),
        ("/?embed=1&lang=ar", {"order": "oldest"}, "?order=oldest&embed=1&lang=ar"),
        ("/", {"next": "/me/"}, "?next=/me/"),
        ("/?embed=1&lang=ar", {"next": "/me/"}, "?next=/me/%3Fembed%3D1%26lang%3Dar&embed=1&lang=ar"),
        ("/?lang=ar", {"next": "/me/?page=2"}, "?next=/me/%3Fpage%3D2%26lang%3Dar&lang=ar"),
    ],
)
def test_frame_query(path, more, expected):
    assert frame_query(RequestFactory().get(path), **more) == expected


def test_the_browser_says_that_it_is_a_frame():
    assert frame_query(RequestFactory().get("/", headers={"Sec-Fetch-Dest": "iframe"})) == "?embed=1"


@pytest.mark.parametrize(
    ("query", "to", "expected"),
    [
        ("", "my-comments", "/me/"),
        ("?embed=1", "my-comments", "/me/?embed=1"),
        ("?embed=1", "/discussion/3/#c-4", "/discussion/3/?embed=1#c-4"),
        ("?lang=de", "/discussion/3/#c-4", "/discussion/3/?lang=de#c-4"),
    ],
)
def test_an_address_of_ours_carries_the_same_on(rf, query, to, expected):
    assert our_address(rf.get(f"/{query}"), to) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/?embed=1&lang=ar", "?lang=ar"), ("/?lang=de-AT", "?lang=de"), ("/?embed=1", ""), ("/?lang=nl", "")],
)
def test_out_of_the_frame_only_the_language_goes_on(path, expected):
    assert language_query(RequestFactory().get(path)) == expected
