"""The publisher's API: stories made, corrected and read with a key; problems as RFC 9457."""

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from belowline.limits.bucket import parse_rates
from belowline.stories.actions.control_story import control_story
from belowline.stories.models import PublisherKey, Story

STORY = {"title": "Bridge closed", "body": "One.\nTwo.", "section": "news", "url": "https://gazette.example/bridge"}
UNSAID = {
    "mode": "",
    "closed_reason": "",
    "closes_at": None,
    "slow_seconds": None,
    "takes_replies": True,
    "message": "",
    "author_emails": [],
}


@pytest.fixture
def token(site):
    return PublisherKey.issue(site, "tests")[1]


@pytest.fixture
def call(token):
    """Ask the API; the body is sent as JSON, or as it is."""

    def ask(method, path="/api/v1/stories/bridge", body=None, *, key=token, header=None):
        headers = {} if key is None else {"Authorization": header or f"Bearer {key}"}
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return Client().generic(method, path, data, content_type="application/json", headers=headers)

    return ask


def is_problem(answer, status, code):
    """Whether the answer is a problem as RFC 9457 has it."""
    body = answer.json()
    assert (answer.status_code, body["status"], body["code"]) == (status, status, code)
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "status", "detail"} <= set(body)
    assert body["detail"]
    return body["detail"]


# --- with a key


def test_a_new_story(call, site):
    answer = call("PUT", body=STORY | {"published_at": "2026-03-01T08:30:00+01:00", "standfirst": "Until May."})

    story = Story.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {
        "key": "bridge",
        "title": "Bridge closed",
        "section": "news",
        "url": "https://gazette.example/bridge",
        "is_open": True,
        "judges_topic": True,
        **UNSAID,
        "comment_count": 0,
        "discussion": f"/discussion/{story.pk}/",
    }
    assert (story.site, story.body, story.standfirst, story.text_state) == (site, "One.\nTwo.", "Until May.", "given")
    assert story.published_at == datetime(2026, 3, 1, 7, 30, tzinfo=UTC)


def test_the_same_again_is_a_correction(call):
    assert call("PUT", body=STORY).status_code == 201
    answer = call("PUT", body=STORY | {"title": "Bridge open again", "is_open": False})

    assert answer.status_code == 200
    assert (answer.json()["title"], answer.json()["is_open"]) == ("Bridge open again", False)
    assert Story.objects.count() == 1


def test_reading(call, story, published):
    answer = call("GET")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/json")
    assert (answer.json()["title"], answer.json()["comment_count"]) == (story.title, 1)


@pytest.mark.parametrize(
    "key", ["2026/03/bridge", "bridge-1", "brücke", "a b", "https%3A%2F%2Fgazette.example%2Fx", "x" * 200]
)
def test_keys_of_any_shape(call, key):
    assert call("PUT", f"/api/v1/stories/{key}", STORY).status_code == 201
    answer = call("GET", f"/api/v1/stories/{key}")

    assert answer.status_code == 200
    assert answer.json()["key"] == Story.objects.get().key


def test_no_story(call, site):
    assert is_problem(call("GET"), 404, "story_not_found")


def test_the_stories_of_another_site_are_not_there(call, other_site, make_story):
    make_story(other_site)

    assert is_problem(call("GET"), 404, "story_not_found")
    assert call("PUT", body=STORY).status_code == 201
    assert Story.objects.filter(key="bridge").count() == 2


# --- without


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize(
    "header",
    [
        None,
        "Bearer wrong",
        "Bearer ",
        "Bearer",
        "Basic dXNlcjpzZWNyZXQ=",
        "{}",
        "Token {}",
        "Bearer {}x",
        "Bearer {} {}",
    ],
    ids=["none", "wrong", "empty", "nothing", "basic", "bare", "another scheme", "longer", "twice"],
)
def test_no_key_or_a_wrong_one(call, story, token, method, header):
    key = None if header is None else token
    answer = call(method, body=STORY | {"title": "Changed"}, key=key, header=header and header.format(token, token))

    assert "Authorization: Bearer" in is_problem(answer, 401, "unknown_key")
    assert Story.objects.get().title == story.title


def test_a_key_that_was_revoked(call, story):
    PublisherKey.objects.update(revoked_at=timezone.now())

    is_problem(call("GET"), 401, "unknown_key")


def test_what_is_kept_of_a_key_is_no_key(call, story):
    is_problem(call("GET", key=PublisherKey.objects.get().digest), 401, "unknown_key")


@pytest.mark.parametrize("who", ["as_reader", "as_moderator"])
def test_people_who_are_signed_in_have_no_key(request, story, who):
    """The API is for the publisher's system: a session is no key, so no page elsewhere can use one."""
    client = request.getfixturevalue(who)

    assert client.get("/api/v1/stories/bridge").status_code == 401
    assert client.put("/api/v1/stories/bridge", STORY, content_type="application/json").status_code == 401


# --- what is wrong


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": 7}, "title"),
        ({"title": None}, "title"),
        ({"title": "x" * 501}, "title"),
        ({"title": "x", "section": "y" * 101}, "section"),
        ({"title": "x", "url": "https://gazette.example/" + "y" * 1000}, "url"),
        ({"title": "x", "body": "y" * 500_001}, "body"),
        ({"title": "x", "is_open": "perhaps"}, "is_open"),
        ({"title": "x", "published_at": "yesterday"}, "published_at"),
        ([], ""),
    ],
)
def test_what_does_not_fit(call, site, body, detail):
    assert detail in is_problem(call("PUT", body=body), 422, "invalid_input")
    assert not Story.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        {"title": "   "},
        {"title": "x", "url": "javascript:alert(1)"},
        {"title": "a\x00b"},
        {"title": "x", "body": "a\x00b"},
    ],
)
def test_what_the_newsroom_cannot_keep(call, site, body):
    is_problem(call("PUT", body=body), 422, "invalid_story")
    assert not Story.objects.exists()


def test_a_key_that_is_too_long(call, site):
    is_problem(call("PUT", f"/api/v1/stories/{'x' * 201}", STORY), 422, "invalid_story")


def test_what_was_sent_is_not_repeated(call, site):
    """An error may end in somebody's log."""
    answer = call("PUT", body={"title": 7, "body": "a secret draft", "section": "s" * 200})

    assert "secret" not in answer.content.decode()


@pytest.mark.parametrize(
    "body",
    ["{", "", "not json", '"text"', "7", "null", b"\xff\xfe", '{"title": "\\ud800"}', '{"title": NaN}', "[" * 100_000],
)
def test_what_is_no_json(call, site, body):
    answer = call("PUT", body=body)

    assert answer.status_code in {400, 422}
    assert answer["Content-Type"] == "application/problem+json"
    assert not Story.objects.exists()


@pytest.mark.parametrize("method", ["POST", "DELETE", "PATCH"])
def test_other_methods(call, story, method):
    assert call(method, body=STORY).status_code == 405


def test_unknown_fields_do_no_harm(call, site):
    """An older server takes what a newer publisher sends."""
    assert call("PUT", body=STORY | {"author": "somebody", "comment_count": 99}).status_code == 201
    assert Story.objects.get().comment_count == 0


def test_few_queries(call, story, published, django_assert_max_num_queries):
    with django_assert_max_num_queries(4):
        call("GET")


@pytest.mark.parametrize("judges", [True, False])
def test_the_switch_for_topics(call, judges):
    answer = call("PUT", body=STORY | {"judges_topic": judges})

    assert answer.json()["judges_topic"] is judges
    assert call("PUT", body=STORY).json()["judges_topic"] is judges
    assert call("GET").json()["judges_topic"] is judges


def test_the_switch_is_yes_or_no(call):
    assert call("PUT", body=STORY | {"judges_topic": "perhaps"}).status_code == 422


# --- controls of the discussion


def test_controls_are_set_and_read(call):
    said = {
        "mode": "closed",
        "closed_reason": "legal",
        "closes_at": "2027-01-01T09:00:00Z",
        "slow_seconds": 30,
        "takes_replies": False,
        "message": "We are in court about this.",
        "author_emails": ["Ann@Paper.example"],
    }
    assert call("PUT", body=STORY | said).status_code == 201

    kept = said | {"author_emails": ["ann@paper.example"]}
    answer = call("GET").json()
    assert {name: answer[name] for name in said} == kept


def test_absent_is_as_it_was_and_null_or_empty_is_as_the_section_says(call):
    call("PUT", body=STORY | {"mode": "premoderated", "slow_seconds": 30, "takes_replies": False})
    unchanged = call("PUT", body=STORY).json()
    assert (unchanged["mode"], unchanged["slow_seconds"], unchanged["takes_replies"]) == ("premoderated", 30, False)

    emptied = call("PUT", body=STORY | {"mode": "", "slow_seconds": None, "closes_at": None}).json()
    assert (emptied["mode"], emptied["slow_seconds"], emptied["takes_replies"]) == ("", None, False)


def test_what_an_editor_has_set_is_answered(call, story, moderator):
    control_story(story=story, controls={"mode": "closed", "closed_reason": "capacity"}, by=moderator)

    answer = call("PUT", body=STORY).json()
    assert (answer["is_open"], answer["mode"], answer["closed_reason"]) == (True, "closed", "capacity")


@pytest.mark.parametrize(
    "wrong",
    [
        {"mode": "ajar"},
        {"mode": None},
        {"mode": 5},
        {"closed_reason": "boredom"},
        {"closes_at": "soon"},
        {"closes_at": "0001-01-01T00:00:00+14:00"},
        {"closes_at": "9999-12-31T23:59:59-12:00"},
        {"slow_seconds": -1},
        {"slow_seconds": 86_401},
        {"slow_seconds": 10**30},
        {"slow_seconds": "30"},
        {"slow_seconds": True},
        {"slow_seconds": 1.5},
        {"takes_replies": "perhaps"},
        {"message": "x" * 501},
        {"message": "a\u0000b"},
        {"message": ["a"]},
        {"author_emails": "ann@paper.example"},
        {"author_emails": ["ann"]},
        {"author_emails": [None]},
        {"author_emails": ["a" * 300 + "@paper.example"]},
        {"author_emails": [f"a{number}@paper.example" for number in range(21)]},
    ],
    ids=str,
)
def test_a_wrong_control_is_a_problem_and_saves_nothing(call, wrong):
    answer = call("PUT", body=STORY | wrong)

    is_problem(answer, 422, answer.json()["code"])
    assert answer.json()["code"] in {"invalid_input", "invalid_story"}
    assert not Story.objects.exists()


def test_a_key_that_is_used_too_often(call, settings):
    settings.LIMITS = settings.LIMITS | {"api": parse_rates("2/m/key")}
    assert [call("GET").status_code for _ in range(2)] == [404, 404]
    answer = call("GET")

    assert answer.status_code == 429
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "too_many_requests"
    assert 0 < int(answer["Retry-After"]) <= 30
    assert call("GET", key="nobody's").status_code == 401
