"""Answers for everybody: kept, and asked for again by their ETag."""

import pytest
from django.test import RequestFactory

from belowline.stream.not_modified import answer_cached


def ask(body="a body", **headers):
    return answer_cached(RequestFactory().get("/", headers=headers), body, "text/css", seconds=60)


def test_the_answer():
    answer = ask()

    assert (answer.status_code, answer.content, answer["Content-Type"]) == (200, b"a body", "text/css")
    assert answer["Cache-Control"] == "public, max-age=60, stale-while-revalidate=600"
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["Cross-Origin-Resource-Policy"] == "cross-origin"


@pytest.mark.parametrize("form", ["{}", "W/{}", '"other", {}', "*"])
def test_who_has_it_is_told_so(form):
    answer = ask(if_none_match=form.format(ask()["ETag"]))

    assert (answer.status_code, answer.content) == (304, b"")
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert answer["ETag"] == ask()["ETag"]
    assert "max-age=60" in answer["Cache-Control"]


def test_another_body_has_another_tag():
    assert ask("other")["ETag"] != ask()["ETag"]
    assert ask("other", if_none_match=ask()["ETag"]).status_code == 200
    assert ask(b"a body")["ETag"] == ask()["ETag"]
