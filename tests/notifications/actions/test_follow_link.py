"""A confirmed link decides, once, as whoever confirms; what cannot be decided uses nothing up."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from belowline.engine.errors import BelowlineError
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Decision
from belowline.notifications.action_links import ActionLink, action_address
from belowline.notifications.actions.follow_link import follow_link
from belowline.notifications.channel_models import UsedLink
from belowline.notifications.errors import LinkError


@pytest.fixture
def token(held, moderator):
    def make(outcome="publish", rule="", user=moderator.pk, **changes):
        link = ActionLink(held.pk, outcome, rule, held.decisions.get().pk, user)._replace(**changes)
        return action_address(link).rstrip("/").rsplit("/", 1)[1]

    return make


@pytest.mark.parametrize(
    ("outcome", "rule", "status"), [("publish", "", "published"), ("reject", "banned_word", "rejected")]
)
def test_it_decides_as_whoever_confirms(token, held, moderator, outcome, rule, status):  # noqa: PLR0917
    decision = follow_link(token=token(outcome, rule), by=moderator)

    held.refresh_from_db()
    assert held.status == status
    assert (decision.maker, decision.moderator, decision.outcome) == ("person", moderator, outcome)
    assert [reason["rule"] for reason in decision.reasons] == ([rule] if rule else [])


def test_one_that_many_read_is_for_any_moderator(token, other_moderator):
    assert follow_link(token=token(user=0), by=other_moderator).moderator == other_moderator


def test_once(token, moderator, held):
    used = token()
    decision = follow_link(token=used, by=moderator)
    with pytest.raises(LinkError) as caught:
        follow_link(token=used, by=moderator)
    assert caught.value.code == "link_used"

    undo_decision(decision=decision, moderator=moderator)
    with pytest.raises(LinkError):
        follow_link(token=used, by=moderator)
    held.refresh_from_db()
    assert held.status == "held"


def test_somebody_has_decided_meanwhile(token, decide, held, other_moderator, moderator):
    stale = token("reject", "banned_word")
    decide(held, by=other_moderator)

    with pytest.raises(DecidingError) as caught:
        follow_link(token=stale, by=moderator)
    assert caught.value.code == "not_waiting"
    assert not UsedLink.objects.exists()
    held.refresh_from_db()
    assert held.status == "published"


def test_another_text_is_another_decision(token, held, moderator, reader):
    from belowline.moderation.actions.edit_comment import edit_comment

    stale = token()
    edit_comment(comment=held, author=reader, text_source="What a second wombat of a bridge.")

    with pytest.raises(DecidingError):
        follow_link(token=stale, by=moderator)


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"rule": "gone"}, "unknown_rule"), ({"rule": ""}, "rule_required")],
    ids=["the policy has changed", "no rule"],
)
def test_what_cannot_be_decided_uses_nothing_up(token, moderator, changes, code):
    with pytest.raises(DecidingError) as caught:
        follow_link(token=token("reject", **changes), by=moderator)

    assert caught.value.code == code
    assert not UsedLink.objects.exists()


def test_somebody_elses(token, other_moderator, held):
    with pytest.raises(LinkError) as caught:
        follow_link(token=token(), by=other_moderator)

    assert caught.value.code == "link_of_another"
    held.refresh_from_db()
    assert held.status == "held"


def test_who_left_the_staff_decides_no_more(token, moderator):
    mine = token()
    moderator.role = "reader"
    moderator.save()

    with pytest.raises(PermissionDenied):
        follow_link(token=mine, by=moderator)
    assert not UsedLink.objects.exists()


def test_no_such_comment(token, moderator):
    with pytest.raises(LinkError) as caught:
        follow_link(token=token(comment=10**9), by=moderator)

    assert caught.value.code == "link_unknown"


@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one(token, moderator):
    used = token()

    def press(_):
        try:
            follow_link(token=used, by=moderator)
        except BelowlineError:
            return 0
        finally:
            connections.close_all()
        return 1

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(press, range(4))) == 1
    assert Decision.objects.filter(maker="person").count() == 1
