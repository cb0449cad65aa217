"""How many decisions were contested, rule by rule, and how those ended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from belowline.comments.actions.delete_comment import delete_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.appeal_figures import RuleAppeals, appeal_figures
from belowline.moderation.models import Appeal


@pytest.fixture
def contested(post, decide, reader, settle):
    """Have a comment rejected by a rule and contested; say how that ended."""
    numbers = iter(range(1000))

    def call(rule="banned_word", state="open", **more):
        comment = post(f"Wombat number {next(numbers)} of the harbour.", **more).comment
        decide(comment, "reject", rule=rule)
        appeal = submit_appeal(comment=comment, author=reader)
        return appeal if state == "open" else settle(appeal, state)

    return call


def test_nothing_yet(site):
    assert appeal_figures(site) == {}


def test_rule_by_rule(contested, site):
    for rule, state in [
        ("banned_word", "open"),
        ("banned_word", "upheld"),
        ("banned_word", "upheld"),
        ("banned_word", "overturned"),
        ("links", "overturned"),
    ]:
        contested(rule, state)

    assert appeal_figures(site) == {
        "banned_word": RuleAppeals("banned_word", appeals=4, upheld=2, overturned=1, open=1),
        "links": RuleAppeals("links", appeals=1, upheld=0, overturned=1, open=0),
    }


def test_a_removal_counts_under_its_rule(removed, reader, site):
    submit_appeal(comment=removed, author=reader)

    assert appeal_figures(site) == {"links": RuleAppeals("links", appeals=1, upheld=0, overturned=0, open=1)}


def test_each_counts_once_under_the_gravest_rule(post, site, activate, reader):
    activate(site, reject=0.9)
    comment = post("WHAT A WOMBAT OF A BRIDGE THIS WHOLE THING IS, EVERYBODY").comment
    assert len(comment.decisions.get().reasons) == 2
    submit_appeal(comment=comment, author=reader)

    assert list(appeal_figures(site)) == ["banned_word"]


def test_each_site_has_its_own(contested, site, other_site, make_story, activate):
    activate(other_site)
    contested("links", story=make_story(other_site))

    assert appeal_figures(site) == {}
    assert list(appeal_figures(other_site)) == ["links"]


def test_since_when(contested, site):
    old, _ = contested("links"), contested("banned_word")
    Appeal.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=40))

    assert list(appeal_figures(site, since=timezone.now() - timedelta(days=30))) == ["banned_word"]
    assert list(appeal_figures(site)) == ["banned_word", "links"]


@pytest.mark.parametrize(("state", "counts"), [("open", False), ("upheld", True)])
def test_a_deleted_comment_waits_for_nothing(contested, site, reader, state, counts):
    appeal = contested(state=state)
    delete_comment(comment=appeal.decision.comment, by=reader)

    assert bool(appeal_figures(site)) is counts


COUNTS = st.integers(0, 10_000)


@given(COUNTS, COUNTS, COUNTS)
def test_the_rate_is_a_share_of_what_is_settled(upheld, overturned, waiting):
    rate = RuleAppeals("x", upheld + overturned + waiting, upheld, overturned, waiting).overturn_rate

    if upheld + overturned == 0:
        assert rate is None
    else:
        assert 0.0 <= rate <= 1.0
        assert round(rate * (upheld + overturned)) == overturned
