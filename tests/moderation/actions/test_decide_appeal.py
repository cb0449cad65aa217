"""An appeal is upheld or overturned with a reason, by a person who did not decide first where there is another."""

import pytest
from django.core.exceptions import PermissionDenied

from belowline.accounts.models import User
from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment
from belowline.events.models import Event
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.submit_appeal import submit_appeal
from belowline.moderation.appeals import was_first_decider
from belowline.moderation.errors import DecidingError
from belowline.moderation.models import Appeal, Decision
from belowline.stories.models import Story


def code_of(settle, *given, **more):
    with pytest.raises(DecidingError) as caught:
        settle(*given, **more)
    return caught.value.code


def test_overturned(appeal, settle, rejected, other_moderator, story):
    before = Story.objects.get(pk=story.pk)
    settled = settle(appeal, reason="  It is about an animal. ")

    rejected.refresh_from_db()
    assert (rejected.status, rejected.published_at is not None) == ("published", True)
    assert (settled.state, settled.reason, settled.decided_by) == (
        "overturned",
        "It is about an animal.",
        other_moderator,
    )
    assert settled.decided_at is not None
    result = settled.result
    assert result == rejected.decisions.latest("pk")
    assert (result.outcome, result.maker, result.moderator) == ("publish", "person", other_moderator)
    assert (result.note_to_author, result.undoes) == ("It is about an animal.", None)
    after = Story.objects.get(pk=story.pk)
    assert (after.comment_count, after.thread_version) == (before.comment_count + 1, before.thread_version + 1)


def test_overturned_is_recorded(appeal, settle, other_moderator, site, rejected):
    settle(appeal)

    event = Event.objects.get(tag="appeal:overturned")
    assert (event.subject_id, event.site_id, event.actor_id) == (appeal.pk, site.pk, other_moderator.pk)
    assert event.data == {"decision": appeal.decision_id, "by_first_decider": False}
    assert Event.objects.get(tag="comment:published").subject_id == rejected.pk


def test_upheld(appeal, settle, rejected, other_moderator):
    decisions = Decision.objects.count()
    settled = settle(appeal, "upheld", reason="The word is not published, whatever it means.")

    rejected.refresh_from_db()
    assert rejected.status == "rejected"
    assert Decision.objects.count() == decisions
    assert (settled.state, settled.result, settled.decided_by) == ("upheld", None, other_moderator)
    assert Event.objects.get(tag="appeal:upheld").subject_id == appeal.pk
    assert not Event.objects.filter(tag="appeal:overturned").exists()


def test_the_contested_decision_is_never_changed(appeal, settle):
    before = Decision.objects.filter(pk=appeal.decision_id).values().get()
    settle(appeal)

    assert Decision.objects.filter(pk=appeal.decision_id).values().get() == before


def test_a_removed_comment_comes_back(removed, reader, settle):
    first = removed.published_at
    settle(submit_appeal(comment=removed, author=reader))

    removed.refresh_from_db()
    assert (removed.status, removed.published_at) == ("published", first)


# --- who


@pytest.mark.parametrize("who", ["reader", "other_reader"])
def test_readers_do_not_decide(appeal, settle, request, who):
    with pytest.raises(PermissionDenied):
        settle(appeal, by=request.getfixturevalue(who))


def test_a_moderator_whose_account_is_closed_does_not_decide(appeal, settle, other_moderator):
    other_moderator.is_active = False
    with pytest.raises(PermissionDenied):
        settle(appeal)


def test_not_who_decided_first_where_there_is_another(appeal, settle, moderator, other_moderator):
    assert code_of(settle, appeal, by=moderator) == "own_decision"
    assert Appeal.objects.get().state == "open"
    assert settle(appeal, by=other_moderator).state == "overturned"


@pytest.mark.parametrize(
    ("role", "active"),
    [("reader", True), ("moderator", False), ("admin", False)],
    ids=["reader", "closed", "closed too"],
)
def test_who_decided_first_where_nobody_else_could(appeal, settle, moderator, account, role, active):  # noqa: PLR0917
    account("Somebody Else", role, is_active=active)
    settled = settle(appeal, by=moderator)

    assert settled.decided_by == settled.decision.moderator == moderator
    assert was_first_decider(settled)
    assert Event.objects.get(tag="appeal:overturned").data["by_first_decider"] is True


def test_an_administrator_counts_as_another(appeal, settle, moderator, account):
    chief = account("Chief", "admin")

    assert code_of(settle, appeal, by=moderator) == "own_decision"
    assert not was_first_decider(settle(appeal, by=chief))


def test_any_moderator_where_the_machine_decided(post, reader, site, activate, settle, moderator, other_moderator):  # noqa: PLR0917
    activate(site, reject=0.9)
    appeal = submit_appeal(comment=post("What a wombat.").comment, author=reader)

    assert settle(appeal, by=moderator).state == "overturned"


def test_nobody_decides_about_their_own_comment(post, account, moderator, other_moderator, settle):
    """Also moderators write, and are rejected."""
    third = account("Third Desk", "moderator")
    comment = post("A quiet remark.", author=third).comment
    remove_comment(comment=comment, moderator=moderator, rule="links")
    appeal = submit_appeal(comment=comment, author=third)

    assert code_of(settle, appeal, by=third) == "own_decision"
    assert settle(appeal, by=other_moderator).state == "overturned"


def test_who_decided_first_rather_than_the_author(post, account, moderator, settle):
    """Two moderators: one decided, the other one wrote it."""
    second = account("Second Desk", "moderator")
    comment = post("A quiet remark.", author=second).comment
    remove_comment(comment=comment, moderator=moderator, rule="links")
    appeal = submit_appeal(comment=comment, author=second)

    assert code_of(settle, appeal, by=second) == "own_decision"
    assert settle(appeal, by=moderator).state == "overturned"


# --- when not


@pytest.mark.parametrize("reason", ["", "   \n"])
@pytest.mark.parametrize("state", ["upheld", "overturned"])
def test_a_reason_is_needed(appeal, settle, reason, state):
    assert code_of(settle, appeal, state, reason=reason) == "reason_required"
    assert Appeal.objects.get().state == "open"


def test_a_reason_has_an_end(appeal, settle):
    assert code_of(settle, appeal, reason="x" * 2001) == "note_too_long"
    assert settle(appeal, reason="x" * 2000)


def test_somebody_was_faster(appeal, settle, account):
    settle(appeal, "upheld")

    assert code_of(settle, appeal, by=account("Third Desk", "moderator")) == "appeal_settled"
    assert Appeal.objects.get().state == "upheld"


def test_its_author_deleted_it_meanwhile(appeal, settle, rejected, reader):
    delete_comment(comment=rejected, by=reader)

    assert code_of(settle, appeal) == "appeal_settled"
    assert Comment.objects.get(pk=rejected.pk).status == "deleted"


def test_nothing_is_left_when_it_cannot_be_recorded(appeal, settle, rejected, monkeypatch):
    from belowline.moderation.actions import decide_appeal as module

    def fail(*_, **__):
        raise RuntimeError("no room")

    monkeypatch.setattr(module, "record_event", fail)
    with pytest.raises(RuntimeError):
        settle(appeal)

    rejected.refresh_from_db()
    assert (rejected.status, Appeal.objects.get().state) == ("rejected", "open")


def test_open_is_no_way_to_settle(appeal, settle):
    with pytest.raises(KeyError):
        settle(appeal, "open")
    assert not User.objects.filter(pk=Appeal.objects.get().decided_by_id).exists()
