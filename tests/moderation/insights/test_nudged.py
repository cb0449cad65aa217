"""What authors made of a nudge."""

from itertools import count

import pytest

from belowline.moderation.insights.nudged import nudges_by_result
from belowline.moderation.models import Nudge

NUMBERS = count(1)


@pytest.fixture
def nudge(story, reader, written):
    """An author was nudged, and did this."""

    def call(result="open", status=None, of=story):
        comment = written(status=status) if status else None
        number = next(NUMBERS)
        return Nudge.objects.create(
            story=of,
            author=reader,
            idempotency_key=f"n{number}",
            text_key="t",
            policy="p",
            result=result,
            comment=comment,
        )

    return call


def test_by_what_they_did_and_where_their_comments_stand(scope, nudge):
    for result, status in (
        ("edited", "published"),
        ("edited", "published"),
        ("edited", "held"),
        ("edited", "deleted"),
        ("posted_anyway", "rejected"),
        ("posted_anyway", "removed"),
        ("posted_anyway", "held"),
        ("open", None),
    ):
        nudge(result, status)

    assert {row.result: row[1:] for row in nudges_by_result(scope())} == {
        "edited": (4, 2, 1, 0, 1),
        "posted_anyway": (3, 0, 1, 2, 0),
        "open": (1, 0, 0, 0, 1),
    }


def test_all_results_are_there_without_any_nudge(scope):
    assert [row[1:] for row in nudges_by_result(scope())] == [(0, 0, 0, 0, 0)] * len(Nudge.Result.values)


def test_other_sites_and_other_days_do_not_count(scope, nudge, other_site, make_story, ago):
    nudge(of=make_story(other_site))
    Nudge.objects.filter(pk=nudge().pk).update(created_at=ago(40))

    assert sum(row.nudges for row in nudges_by_result(scope())) == 0
