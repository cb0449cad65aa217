"""What every page knows: whether it stands in a frame, and whether this is the demo."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from belowline.stories.models import Site
from belowline.stream.context import frame, paper, unread


@pytest.mark.parametrize(
    ("path", "headers", "framed"),
    [
        ("/", {}, False),
        ("/?embed=1", {}, True),
        ("/?embed=", {}, True),
        ("/?order=newest", {}, False),
        ("/", {"Sec-Fetch-Dest": "iframe"}, True),
        ("/", {"Sec-Fetch-Dest": "document"}, False),
    ],
)
def test_framed(path, headers, framed):
    assert frame(RequestFactory().get(path, headers=headers)) == {"framed": framed, "demo": False}


def test_the_demo(settings):
    settings.DEMO = True

    assert frame(RequestFactory().get("/"))["demo"] is True


@pytest.mark.django_db
def test_unread_is_counted_once_and_only_where_it_is_asked_for(reader, rf, django_assert_num_queries):
    request = rf.get("/")
    request.user = reader
    with django_assert_num_queries(0):
        count = unread(request)["unread"]
    with django_assert_num_queries(1):
        assert (count(), count()) == (0, 0)


def test_strangers_have_nothing_to_read(rf):
    request = rf.get("/")
    request.user = AnonymousUser()

    assert unread(request)["unread"]() == 0
    assert unread(rf.get("/"))["unread"]() == 0


@pytest.mark.django_db
def test_pages_without_a_site_look_like_the_only_one(stranger, rf, django_assert_num_queries):
    Site.objects.all().delete()
    only = Site.objects.create(key="only", name="The Only Paper", theme={"accent": "#8a1c2b"})
    with django_assert_num_queries(0):
        found = paper(rf.get("/accounts/login/"))["paper"]
    with django_assert_num_queries(1):
        assert (found(), found()) == (only, only)

    page = stranger.get("/accounts/login/").content.decode()
    assert "<strong>The Only Paper</strong>" in page
    assert "/sites/only/theme.css" in page


@pytest.mark.django_db
def test_with_several_sites_or_at_the_desk_nobody_guesses(site, stranger, rf):
    assert paper(rf.get("/desk/"))["paper"]() is None
    Site.objects.create(key="second", name="Second")

    assert paper(rf.get("/accounts/login/"))["paper"]() is None
    assert "<strong>Comments</strong>" in stranger.get("/accounts/login/").content.decode()
