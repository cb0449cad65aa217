"""What people decided, as calibration reads it: the latest word of a person, with text, scores and how it was drawn."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Revision
from belowline.engine.cutoffs import Past
from belowline.engine.submission import Parent, Story
from belowline.moderation import history
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.history import Decided, count_decided, fair_draw, newest_decided, site_history
from belowline.moderation.models import Appeal, Audit, Decision, PolicyVersion

HELD = "What a wombat of a harbour bridge this is."
QUIET = "A quiet remark about the harbour bridge and its tolls."


@pytest.fixture
def audit(moderator):
    """Answer an audit of the engine's decision about a comment."""

    def call(comment, outcome="publish", rule="", *, at=None, version=None):
        return Audit.objects.create(
            decision=comment.decisions.filter(maker="engine").get(),
            policy_version=version,
            reviewer=moderator,
            outcome=outcome,
            rule=rule,
            reviewed_at=at or timezone.now(),
        )

    return call


def test_what_the_machine_alone_decided_is_no_evidence(site, published, held):
    assert list(site_history(site)) == []


def test_a_decision_of_a_person_with_all_that_judging_needs(site, story, post, other_reader, decide):
    parent = post(QUIET, author=other_reader).comment
    comment = post("No, you wombat.", parent=parent).comment
    decision = decide(comment, "reject", rule="banned_word")
    judged = comment.decisions.get(maker="engine")

    [found] = site_history(site)

    assert (found.comment_id, found.text, found.outcome, found.rule) == (
        comment.pk,
        "No, you wombat.",
        "refused",
        "banned_word",
    )
    assert found.story == Story(title=story.title, body=story.body, section="news")
    assert found.parent == Parent(text=QUIET)
    assert (found.section, found.language, found.model) == ("news", judged.language, judged.model)
    assert found.scores == {name: score["value"] for name, score in judged.scores.items()}
    assert found.scores["banned_word"] == 1.0
    assert (found.at, found.chance) == (decision.created_at, 1.0)


def test_a_reply_to_a_reply_knows_where_the_thread_began(site, post, decide):
    root = post(QUIET).comment
    middle = post("Another quiet remark about the tolls.", parent=root).comment
    decide(post(HELD, parent=middle).comment)

    assert [found.parent for found in site_history(site)] == [Parent(text=middle.text_source, root_text=QUIET)]


def test_as_the_engine_and_calibration_read_it(site, held, decide):
    decide(held, "reject", rule="links")
    [found] = site_history(site)

    assert found.submission.text == HELD
    assert found.submission.id == str(held.pk)
    assert found.submission.story == found.story
    assert set(found.causes) == {name for name, value in found.scores.items() if value is None}
    assert found.past == Past(
        found.scores,
        is_good=False,
        section="news",
        language="en",
        rule="links",
        at=found.at,
        causes=found.causes,
        judges_topic=True,
    )
    type(held.story).objects.update(judges_topic=False)
    assert [one.past.judges_topic for one in site_history(site)] == [False]


@pytest.mark.parametrize(("answer", "says"), [(("publish", ""), "published"), (("reject", "links"), "refused")])
def test_an_answered_audit_is_a_persons_word(site, published, audit, answer, says):
    row = audit(published, *answer)

    [found] = site_history(site)

    assert (found.outcome, found.rule, found.at) == (says, answer[1], row.reviewed_at)
    assert found.is_good is (says == "published")
    assert (found.chance, found.was_audited) == (0.02, True)


def test_an_audit_that_waits_says_nothing(site, published, audit):
    row = audit(published)
    Audit.objects.filter(pk=row.pk).update(reviewed_at=None, outcome="")

    assert list(site_history(site)) == []


def test_the_share_is_that_of_the_policy_that_drew(site, published, audit, policy_text):
    version = PolicyVersion.objects.create(site=site, version="quarter", text=policy_text(audit_share=0.25))
    audit(published, version=version)

    assert [found.chance for found in site_history(site)] == [0.25]


def test_who_knows_why_it_was_drawn_under_a_policy_that_draws_nothing(site, published, audit):
    audit(published, version=PolicyVersion.objects.get(site=site))

    assert [found.chance for found in site_history(site)] == [None]


def test_what_was_removed_after_a_report_stands_for_itself_alone(site, published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert [(found.outcome, found.rule, found.chance) for found in site_history(site)] == [("refused", "links", None)]


@pytest.mark.parametrize(("state", "says"), [("upheld", [("refused", "banned_word", None)]), ("open", [])])
def test_a_refusal_of_the_machine_that_a_person_upheld(site, activate, post, moderator, state, says):  # noqa: PLR0917
    activate(site, name="Strict", reject=0.5)
    refused = post(HELD).comment
    at = timezone.now() if state == "upheld" else None
    decided_by = moderator if at else None
    Appeal.objects.create(decision=refused.decisions.get(), state=state, decided_by=decided_by, decided_at=at)

    found = list(site_history(site))

    assert refused.status == "rejected"
    assert [(one.outcome, one.rule, one.chance) for one in found] == says
    assert [one.at for one in found] == [at for _ in says]


def test_upholding_a_persons_refusal_is_the_newer_word(site, held, decide, other_moderator):
    decision = decide(held, "reject", rule="links")
    at = decision.created_at + timedelta(days=2)
    Appeal.objects.create(decision=decision, state="upheld", decided_by=other_moderator, decided_at=at)

    [found] = site_history(site)

    assert (found.outcome, found.rule, found.at, found.chance) == ("refused", "links", at, 1.0)


@pytest.mark.parametrize("days", [-1, 1])
def test_the_latest_word_counts(site, published, audit, moderator, days):
    removal = remove_comment(comment=published, moderator=moderator, rule="links")
    audit(published, "publish", at=removal.created_at + timedelta(days=days))

    [found] = site_history(site)

    assert found.outcome == ("published" if days > 0 else "refused")
    assert found.chance == 0.02


def test_what_was_taken_back_was_not_said(site, held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)

    assert list(site_history(site)) == []

    decide(held, "reject", rule="links")
    assert [found.outcome for found in site_history(site)] == ["refused"]


def test_the_word_before_the_one_that_was_taken_back(site, held, decide, moderator):
    decide(held)
    undo_decision(
        decision=remove_comment(comment=held, moderator=moderator, rule="links"),
        moderator=moderator,
    )

    assert [found.outcome for found in site_history(site)] == ["published"]


def test_scores_are_those_of_the_text_that_was_decided(site, held, decide):
    Revision.objects.create(comment=held, text_source="A later text.")
    decide(held)

    [found] = site_history(site)

    assert (found.text, found.scores, found.language, found.model) == ("A later text.", {}, "", "")
    assert found.submission.language is None


def test_what_its_author_deleted_is_left_out(site, held, decide, reader):
    decide(held)
    delete_comment(comment=held, by=reader)

    assert list(site_history(site)) == []


def test_one_site_only(site, other_site, make_story, post, decide):
    decide(post(HELD).comment)

    assert len(list(site_history(site))) == 1
    assert list(site_history(other_site)) == []


def test_since_a_time(site, held, decide):
    at = decide(held).created_at

    assert len(list(site_history(site, since=at))) == 1
    assert list(site_history(site, since=at + timedelta(microseconds=1))) == []


def test_the_newest_in_the_order_of_deciding(site, post, decide):
    comments = [post(f"{HELD} {number}").comment for number in range(4)]
    for comment in reversed(comments):
        decide(comment)

    found = newest_decided(site, 100)
    assert [one.comment_id for one in found] == [comment.pk for comment in reversed(comments)]
    assert all(one.story is found[0].story for one in found)
    assert [one.comment_id for one in newest_decided(site, 2)] == [comments[1].pk, comments[0].pk]


def test_how_many_were_decided_since(site, other_site, held, published, decide, audit):  # noqa: PLR0917
    decision = decide(held)
    audit(published)
    assert (count_decided(site), count_decided(other_site)) == (2, 0)
    assert count_decided(site, since=timezone.now() - timedelta(minutes=1)) == 2
    assert count_decided(site, since=timezone.now() + timedelta(minutes=1)) == 0

    Decision.objects.filter(pk=decision.pk).update(created_at=timezone.now() - timedelta(days=2))
    assert count_decided(site, since=timezone.now() - timedelta(days=1)) == 1


def test_oldest_first_in_few_queries(site, post, decide, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(history, "CHUNK", 10)
    comments = [post(f"Wombat number {number} of the bridge.").comment for number in range(12)]
    for comment in reversed(comments):
        decide(comment)

    with django_assert_max_num_queries(4):
        assert [found.comment_id for found in site_history(site)] == [comment.pk for comment in comments]


def decided(comment_id, chance, *, was_audited=False):
    return Decided(
        comment_id=comment_id,
        text="x",
        story=None,
        parent=None,
        section="",
        language="en",
        scores={},
        model="",
        outcome="published",
        rule="",
        at=timezone.now(),
        chance=chance,
        was_audited=was_audited,
    )


class TestFairDraw:
    def test_all_audits_and_so_many_of_the_held_as_were_drawn_of_the_others(self):
        """Of 20,000 held ones about 400: beyond six standard errors once in a hundred million times."""
        held = [decided(number, 1.0) for number in range(20_000)]
        audited = [decided(number, 0.02, was_audited=True) for number in range(20_000, 20_300)]
        found = fair_draw([*held, *audited])

        assert [one for one in found if one.was_audited] == audited
        assert 280 <= len(found) - len(audited) <= 520

    def test_audits_of_a_larger_share_are_thinned_too(self):
        rare = [decided(number, 0.1, was_audited=True) for number in range(1_000)]
        often = [decided(number, 0.4, was_audited=True) for number in range(1_000, 5_000)]
        found = fair_draw([*rare, *often])

        assert found[:1_000] == rare
        assert 800 <= len(found) - 1_000 <= 1_200

    def test_the_same_every_time(self):
        history = [decided(number, 1.0) for number in range(500)] + [decided(500, 0.2, was_audited=True)]

        assert fair_draw(history) == fair_draw(iter(history))

    def test_held_ones_alone_are_no_draw(self):
        assert fair_draw([decided(number, 1.0) for number in range(50)]) == []
        assert fair_draw([]) == []

    def test_where_everything_is_audited_all_are_kept(self):
        history = [decided(1, 1.0), decided(2, 1.0, was_audited=True)]

        assert fair_draw(history) == history

    @given(st.lists(st.sampled_from([None, 1.0, 0.5, 0.02]), max_size=30))
    def test_what_somebody_came_across_is_left_out(self, chances):
        history = [decided(number, chance, was_audited=True) for number, chance in enumerate(chances)]

        assert all(one.chance is not None for one in fair_draw(history))
