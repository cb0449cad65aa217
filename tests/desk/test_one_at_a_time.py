"""What pages share that show one of what waits at a time."""

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.test import RequestFactory

from belowline.comments.models import Comment
from belowline.desk import one_at_a_time
from belowline.desk.one_at_a_time import comment_card, read_waiting, refused, typed_in
from belowline.moderation.actions.edit_comment import edit_comment
from belowline.moderation.errors import DecidingError
from belowline.moderation.queries import held_comments

WRONG = DecidingError("Choose the rule.", code="rule_required")


@pytest.fixture
def three(post):
    """Three comments that wait, the longest wait first."""
    return [post(f"Wombat number {number} of the bridge.").comment for number in range(3)]


@pytest.fixture
def request_with():
    """A form that was sent."""

    def call(**typed):
        request = RequestFactory().post("/desk/", typed)
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return call


@pytest.mark.parametrize(
    ("wanted", "place"), [(None, 0), (2, 2), ("gone", 0)], ids=["none wanted", "the last", "one that is gone"]
)
def test_which_one_is_shown_in_full(three, wanted, place):
    pk = 10**9 if wanted == "gone" else wanted if wanted is None else three[wanted].pk
    found = read_waiting(held_comments(), pk)

    assert (found.queue, found.current, found.total) == (three, three[place], 3)


def test_one_beyond_the_list_is_added_to_it(three, monkeypatch):
    monkeypatch.setattr(one_at_a_time, "LENGTH", 1)

    assert read_waiting(held_comments(), three[2].pk).queue == [three[0], three[2]]
    assert read_waiting(held_comments(), None).queue == three[:1]
    assert read_waiting(held_comments(), None).total == 3


def test_nothing_waits(db):
    assert read_waiting(Comment.objects.none(), 7) == ([], None, 0)


def test_what_was_typed(request_with):
    typed = typed_in(request_with(rule="links", note="a\x00b"), ["rule", "note", "missing"])

    assert typed == {"rule": "links", "note": "ab", "missing": ""}


def test_the_page_comes_back_with_what_is_wrong(request_with):
    request = request_with()
    answer = refused(request, WRONG, lambda *, status, problem: HttpResponse(problem, status=status), elsewhere="desk")

    assert (answer.status_code, answer.content) == (422, b"Choose the rule.")
    assert not list(get_messages(request))


def test_where_it_waits_no_more_it_is_said_elsewhere(request_with):
    request = request_with()
    answer = refused(request, WRONG, None, elsewhere="desk-reports")

    assert (answer.status_code, answer["Location"]) == (302, "/desk/reports/")
    assert [(said.message, said.extra_tags) for said in get_messages(request)] == [("Choose the rule.", "bad")]


def test_a_card(held, decide):
    card = comment_card(held)
    assert card["comment"] == held
    assert card["decision"] == held.decisions.get()
    assert [choice.code for choice in card["choices"] if choice.is_met] == ["banned_word"]
    assert (card["record"], card["versions"]) == ({"published": 0, "refused": 0}, [])

    newest = decide(held)
    assert comment_card(held)["decision"] == newest
    assert comment_card(held)["choices"][0].is_met


def test_the_card_of_an_edited_comment(published, reader):
    edit_comment(comment=published, author=reader, text_source="Another remark on the bridge.")
    published.refresh_from_db()

    assert [version.text_source for version in comment_card(published)["versions"]] == [
        "A quiet remark about the harbour bridge and its tolls."
    ]
