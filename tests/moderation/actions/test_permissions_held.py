"""Each action of the house asks what the matrix says: tried by every role, at its own place and at another."""

from typing import NamedTuple

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from belowline.accounts.actions.grant_role import grant_role
from belowline.accounts.actions.log_look import log_look
from belowline.accounts.actions.withdraw_role import withdraw_role
from belowline.accounts.permissions import MATRIX, ROLES, Action
from belowline.comments.actions.fold_comment import fold_comment
from belowline.comments.actions.pick_comment import pick_comment
from belowline.comments.actions.unfold_comment import unfold_comment
from belowline.comments.actions.unpick_comment import unpick_comment
from belowline.engine.errors import BelowlineError
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.deactivate_head import deactivate_head
from belowline.moderation.actions.decide_appeal import decide_appeal
from belowline.moderation.actions.decide_batch import decide_batch
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.decide_notice import decide_notice
from belowline.moderation.actions.decide_reports import decide_reports
from belowline.moderation.actions.edit_faq_answer import edit_faq_answer
from belowline.moderation.actions.mark_handled import mark_handled
from belowline.moderation.actions.publish_comment import publish_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.reopen_reports import reopen_reports
from belowline.moderation.actions.restore_policy import restore_policy
from belowline.moderation.actions.review_audit import review_audit
from belowline.moderation.actions.tag_batch import tag_batch
from belowline.moderation.actions.tag_comment import tag_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.actions.untag_comment import untag_comment
from belowline.moderation.models import Appeal, Audit, Decision, Notice, Report
from belowline.moderation.tagging import Tag
from belowline.stories.actions.control_story import control_story
from belowline.stories.actions.reread_text import reread_text
from belowline.stories.actions.set_section import set_section
from belowline.stories.actions.switch_topic import switch_topic


class Cast(NamedTuple):
    """Whatever can be acted on, under one story."""

    comment: object
    held: object
    rejected: object
    person: object

    @property
    def story(self):
        return self.comment.story

    @property
    def decision(self):
        return self.rejected.decisions.get()


VERBS = {
    "decide_comment": (Action.DECIDE, lambda by, on: decide_comment(comment=on.held, moderator=by, outcome="publish")),
    "publish_comment": (Action.DECIDE, lambda by, on: publish_comment(comment=on.held, moderator=by)),
    "publish_comment, a colleague's": (
        Action.UNDO_OTHERS,
        lambda by, on: publish_comment(comment=on.rejected, moderator=by),
    ),
    "remove_comment": (Action.REMOVE, lambda by, on: remove_comment(comment=on.comment, moderator=by, rule="links")),
    "undo_decision": (Action.UNDO_OTHERS, lambda by, on: undo_decision(decision=on.decision, moderator=by)),
    "decide_appeal": (
        Action.DECIDE_APPEAL,
        lambda by, on: decide_appeal(
            appeal=Appeal.objects.create(decision=on.decision), moderator=by, state="upheld", reason="No."
        ),
    ),
    "decide_notice": (
        Action.DECIDE_NOTICE,
        lambda by, on: decide_notice(
            notice=Notice.objects.create(
                comment=on.comment, receipt=f"{by.pk}", category="VIOLENCE", in_good_faith=True
            ),
            moderator=by,
            accept=False,
            reason="No.",
        ),
    ),
    "decide_reports": (
        Action.ANSWER_REPORTS,
        lambda by, on: decide_reports(comment=on.comment, moderator=by, accept=False),
    ),
    "reopen_reports": (Action.UNDO_OTHERS, lambda by, on: reopen_reports(comment=on.comment, moderator=by)),
    "mark_handled": (Action.DECIDE, lambda by, on: mark_handled(comment=on.comment, desk="corrections", by=by)),
    "tag_comment": (Action.DECIDE, lambda by, on: tag_comment(comment=on.comment, by=by, word="letters")),
    "untag_comment": (
        Action.DECIDE,
        lambda by, on: untag_comment(tag=Tag.objects.create(comment=on.comment, word="x", tagged_by=by), by=by),
    ),
    "review_audit": (
        Action.AUDIT,
        lambda by, on: review_audit(audit=Audit.objects.create(decision=on.decision), reviewer=by, outcome="publish"),
    ),
    "pick_comment": (Action.PICK, lambda by, on: pick_comment(comment=on.comment, by=by)),
    "unpick_comment": (Action.PICK, lambda by, on: unpick_comment(comment=on.comment, by=by)),
    "fold_comment": (Action.PICK, lambda by, on: fold_comment(comment=on.comment, by=by)),
    "unfold_comment": (Action.PICK, lambda by, on: unfold_comment(comment=on.comment, by=by)),
    "control_story": (
        Action.CONTROL_STORY,
        lambda by, on: control_story(story=on.story, controls={"mode": "closed"}, by=by),
    ),
    "switch_topic": (Action.CONTROL_STORY, lambda by, on: switch_topic(story=on.story, is_on=False, by=by)),
    "reread_text": (Action.CONTROL_STORY, lambda by, on: reread_text(story=on.story, by=by)),
    "set_section": (
        Action.SET_SECTION,
        lambda by, on: set_section(site=on.story.site, name=on.story.section, controls={"mode": "closed"}, by=by),
    ),
    "edit_faq_answer": (
        Action.EDIT_FAQ,
        lambda by, on: edit_faq_answer(site=on.story.site, question="wanted", language="en", text_source="Yes.", by=by),
    ),
    "activate_policy": (Action.CHANGE_POLICY, lambda by, on: activate_policy(site=on.story.site, text="x", by=by)),
    "restore_policy": (
        Action.CHANGE_POLICY,
        lambda by, on: restore_policy(site=on.story.site, earlier=None, by=by),
    ),
    "deactivate_head": (Action.CHANGE_POLICY, lambda by, on: deactivate_head(site=on.story.site, by=by)),
    "log_look": (
        Action.SEE_PRIVATE,
        lambda by, on: log_look(by=by, about=on.person, what="notes", site=on.story.site_id, section=on.story.section),
    ),
    "grant_role": (
        Action.MANAGE_PEOPLE,
        lambda by, on: grant_role(user=on.person, role="editor", by=by, site=on.story.site, section=on.story.section),
    ),
    "withdraw_role": (
        Action.MANAGE_PEOPLE,
        lambda by, on: withdraw_role(
            user=on.person, role="editor", by=by, site=on.story.site, section=on.story.section
        ),
    ),
}
OF_THE_WHOLE_SITE = {"edit_faq_answer", "activate_policy", "restore_policy", "deactivate_head"}
"""What a role in a section does not suffice for."""


@pytest.fixture
def cast(written, make_story, reader, account):
    """Everything that is acted on, on a site, under a story of its section sport."""
    colleague = account("Colleague", "moderator")

    def make(site):
        story = make_story(site, "match", section="sport")
        rejected = written("Rejected.", story=story, status="rejected")
        Decision.objects.create(
            comment=rejected, revision=rejected.revisions.get(), outcome="reject", maker="person", moderator=colleague
        )
        comment = written("Published.", story=story)
        Report.objects.create(
            comment=comment, reporter=reader, category="abuse", state="declined", decided_by=colleague
        )
        return Cast(comment, written("Held.", story=story, status="held"), rejected, reader)

    return make


def is_let_through(call, by, on):
    """Say whether the action asks for no other role; what it says besides does not matter, and nothing stays."""
    try:
        with transaction.atomic():
            call(by, on)
            transaction.set_rollback(True)
    except PermissionDenied:
        return False
    except BelowlineError:
        return True
    return True


def test_a_batch_goes_as_far_as_the_role(local, site, other_site, cast):
    here, there = cast(site).held, cast(other_site).held
    batch = decide_batch(
        comments=[here.pk, there.pk], moderator=local(site, section="sport"), outcome="publish", seen={}
    )

    assert (batch.done, batch.skipped) == (1, 1)
    assert dict(batch.items.values_list("comment", "cause")) == {here.pk: "", there.pk: "not_allowed"}


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_who_may_not_decide_about_many(account, site, cast, role):
    somebody, held = account("Somebody", role), cast(site).held
    with pytest.raises(PermissionDenied):
        decide_batch(comments=[held.pk], moderator=somebody, outcome="publish", seen={})
    with pytest.raises(PermissionDenied):
        tag_batch(comments=[held.pk], moderator=somebody, word="letters")


@pytest.mark.parametrize("name", VERBS)
def test_every_role_at_its_own_place_and_at_another(name, account, site, other_site, cast):
    action, call = VERBS[name]
    here, there = cast(site), cast(other_site)
    staff = {("reader", ""): account("Reader")}
    for role in ROLES:
        staff[role, "everything"] = account(f"{role} everywhere", role)
        for place, section in (("site", ""), ("section", "sport"), ("news", "news")):
            staff[role, place] = account(f"{role} {place}")
            grant_role(user=staff[role, place], role=role, by=None, site=site, section=section)
    reach = {"everything": (True, True), "site": (True, False), "section": (name not in OF_THE_WHOLE_SITE, False)}

    found = {who: (is_let_through(call, user, here), is_let_through(call, user, there)) for who, user in staff.items()}
    assert found == {
        (role, place): tuple(at and role in MATRIX[action].roles for at in reach.get(place, (False, False)))
        for role, place in staff
    }
