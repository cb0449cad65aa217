"""Recommending by page and by script: readers, strangers, authors, and what is in the way."""

import pytest

from belowline.comments.models import Comment, Recommendation

JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def path(published):
    return f"/comments/{published.pk}/recommend/"


def test_the_page_shows_the_comment_and_the_button(as_other_reader, path, published):
    shown = as_other_reader.get(path).content.decode()

    assert published.body_html in shown
    assert "<button>Recommend</button>" in shown
    assert "0 recommendations" in shown


def test_without_a_script_the_answer_leads_back_and_says_the_number(as_other_reader, path, published, story):
    answer = as_other_reader.post(path)

    assert answer["Location"] == f"/discussion/{story.pk}/#c-{published.pk}"
    assert "You recommend this comment. 1 reader does." in as_other_reader.get(answer["Location"]).content.decode()
    assert "Take my recommendation back" in as_other_reader.get(path).content.decode()

    answer = as_other_reader.post(path, {"withdraw": "1"})
    assert "taken your recommendation back" in as_other_reader.get(answer["Location"]).content.decode()
    assert not Recommendation.objects.exists()


def test_in_the_frame_the_way_back_stays_in_the_frame(as_other_reader, path, published, story):
    answer = as_other_reader.post(f"{path}?embed=1")

    assert answer["Location"] == f"/discussion/{story.pk}/?embed=1#c-{published.pk}"


def test_a_script_gets_the_number(as_other_reader, path):
    assert as_other_reader.post(path, **JSON).json() == {"count": 1, "recommended": True}
    assert as_other_reader.post(path, {"withdraw": "1"}, **JSON).json() == {"count": 0, "recommended": False}


def test_ones_own_comment(as_reader, path):
    assert "This is your own comment" in as_reader.get(path).content.decode()
    answer = as_reader.post(path)
    assert (answer.status_code, Recommendation.objects.count()) == (422, 0)
    assert "This is your own comment" in answer.content.decode()

    told = as_reader.post(path, **JSON)
    assert (told.status_code, told.json()["code"]) == (422, "cannot_recommend")


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_invited_to_sign_in(stranger, path, method):
    answer = getattr(stranger, method)(path)

    assert answer.status_code == (200 if method == "get" else 401)
    assert f"/accounts/login/?next={path}" in answer.content.decode()
    assert not Recommendation.objects.exists()


@pytest.mark.parametrize("status", ["held", "rejected", "removed", "deleted"])
def test_what_nobody_can_read_is_not_there(as_other_reader, path, published, status):
    Comment.objects.filter(pk=published.pk).update(status=status)

    assert as_other_reader.get(path).status_code == 404
    assert as_other_reader.post(path).status_code == 404


@pytest.mark.parametrize("number", ["0", "999", "9" * 40])
def test_there_is_no_such_comment(as_other_reader, published, number):
    assert as_other_reader.get(f"/comments/{number}/recommend/").status_code == 404


def test_a_form_of_another_page_is_refused(sign_in, other_reader, path):
    client = sign_in(other_reader, enforce_csrf_checks=True)

    assert client.post(path).status_code == 403
    assert not Recommendation.objects.exists()
