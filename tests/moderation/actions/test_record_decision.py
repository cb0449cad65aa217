"""A decision becomes a row, the comment follows, an event is recorded; rules have titles for people."""

import pytest
from django.db import transaction

from belowline.engine import decision as judged
from belowline.events.models import Event
from belowline.moderation.actions.record_decision import record_decision, record_engine_decision, rule_title
from belowline.moderation.engine import site_policy
from belowline.moderation.models import Decision


@pytest.mark.parametrize(
    ("outcome", "status", "tag"),
    [
        ("publish", "published", "comment:published"),
        ("hold", "held", "comment:held"),
        ("reject", "rejected", "comment:rejected"),
    ],
)
def test_the_comment_follows(held, moderator, outcome, status, tag):
    row = record_decision(
        comment=held, outcome=Decision.Outcome(outcome), moderator=moderator, maker="person", policy="p@1"
    )

    held.refresh_from_db()
    assert held.status == status
    event = Event.objects.order_by("-pk")[0]
    assert (event.tag, event.data) == (tag, {"decision": row.pk, "rules": []})


def test_what_the_engine_found_is_kept_whole(held):
    reason = judged.Reason(
        rule="links",
        outcome=judged.Outcome.HOLD,
        signal="links",
        score=0.6,
        threshold=0.5,
        start=1,
        end=4,
        explanation="x",
        desk="newsroom",
    )
    noted = judged.Reason(rule="gone", outcome=judged.Outcome.HOLD, signal="spam", score=0.9, threshold=0.5)
    found = judged.Decision(
        outcome=judged.Outcome.HOLD,
        reasons=(reason,),
        noted=(noted,),
        scores={
            "links": judged.Score(value=0.6, spans=(judged.Span(1, 4, 0.6, "links"),), evidence="3 links"),
            "off_topic": judged.Score.unchecked("no_story"),
        },
        unchecked=(judged.Unchecked("off_topic", "no_story"),),
        language="en",
        policy="small@1",
        model="abuse-1",
    )
    kept = Decision.objects.get(pk=record_engine_decision(comment=held, decision=found).pk)

    assert kept.reasons == [
        {
            "rule": "links",
            "title": "Links",
            "outcome": "hold",
            "signal": "links",
            "score": 0.6,
            "threshold": 0.5,
            "start": 1,
            "end": 4,
            "explanation": "x",
            "desk": "newsroom",
        }
    ]
    assert [entry["title"] for entry in kept.noted] == ["gone"]
    assert kept.scores["links"] == {
        "value": 0.6,
        "cause": "",
        "spans": [{"start": 1, "end": 4, "score": 0.6, "label": "links"}],
        "evidence": "3 links",
    }
    assert kept.scores["off_topic"]["value"] is None
    assert (kept.language, kept.policy, kept.model, kept.maker) == ("en", "small@1", "abuse-1", "engine")


@pytest.mark.parametrize(
    ("code", "title"), [("links", "Links"), ("engine_failed", "Checks not available"), ("gone", "gone")]
)
def test_rules_have_titles(site, code, title):
    assert rule_title(site_policy(site), code) == title


def test_the_newest_text_is_what_was_judged(held):
    newest = held.revisions.create(text_source="Corrected")

    with transaction.atomic():
        row = record_decision(comment=held, outcome=Decision.Outcome.HOLD, maker="engine", policy="p")
    assert row.revision == newest
