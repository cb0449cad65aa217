"""What every answer carries: a content security policy, no sniffing, no referrer to strangers, cookies kept close."""

import pytest

PAGES = [
    "/faq/",
    "/transparency/gazette/",
    "/accounts/login/",
    "/accounts/signup/",
    "/me/",
    "/desk/",
    "/embed/?site=nobody",
    "/healthz",
]


def policy_of(answer):
    """The Content-Security-Policy as {directive: sources}."""
    parts = [part.split() for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_every_page(stranger, site, path):
    answer = stranger.get(path)

    policy = policy_of(answer)
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == ["'self'"]
    assert policy["base-uri"] == ["'none'"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "unsafe" not in answer["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("path", "may_be_framed"),
    [
        ("/faq/", True),
        ("/faq/gazette/", True),
        ("/transparency/gazette/", True),
        ("/desk/faq/", False),
        ("/accounts/login/", True),
        ("/me/", True),
        ("/desk/", False),
        ("/desk/comments/1/decide/", False),
        ("/desk/decisions/1/undo/", False),
    ],
)
def test_who_may_put_a_page_in_a_frame(stranger, site, path, may_be_framed):
    ancestors = policy_of(stranger.get(path))["frame-ancestors"]

    expected = ["'self'", "https://gazette.example", "https://*.gazette.example"] if may_be_framed else ["'none'"]
    assert ancestors == expected


def test_the_thread_page_may_stand_on_the_papers_pages_only(stranger, story):
    policy = policy_of(stranger.get(f"/discussion/{story.pk}/"))

    assert policy["frame-ancestors"] == ["'self'", "https://gazette.example", "https://*.gazette.example"]


def test_the_desk_is_framed_by_nobody_also_for_moderators(as_moderator, held):
    answer = as_moderator.get("/desk/")

    assert answer.status_code == 200
    assert policy_of(answer)["frame-ancestors"] == ["'none'"]


def test_no_page_needs_a_script_or_style_of_its_own(as_moderator, as_reader, story, held):
    """Nothing inline: the policy would refuse it."""
    pages = [
        (as_reader, f"/discussion/{story.pk}/"),
        (as_reader, "/me/"),
        (as_moderator, "/desk/"),
        (as_reader, "/faq/"),
        (as_reader, "/transparency/gazette/"),
        (as_reader, "/transparency/gazette/models/abuse/"),
        (as_moderator, "/desk/faq/"),
    ]
    for client, path in pages:
        text = client.get(path).content.decode()
        assert "<style" not in text
        assert " style=" not in text
        assert " onclick=" not in text
        assert text.count("<script") == text.count("<script src=")


def test_cookies(stranger, account):
    account("Zoë Pascoe", email="zoe@reader.example", password="a-long-password")
    stranger.get("/accounts/login/")
    stranger.post("/accounts/login/", {"login": "zoe@reader.example", "password": "a-long-password"})

    for name in ("csrftoken", "belowline_session"):
        assert stranger.cookies[name]["httponly"]
        assert stranger.cookies[name]["samesite"] == "Lax"


def test_pages_about_somebody_are_not_kept_by_caches(as_reader, as_moderator, story, held):
    assert "no-store" in as_reader.get("/me/")["Cache-Control"]
    assert "no-store" in as_moderator.get("/desk/")["Cache-Control"]
    assert as_reader.get(f"/discussion/{story.pk}/")["Cache-Control"] == "private, no-cache"
    assert "Cookie" in as_reader.get(f"/discussion/{story.pk}/")["Vary"]
