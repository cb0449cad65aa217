"""The page that rejects all by somebody: how much it is first, nothing typed is lost, and the way back."""

import pytest

from belowline.comments.models import Comment
from belowline.moderation.batches import Batch
from belowline.moderation.models import Decision, MessageTemplate


@pytest.fixture
def address(reader, site):
    return f"/desk/commenters/{reader.pk}/reject-all/"


@pytest.fixture
def send(as_moderator, address):
    def call(**changes):
        newest = Decision.objects.order_by("-id").values_list("pk", flat=True).first() or 0
        return as_moderator.post(address, {"span": "all", "rule": "banned_word", "as_of": newest, **changes})

    return call


def statuses():
    return sorted(Comment.objects.values_list("status", flat=True))


def test_strangers_and_readers(stranger, as_reader, address):
    assert stranger.get(address).headers["Location"].startswith("/accounts/login/")
    assert as_reader.get(address).status_code == 403
    assert as_reader.post(address, {"span": "all"}).status_code == 403


def test_it_says_how_much_it_would_be(as_moderator, address, held, published):
    page = as_moderator.get(address).content.decode()

    assert page.count("<strong>1</strong> waiting, <strong>1</strong> published") == 4
    assert "off_topic" not in page
    assert statuses() == ["held", "published"]


@pytest.mark.parametrize(
    ("changes", "found"),
    [({}, ["published", "rejected"]), ({"with_published": "yes"}, ["rejected", "removed"])],
    ids=["what waits", "what is published, too"],
)
def test_done_and_taken_back(send, as_moderator, reader, held, published, changes, found):  # noqa: PLR0917
    answer = send(**changes)
    assert answer.headers["Location"] == f"/desk/commenters/{reader.pk}/#comments"
    assert statuses() == found
    page = as_moderator.get(f"/desk/commenters/{reader.pk}/").content.decode()
    assert "Take it back" in page

    as_moderator.post(f"/desk/commenters/{reader.pk}/restore/{Batch.objects.get().pk}/")
    assert statuses() == ["held", "published"]
    assert "Take it back" not in as_moderator.get(f"/desk/commenters/{reader.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"span": ""}, "Choose how far back."),
        ({"span": "century"}, "Choose how far back."),
        ({"rule": ""}, "Choose the rule that the comments break."),
        ({"note_to_author": "w" * 2_001}, "at most 2,000 fit"),
    ],
)
def test_what_is_missing_comes_back(send, held, changes, words):
    sent = {"note_to_author": "A word that shall stay.", "with_published": "yes", **changes}
    answer = send(**sent)
    page = answer.content.decode()

    assert answer.status_code == 422
    assert words in page
    assert sent["note_to_author"] in page
    assert 'name="with_published" value="yes" checked' in page
    assert statuses() == ["held"]


def test_nothing_to_reject(send, published):
    answer = send()

    assert answer.status_code == 422
    assert statuses() == ["published"]


def test_a_template_is_the_note_where_nothing_was_typed(send, held, admin):
    row = MessageTemplate.objects.create(title="Calm", text_source="Dear {name}.", language="en", changed_by=admin)
    send(template=str(row.pk))

    assert Decision.objects.latest("pk").note_to_author == "Dear Marjorie Tench."


def test_a_batch_of_somebody_else(send, as_moderator, held, other_reader):
    send()
    as_moderator.post(f"/desk/commenters/{other_reader.pk}/restore/{Batch.objects.get().pk}/")

    assert statuses() == ["rejected"]


def test_what_is_not_there(as_moderator, reader, site):
    assert as_moderator.get("/desk/commenters/999/reject-all/").status_code == 404
    assert as_moderator.post(f"/desk/commenters/{reader.pk}/restore/999/").status_code == 404


def test_an_account_that_is_closed_or_a_colleagues_can_be_cleaned_up(as_moderator, post, other_moderator, site):
    post("A wombat of a colleague.", author=other_moderator)

    assert as_moderator.get(f"/desk/commenters/{other_moderator.pk}/reject-all/").status_code == 200
