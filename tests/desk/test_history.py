"""The page History: what was decided, and the way back from it; for moderators alone."""

import re

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.tag_batch import tag_batch

PAGE = "/desk/history/"


@pytest.fixture
def waiting(post):
    return [post(f"What a wombat of a bridge, says voice {number}.").comment for number in range(3)]


@pytest.fixture
def batch(waiting, moderator):
    ids = [comment.pk for comment in waiting]
    return decide_batch(
        comments=ids, moderator=moderator, outcome="reject", rule="links", seen={}, chosen="Links, 5 to 20 %"
    )


@pytest.fixture
def page(as_moderator):
    def call(path=PAGE):
        answer = as_moderator.get(path)
        assert answer.status_code == 200
        return answer.content.decode()

    return call


def statuses(comments):
    by_id = dict(Comment.objects.values_list("pk", "status"))
    return [by_id[comment.pk] for comment in comments]


# --- who comes in


@pytest.mark.parametrize("path", [PAGE, PAGE + "batches/{}/", PAGE + "batches/{}/undo/"])
def test_strangers_sign_in_first_and_readers_are_refused(stranger, as_reader, batch, waiting, path):
    address = path.format(batch.pk)
    method = "post" if path.endswith("undo/") else "get"

    assert getattr(stranger, method)(address)["Location"].startswith("/accounts/login/")
    assert getattr(as_reader, method)(address).status_code == 403
    assert statuses(waiting) == ["rejected"] * 3


def test_undoing_is_no_link(as_moderator, batch):
    assert as_moderator.get(f"{PAGE}batches/{batch.pk}/undo/").status_code == 405


@pytest.mark.parametrize("path", [PAGE + "batches/999/", PAGE + "batches/999/undo/"])
def test_what_is_not_there(as_moderator, path):
    method = as_moderator.post if path.endswith("undo/") else as_moderator.get

    assert method(path).status_code == 404


# --- what is shown


def test_nothing_yet(page):
    assert "Nothing was decided yet." in page()


def test_a_batch_and_a_single_decision(page, batch, held, decide):
    decide(held)

    html = page()
    assert html.index("Publish") < html.index("Rejected 3 comments")
    assert "Links, 5 to 20 %" in html
    assert "What a wombat of a harbour bridge this is." in html
    assert "says voice" not in html


@pytest.mark.parametrize(
    ("query", "shows"),
    [
        ("?act=reject", True),
        ("?act=publish", False),
        ("?act=nonsense&by=x&before=yesterday", True),
        ("?before=2020-01-01T00:00:00", False),
        ("?before=2020-13-45T99:00:00", True),
        ("?by=0", False),
    ],
)
def test_a_part_of_it(page, batch, query, shows):
    assert ("Rejected 3 comments" in page(PAGE + query)) is shows


def test_what_is_older(page, waiting, decide, monkeypatch):
    from belowline.moderation import decision_log

    monkeypatch.setattr(decision_log, "PAGE", 2)
    for comment in waiting:
        decide(comment)

    html = page()
    older = re.search(r'href="(\?[^"]*before=[^"]*)">Older', html)[1].replace("&amp;", "&")
    assert re.findall(r"says voice (\d)", html) == ["2", "1"]
    assert re.findall(r"says voice (\d)", page(PAGE + older)) == ["0"]


def test_every_comment_of_a_batch(page, batch):
    html = page(f"{PAGE}batches/{batch.pk}/")

    assert '<h1>Rejected 3 comments <span class="quiet">Links</span></h1>' in html
    assert re.findall(r"says voice (\d)", html) == ["2", "1", "0"]
    assert html.count("Undo this one") == 3


def test_why_some_were_left(page, waiting, decide, moderator, other_moderator):
    decide(waiting[0], by=other_moderator)
    batch = decide_batch(
        comments=[one.pk for one in waiting],
        moderator=moderator,
        outcome="publish",
        seen={waiting[0].pk: waiting[0].decisions.order_by("id")[0].pk},
    )

    html = page(f"{PAGE}batches/{batch.pk}/")
    assert "1 left as it was: somebody had decided about it meanwhile." in html
    assert html.count("Undo this one") == 2


def test_a_long_batch_has_pages(page, batch, monkeypatch):
    from belowline.desk import history

    monkeypatch.setattr(history, "ITEMS_PER_PAGE", 2)

    assert "Page 1 of 2" in page(f"{PAGE}batches/{batch.pk}/")
    assert re.findall(r"says voice (\d)", page(f"{PAGE}batches/{batch.pk}/?page=2")) == ["0"]


# --- the way back


def test_taking_a_batch_back(as_moderator, batch, waiting, page):
    answer = as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/", follow=True)

    assert answer.redirect_chain == [(f"{PAGE}batches/{batch.pk}/", 302)]
    assert "Taken back: 3 of 3." in answer.content.decode()
    assert statuses(waiting) == ["held"] * 3
    assert "Undo all" not in page()
    assert "Taken back" in page()


def test_what_something_came_after_stays(as_moderator, batch, waiting, reader):
    from belowline.comments.actions.delete_comment import delete_comment

    waiting[0].refresh_from_db()
    delete_comment(comment=waiting[0], by=reader)
    answer = as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/", follow=True)

    assert "Taken back: 2 of 3. 1 stay as they are: something came after them." in answer.content.decode()


def test_twice(as_moderator, batch):
    as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/")
    answer = as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/", follow=True)

    assert "Nothing of this is left to be taken back." in answer.content.decode()


@pytest.mark.parametrize(
    ("back", "leads"),
    [
        ("/desk/bands/?rule=links", "/desk/bands/?rule=links"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("/\\elsewhere.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_it_leads_back_within_the_desk_only(as_moderator, batch, back, leads):
    answer = as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/", {"back": back})

    assert answer["Location"] == (leads or f"{PAGE}batches/{batch.pk}/")


def test_tags_come_off(as_moderator, waiting, moderator, page):
    batch = tag_batch(comments=[one.pk for one in waiting], moderator=moderator, word="letters")
    assert "Tagged 3 comments “letters”" in page()
    assert "Undo this one" not in page(f"{PAGE}batches/{batch.pk}/")

    as_moderator.post(f"{PAGE}batches/{batch.pk}/undo/")
    assert not waiting[0].tags.exists()


def test_taking_a_single_one_back(as_moderator, held, decide):
    decision = decide(held)
    answer = as_moderator.post(f"{PAGE}decisions/{decision.pk}/undo/", {"back": f"{PAGE}?act=publish"}, follow=True)

    assert answer.redirect_chain == [(f"{PAGE}?act=publish", 302)]
    assert "Taken back: the comment waits again." in answer.content.decode()
    assert statuses([held]) == ["held"]


def test_a_single_one_that_something_came_after(as_moderator, held, decide, moderator):
    from belowline.moderation.actions.undo_decision import undo_decision

    decision = decide(held)
    undo_decision(decision=decision, moderator=moderator)
    answer = as_moderator.post(f"{PAGE}decisions/{decision.pk}/undo/", follow=True)

    assert answer.redirect_chain == [(PAGE, 302)]
    assert "can no longer be undone" in answer.content.decode()


def test_readers_take_no_single_one_back(as_reader, stranger, held, decide):
    address = f"{PAGE}decisions/{decide(held).pk}/undo/"

    assert as_reader.post(address).status_code == 403
    assert stranger.post(address)["Location"].startswith("/accounts/login/")
    assert statuses([held]) == ["published"]
