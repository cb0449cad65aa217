"""What can be done about a refused comment whose text was erased: nothing that gives it back to somebody."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.erase_words import erase_texts
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.case_file import near_copies
from belowline.moderation.errors import DecidingError


@pytest.fixture
def erased(rejected):
    erase_texts(Comment.objects.filter(pk=rejected.pk))
    rejected.refresh_from_db()
    return rejected


def test_it_is_not_published(erased, moderator):
    with pytest.raises(DecidingError) as raised:
        publish_comment(comment=erased, moderator=moderator)

    assert raised.value.code == "text_erased"
    assert Comment.objects.get(pk=erased.pk).status == "rejected"


def test_its_decision_is_not_taken_back(erased, moderator):
    newest = erased.decisions.order_by("-id").first()
    with pytest.raises(DecidingError) as raised:
        undo_decision(decision=newest, moderator=moderator)

    assert raised.value.code == "text_erased"
    assert erased.decisions.order_by("-id").first() == newest


def test_a_batch_leaves_it_as_it_was(erased, moderator):
    batch = decide_batch(comments=[erased.pk], moderator=moderator, outcome="publish", seen={})

    assert (batch.done, batch.skipped, batch.items.get().cause) == (0, 1, "text_erased")


def test_erased_ones_are_no_copies_of_each_other(erased, post, decide):
    other = post("What a wombat of a ferry, and of a timetable, that was.").comment
    decide(other, "reject", rule="links")
    erase_texts(Comment.objects.filter(pk=other.pk))

    assert near_copies(erased) == []


@pytest.mark.parametrize("path", ["comments/{}/", "history/", "search/?q=&status=rejected", "commenters/{author}/"])
def test_the_desk_says_so_and_offers_no_way_back(as_senior, erased, path):
    page = as_senior.get("/desk/" + path.format(erased.pk, author=erased.author_id)).content.decode()

    assert "ts text was erased" in page
    assert f"/desk/comments/{erased.pk}/decide/" not in page
    assert f"/comments/{erased.pk}/hand-on/" not in page
    assert "/undo/" not in page


def test_a_batch_says_so(as_senior, held, moderator):
    batch = decide_batch(comments=[held.pk], moderator=moderator, outcome="reject", rule="links", seen={})
    erase_texts(Comment.objects.filter(pk=held.pk))
    page = as_senior.get(f"/desk/history/batches/{batch.pk}/").content.decode()

    assert "Its text was erased" in page
    assert "Undo this one" not in page
