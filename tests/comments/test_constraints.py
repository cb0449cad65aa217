"""What the database itself refuses, whoever writes: threads without a beginning or in a circle, unknown states."""

import pytest
from django.db import IntegrityError, transaction

from belowline.comments.models import Comment
from belowline.moderation.models import Decision


@pytest.fixture
def reply(written):
    head = written()
    return written("I saw the tolls rise twice.", parent=head)


def refused(rows, **changes):
    try:
        with transaction.atomic():
            rows.update(**changes)
    except IntegrityError:
        return True
    return False


@pytest.mark.parametrize(
    "changes",
    [
        {"root": None},
        {"parent": None},
        {"parent": "itself"},
        {"root": "itself"},
        {"parent": "later", "root": "later"},
        {"status": "lost"},
    ],
    ids=["no root", "no parent", "answers itself", "begins with itself", "answers a later one", "an unknown status"],
)
def test_comments(reply, written, changes):
    named = {"itself": reply, "later": written("A later remark about the ferry.")}
    changes = {name: named.get(value, value) for name, value in changes.items()}

    assert refused(Comment.objects.filter(pk=reply.pk), **changes)
    assert not refused(Comment.objects.filter(pk=reply.pk), parent=None, root=None)


def test_comments_come_with_their_own_ids(written, reply):
    """As importers and restored rows do: in whatever order, a reply comes after what it answers."""
    fields = {field.attname: getattr(reply, field.attname) for field in Comment._meta.concrete_fields}
    fields |= {"id": reply.pk + 500, "idempotency_key": "own"}
    Comment.objects.create(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.create(**fields | {"id": 0, "idempotency_key": "before"})


@pytest.mark.parametrize("changes", [{"outcome": "maybe"}, {"maker": "nobody"}, {"maker": "engine", "moderator": 0}])
def test_decisions(published, moderator, changes):
    changes = changes | ({"moderator": moderator} if "moderator" in changes else {})

    assert refused(Decision.objects.filter(comment=published), **changes)
    assert not refused(Decision.objects.filter(comment=published), maker="person", moderator=moderator)
    assert not refused(Decision.objects.filter(comment=published), maker="person", moderator=None)
