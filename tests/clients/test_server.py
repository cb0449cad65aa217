"""Talking to the server: cached, patient, and never in the way of the paper's page."""

import logging
import time

import pytest
from django_belowline import server as talk
from django_belowline.publishing import send_story


def test_the_comments_are_kept_for_a_while(server):
    assert talk.fragment("bridge") == talk.fragment("bridge") == "<section>One comment</section>"
    talk.fragment("bridge", "de")
    talk.fragment("goose")

    assert len(server.asked) == 3


@pytest.mark.parametrize("status", [500, 502, 429])
def test_the_last_known_comments_stand_while_the_server_fails(server, settings, status):
    settings.BELOWLINE_CACHE = 0
    talk.fragment("bridge")
    server.status = status

    assert talk.fragment("bridge") == "<section>One comment</section>"
    asked = len(server.asked)
    assert talk.fragment("bridge") == "<section>One comment</section>"
    assert len(server.asked) == asked  # it is left alone for a while


def test_a_server_that_is_gone_costs_one_try(server, settings):
    server.close()
    begun = time.monotonic()

    assert talk.fragment("bridge") == talk.fragment("bridge") == ""
    assert time.monotonic() - begun < 2 * settings.BELOWLINE_TIMEOUT


def test_what_is_no_text_is_no_fragment(server, settings):
    server.body = "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")
    assert talk.fragment("bridge") == "ÿ"

    settings.BELOWLINE_URL = "http://[bad"
    assert talk.fragment("other") == ""


def test_a_story_is_sent(server, article, django_capture_on_commit_callbacks, db):
    article.belowline_story = lambda: {"section": "news", "title": "Bridge closed"}
    with django_capture_on_commit_callbacks(execute=True):
        send_story(article)
        assert server.asked == []
    [(method, path, headers, sent)] = server.asked

    assert (method, path, headers["Authorization"]) == ("PUT", "/api/v1/stories/news.article-7", "Bearer secret")
    assert sent == {
        "title": "Bridge closed",
        "url": "/news/bridge/?a=1&b=2",
        "body": "",
        "standfirst": "",
        "section": "news",
    }


def test_a_story_that_is_taken_away_is_closed(server, article, django_capture_on_commit_callbacks, db):
    with django_capture_on_commit_callbacks(execute=True):
        send_story(article, is_open=False)

    assert server.asked[0][3]["is_open"] is False


def test_without_a_key_nothing_is_sent(server, article, settings, django_capture_on_commit_callbacks, db):
    settings.BELOWLINE_KEY = ""
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        send_story(article)

    assert (callbacks, server.asked) == ([], [])


def test_a_key_with_slashes_is_one_key(server):
    assert talk.put_story("a/b c", {"title": "x"})
    assert server.asked[0][1] == "/api/v1/stories/a%2Fb%20c"


def test_a_refusal_is_logged_and_breaks_nothing(server, caplog):
    server.status, server.body = 422, '{"code": "invalid_input"}'
    with caplog.at_level(logging.WARNING):
        assert not talk.put_story("bridge", {"title": ""})
    assert "refused story bridge: 422 invalid_input" in caplog.text

    server.close()
    with caplog.at_level(logging.WARNING):
        assert not talk.put_story("bridge", {"title": "x"})
    assert "did not take story bridge" in caplog.text
