"""Decisions and policies as rows."""

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from belowline.moderation.models import Decision, PolicyVersion


def test_a_decision_names_the_text_that_it_judged(published):
    decision = published.decisions.get()

    assert decision.revision == published.revisions.get()
    assert str(decision) == f"publish comment {published.pk}"


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [([], None), ([{"rule": "x"}], {"rule": "x"}), ([{"rule": "x"}, {"rule": "y"}], {"rule": "x"})],
)
def test_the_gravest_reason(reasons, expected):
    assert Decision(reasons=reasons).first_reason == expected


def test_a_decision_is_taken_back_once(held, decide, moderator):
    decision = decide(held)
    fields = {
        "comment": held,
        "revision": decision.revision,
        "outcome": "hold",
        "maker": "person",
        "moderator": moderator,
        "policy": "x",
        "undoes": decision,
    }
    Decision.objects.create(**fields)

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(**fields)


def test_what_was_decided_about_stays(published):
    with pytest.raises(ProtectedError):
        published.delete()


def test_a_policy_is_read_again_as_it_was_activated(site):
    row = PolicyVersion.objects.get(site=site)
    policy = row.parse()

    assert str(row) == row.version == policy.version
    assert set(policy.rules) == {"banned_word", "links", "shouting"}
    assert policy.settings.banned_words == ("wombat",)
