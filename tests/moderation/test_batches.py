"""A batch says of itself what became of it."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from belowline.moderation.models import Batch, BatchItem


@pytest.mark.parametrize(
    ("counts", "unreached", "kept"),
    [
        ({"asked": 5, "done": 5}, 0, 0),
        ({"asked": 5, "done": 3, "skipped": 2}, 0, 0),
        ({"asked": 5, "done": 2, "skipped": 1}, 2, 0),
        ({"asked": 5, "done": 5, "undone": 4, "undone_at": timezone.now()}, 0, 1),
        ({"asked": 5, "done": 5, "undone": 5, "undone_at": timezone.now()}, 0, 0),
    ],
    ids=["all", "some skipped", "cut short", "one kept", "all taken back"],
)
def test_what_was_left(counts, unreached, kept):
    batch = Batch(**counts)

    assert (batch.unreached, batch.kept) == (unreached, kept)


def test_a_comment_is_in_a_batch_once(moderator, published):
    batch = Batch.objects.create(moderator=moderator, act="publish", asked=1)
    item = BatchItem.objects.create(batch=batch, comment=published)

    assert str(item) == f"comment {published.pk} in batch {batch.pk}"
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(batch=batch, comment=published)


def test_a_decision_is_in_one_batch(moderator, published):
    decision = published.decisions.get()
    first, second = (Batch.objects.create(moderator=moderator, act="publish", asked=1) for _ in range(2))
    BatchItem.objects.create(batch=first, comment=published, decision=decision)

    assert decision.batch_item.batch == first
    with pytest.raises(IntegrityError), transaction.atomic():
        BatchItem.objects.create(batch=second, comment=published, decision=decision)
