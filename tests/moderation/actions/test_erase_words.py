"""What a closed account wrote is erased; what an open one wrote is not, whoever asks."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from belowline.comments.models import Comment, Revision
from belowline.events.models import Event
from belowline.moderation.actions.erase_words import erase_words
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.models import Tag


@pytest.fixture
def closed(reader):
    reader.closed_at = datetime(2026, 3, 1, tzinfo=UTC)
    reader.save()
    return reader


def test_only_of_a_closed_account(reader, written):
    written(status="deleted")
    with pytest.raises(PermissionDenied):
        erase_words(author=reader)

    assert Comment.objects.get().text_source


def test_only_what_was_deleted(closed, written, other_reader):
    gone, kept, others = written(status="deleted"), written(), written(author=other_reader, status="deleted")

    assert erase_words(author=closed) == 1
    assert [bool(Comment.objects.get(pk=one.pk).text_source) for one in (gone, kept, others)] == [False, True, True]
    assert [bool(Revision.objects.get(comment=one).text_source) for one in (gone, kept)] == [False, True]
    [event] = Event.objects.filter(tag="account:erased")
    assert (event.subject_id, event.data) == (closed.pk, {"comments": 1})


def test_tags_go_too(closed, published, moderator):
    tag_comment(comment=published, by=moderator, word="the baker's son")
    published.change_status("deleted")
    erase_words(author=closed)

    assert not Tag.objects.exists()


def test_decisions_keep_their_rules_and_no_words(closed, rejected):
    rejected.change_status("deleted")
    before = [(row.outcome, [reason["rule"] for reason in row.reasons]) for row in rejected.decisions.order_by("pk")]
    erase_words(author=closed)

    rows = list(rejected.decisions.order_by("pk"))
    assert [(row.outcome, [reason["rule"] for reason in row.reasons]) for row in rows] == before
    assert not any(reason["explanation"] for row in rows for reason in row.reasons)
    assert not any(row.note_to_author for row in rows)
    assert not any(score["evidence"] for row in rows for score in row.scores.values())
