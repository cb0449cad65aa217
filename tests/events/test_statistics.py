"""SQLite knows how its rows lie, so that it reads few of them."""

from django.db import connection

from belowline.events.statistics import keep_statistics
from belowline.moderation.models import Decision


def test_an_index_that_is_mostly_empty_is_left_alone(written, moderator):
    """Nearly no decision takes another back: the index over that finds all of them."""
    comment = written()
    revision = comment.revisions.get()
    rows = [Decision(comment=comment, revision=revision, outcome="publish", maker="engine") for _ in range(40)]
    Decision.objects.bulk_create(rows)
    mine = Decision.objects.filter(moderator=moderator, undoes=None)

    if connection.vendor == "sqlite":
        assert "_autoindex_" in mine.explain()
        assert keep_statistics() is True
        assert "_autoindex_" not in mine.explain()
    else:
        assert keep_statistics() is False
