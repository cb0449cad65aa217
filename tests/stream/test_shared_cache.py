"""What shared caches may keep: what is the same for everybody, and never a page of somebody's own."""

import re
import time
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.urls import get_resolver
from django.utils import timezone

from belowline.comments.actions.delete_comment import delete_comment
from belowline.stories.models import Story
from belowline.stream import shared_cache
from belowline.stream.shared_cache import Names, caching, keep_private, private_unless_shared, share_answer, surrogate

KEPT = "public, max-age=0, s-maxage=30, stale-while-revalidate=5, stale-if-error=600"


@pytest.fixture
def on(settings):
    """Shared caches may keep what is the same for everybody, for half a minute."""
    settings.SHARED_CACHE_SECONDS = 30


def directives(answer):
    """The parts of Cache-Control, without their numbers."""
    return {part.strip().partition("=")[0] for part in answer.get("Cache-Control", "").split(",")}


def is_shared(answer):
    return bool({"public", "s-maxage"} & directives(answer)) or "CDN-Cache-Control" in answer


# --- the headers


def test_nothing_is_kept_unless_a_setting_says_so():
    assert caching() == {"Cache-Control": "no-cache"}
    assert surrogate(Names("gazette", 12)) == {}


@pytest.mark.usefixtures("on")
def test_for_how_long():
    assert caching() == {
        "Cache-Control": KEPT,
        "CDN-Cache-Control": "public, max-age=30, stale-while-revalidate=5, stale-if-error=600",
    }
    assert caching(browser_seconds=60)["Cache-Control"].startswith("public, max-age=60, s-maxage=30,")


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize(
    ("left", "fresh", "stale"), [(3_600, 30, 5), (35, 30, 5), (33.9, 30, 3), (30, 30, 0), (7.5, 7, 0), (1, 1, 0)]
)
def test_what_time_will_change_is_kept_no_longer_than_it_is_true(left, fresh, stale):
    assert f"s-maxage={fresh}, stale-while-revalidate={stale}," in caching(left)["Cache-Control"]


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("left", [0.9, 0, -5])
def test_what_time_has_changed_is_not_kept(left):
    assert caching(left) == {"Cache-Control": "no-cache"}


def test_numbers_below_nought_count_as_nought(settings):
    settings.SHARED_CACHE_SECONDS = -5
    assert caching() == {"Cache-Control": "no-cache"}
    settings.SHARED_CACHE_SECONDS, settings.SHARED_CACHE_STALE_SECONDS, settings.SHARED_CACHE_ERROR_SECONDS = 5, -1, -1
    assert "stale-while-revalidate=0, stale-if-error=0" in caching()["Cache-Control"]


@pytest.mark.usefixtures("on")
def test_the_names_by_which_it_is_purged(settings):
    assert surrogate(Names("gazette", 12)) == {"Surrogate-Key": "site-gazette story-12"}
    assert surrogate(Names(story=12)) == {"Surrogate-Key": "story-12"}
    assert surrogate(Names()) == {}
    settings.SURROGATE_HEADER = "cache-tag"
    assert surrogate(Names("gazette", 12)) == {"Cache-Tag": "site-gazette,story-12"}


# --- pages


PAGES = [
    "/discussion/{story}/",
    "/discussion/{story}/?embed=1&order=oldest",
    "/discussion/{story}/?lang=de",
    "/comments/{comment}/",
    "/comments/{comment}/?embed=1",
    "/comments/{comment}/replies/",
]
FOR_ALL = [
    "/discussion/{story}/state/",
    "/discussion/{story}/feed/",
    "/discussion/{story}/comments.json",
    "/discussion/{story}/fragment/",
    "/fragment/?site=gazette&story=bridge",
    "/comments/{comment}/embed/",
    "/oembed?url=http://localhost:8000/comments/{comment}/",
    "/embed/?site=gazette&story=bridge",
]


@pytest.fixture
def path(story, published):
    return lambda form: form.format(story=story.pk, comment=published.pk)


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("form", [*PAGES, *FOR_ALL])
def test_what_strangers_get_is_kept_by_name(stranger, path, form, story):
    answer = stranger.get(path(form))

    assert answer["Cache-Control"] == KEPT
    assert f"story-{story.pk}" in answer["Surrogate-Key"].split()
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("form", PAGES)
def test_pages_differ_by_cookie_and_frame(stranger, path, form):
    answer = stranger.get(path(form))

    assert {"Cookie", "Sec-Fetch-Dest"} <= {part.strip() for part in answer["Vary"].split(",")}


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("form", PAGES)
@pytest.mark.parametrize("who", ["as_reader", "as_moderator"])
def test_pages_of_somebody_are_not(request, path, form, who):
    answer = request.getfixturevalue(who).get(path(form))

    assert answer["Cache-Control"] == "private, no-cache"
    assert not {"CDN-Cache-Control", "Surrogate-Key", "Cache-Tag", "ETag"} & set(answer.headers)


@pytest.mark.parametrize("form", PAGES)
def test_also_where_no_setting_asks_for_a_cache(as_reader, stranger, path, form):
    assert as_reader.get(path(form))["Cache-Control"] == "private, no-cache"
    assert stranger.get(path(form))["Cache-Control"] == "no-cache"


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("cookie", ["belowline_session=gone", "x=belowline_session", "a=b; belowline_session="])
def test_a_cookie_that_anybody_could_take_for_a_session(stranger, path, cookie):
    assert not is_shared(stranger.get(path(PAGES[0]), headers={"cookie": cookie}))


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("cookie", [f"csrftoken={'a' * 32}", "consent=all; _ga=1.2"])
def test_other_cookies_do_not_matter(stranger, path, cookie):
    assert stranger.get(path(PAGES[0]), headers={"cookie": cookie})["Cache-Control"] == KEPT


@pytest.mark.usefixtures("on")
def test_a_token_that_is_mended_is_not_kept(stranger, path):
    """Django sets another cookie for it."""
    answer = stranger.get(path(PAGES[0]), headers={"cookie": "csrftoken=abc"})

    assert answer.cookies
    assert not is_shared(answer)


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize(
    "query", ["utm_source=x", "order=oldest&embed=1", "order=other", "posted=1", "reply=1", "lang=xx", "page=0"]
)
def test_one_page_is_not_kept_under_many_names(stranger, path, query):
    assert not is_shared(stranger.get(f"{path(PAGES[0])}?{query}"))


@pytest.mark.usefixtures("on")
def test_what_a_header_changes_is_not_kept(stranger, path):
    """A cache that looks at no Vary would give it to everybody."""
    page, part = path(PAGES[0]), path("/comments/{comment}/replies/")
    assert 'class="framed"' in stranger.get(page, headers={"sec-fetch-dest": "iframe"}).content.decode()
    assert not is_shared(stranger.get(page, headers={"sec-fetch-dest": "iframe"}))
    assert is_shared(stranger.get(f"{page}?embed=1", headers={"sec-fetch-dest": "iframe"}))
    assert not is_shared(stranger.get(part, headers={"hx-current-url": "http://localhost/discussion/1/?lang=de"}))
    assert is_shared(stranger.get(part, headers={"hx-current-url": "http://localhost/discussion/1/"}))
    assert is_shared(
        stranger.get(f"{part}?lang=de", headers={"hx-current-url": "http://localhost/discussion/1/?lang=de"})
    )


@pytest.mark.usefixtures("on")
def test_a_page_that_leads_elsewhere_is_not_kept(stranger, path):
    answer = stranger.get(f"{path(PAGES[0])}?page=7")

    assert answer.status_code == 302
    assert not is_shared(answer)


@pytest.mark.usefixtures("on")
def test_a_discussion_that_closes_soon(stranger, path, story):
    Story.objects.filter(pk=story.pk).update(closes_at=timezone.now() + timedelta(seconds=12))
    fresh = int(re.search(r"s-maxage=(\d+)", stranger.get(path(PAGES[0]))["Cache-Control"])[1])

    assert 0 < fresh < 12


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("form", [*PAGES[3:], *FOR_ALL[1:-1]])  # as above
def test_who_has_it_already(stranger, path, form):
    first = stranger.get(path(form))
    again = stranger.get(path(form), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    for name in ("Cache-Control", "CDN-Cache-Control", "Surrogate-Key", "ETag"):
        assert again[name] == first[name]


@pytest.mark.usefixtures("on")
def test_a_comment_that_is_gone_is_kept_as_gone(stranger, path, published, reader):
    delete_comment(comment=published, by=reader)
    answer = stranger.get(path("/comments/{comment}/embed/"))

    assert answer.status_code == 410
    assert answer["Cache-Control"] == KEPT


# --- for programs and other sites


@pytest.mark.usefixtures("on")
def test_counts_are_kept_by_browsers_too(stranger, story):
    answer = stranger.get("/counts.json?site=gazette&story=bridge")

    assert answer["Cache-Control"].startswith("public, max-age=60, s-maxage=30,")
    assert answer["Surrogate-Key"] == "site-gazette"


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("key", ["a%0D%0AX-Evil:%201", "gaz%20ette", "%C3%BC", "x" * 51])
def test_a_site_that_could_be_no_key_names_nothing(stranger, story, key):
    answer = stranger.get(f"/counts.json?site={key}&story=bridge")

    assert answer.status_code == 200
    assert "Surrogate-Key" not in answer
    assert "X-Evil" not in answer


def test_what_readers_wrote_is_not_kept_for_long_without_a_shared_cache_either(stranger, path):
    assert stranger.get(path("/comments/{comment}/embed/"))["Cache-Control"].endswith("stale-while-revalidate=60")
    assert stranger.get("/embed.js")["Cache-Control"].endswith("stale-while-revalidate=36000")


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("form", FOR_ALL[1:-1])  # the first: before Django, in tests/stream/test_page_cache.py
@pytest.mark.parametrize("who", ["as_reader", "as_moderator"])
def test_what_is_the_same_for_all_is_kept_whoever_asks(request, stranger, path, form, who):
    theirs, ours = request.getfixturevalue(who).get(path(form)), stranger.get(path(form))

    assert theirs.content == ours.content
    assert theirs["Cache-Control"] == ours["Cache-Control"] == KEPT


# --- whatever there is


@pytest.fixture
def everything(story, published, held, reader, decide):
    """The parts of every address."""
    return {
        "story_id": story.pk,
        "comment_id": published.pk,
        "author_id": reader.pk,
        "site_key": "gazette",
        "decision_id": held.decisions.get().pk,
        "sanction_id": 1,
        "model": "abuse",
        "receipt": "nothing",
        "story": story.pk,
    }


def addresses(parts, patterns=None, before=""):
    """Every address of the application that can be made of the parts."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(pattern.pattern).lstrip("^").rstrip("$")
        if hasattr(pattern, "url_patterns"):
            yield from addresses(parts, pattern.url_patterns, route)
            continue
        made = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(parts.get(found[1], 1)), route)
        if not re.search(r"[\\()?*+\[]", made):
            yield f"/{made}"


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize("who", ["as_reader", "as_admin"])
def test_no_address_lets_a_cache_keep_what_is_somebodys(request, stranger, everything, who):
    """Each one that may be kept is the same for strangers, sets no cookie, and holds no form."""
    client, kept, asked = request.getfixturevalue(who), set(), 0
    client.raise_request_exception = stranger.raise_request_exception = False
    for address in dict.fromkeys(addresses(everything)):
        if address.startswith("/accounts/logout") or "sign-out" in address:
            continue
        asked += 1
        for one in (client, stranger) if who == "as_reader" else (client,):
            answer = one.get(address)
            if not is_shared(answer):
                assert {"private", "no-store", "no-cache"} & directives(answer), address
                continue
            body = b"".join(answer) if answer.streaming else answer.content
            assert not answer.cookies, address
            assert b"csrfmiddlewaretoken" not in body, address
            if one is client:
                kept.add(address)
                other = stranger.get(address)
                assert body == (b"".join(other) if other.streaming else other.content), address
    assert asked > 100
    assert {f"/discussion/{everything['story_id']}/feed/", "/embed.js"} <= kept
    assert f"/discussion/{everything['story_id']}/" not in kept


# --- the middleware


def answer_of(rf, response, **attributes):
    request = rf.get("/", headers={"cookie": attributes.pop("cookie", "")})
    for name, value in attributes.items():
        setattr(request, name, value)
    return private_unless_shared(lambda _: response)(request)


class Session:
    """As much of a session as is looked at."""

    def __init__(self, *, accessed):
        self.accessed = accessed


def named():
    response = HttpResponse("same for all")
    share_answer(response, Names("gazette", 12))
    return response


@pytest.mark.usefixtures("on")
def test_what_no_view_has_named_is_private(rf):
    assert answer_of(rf, HttpResponse("x"))["Cache-Control"] == "private, no-cache"
    careless = HttpResponse("x", headers={"Cache-Control": "public, max-age=600", "Surrogate-Key": "x"})
    assert answer_of(rf, careless)["Cache-Control"] == "private, no-cache"
    assert "Surrogate-Key" not in careless


@pytest.mark.usefixtures("on")
def test_what_a_view_has_named_is_not(rf):
    assert answer_of(rf, named())["Cache-Control"] == KEPT


@pytest.mark.usefixtures("on")
def test_a_cookie_makes_it_private(rf):
    response = named()
    response.set_cookie("x", "y")
    answer = answer_of(rf, response)

    assert answer["Cache-Control"] == "private, no-cache"
    assert not set(shared_cache.EVERYBODYS[1:]) & set(answer.headers)


@pytest.mark.usefixtures("on")
@pytest.mark.parametrize(
    ("cookie", "accessed", "shared"),
    [("", True, True), ("belowline_session=abc", False, True), ("belowline_session=abc", True, False)],
)
def test_somebodys_session_makes_it_private(rf, cookie, accessed, shared):
    assert is_shared(answer_of(rf, named(), cookie=cookie, session=Session(accessed=accessed))) is shared


@pytest.mark.parametrize("told", ["private", "no-store", "max-age=0, no-cache, no-store, must-revalidate, private"])
def test_what_forbids_more_stays(told):
    response = HttpResponse(headers={"Cache-Control": told})
    keep_private(response)

    assert response["Cache-Control"] == told


def test_until_is_a_time_of_the_clock(rf, story, settings):
    settings.SHARED_CACHE_SECONDS = 30
    response = HttpResponse("x")
    shared_cache.share_page(rf.get(f"/discussion/{story.pk}/"), response, story, until=time.time() + 3_600)

    assert response["Cache-Control"] == KEPT
