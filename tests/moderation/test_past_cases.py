"""A site's own past: each comment that the engine judged, once, with what people said of it."""

import msgspec
import pytest
from django.utils import timezone
from tiny_lessons import keep_head, made_head

from belowline.comments.actions.delete_comment import delete_comment
from belowline.comments.models import Comment, Revision
from belowline.engine.policy import load_policy, parse_policy
from belowline.engine.rehearsal import Change
from belowline.engine.rehearsal_scores import Scorer
from belowline.moderation import past_cases
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.record_decision import record_engine_decision
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.engine import base_engine, judge, measuring_engine, site_policy
from belowline.moderation.history import site_history
from belowline.moderation.models import Appeal, Audit, Decision, HeadVersion
from belowline.moderation.past_cases import batched, people_words, site_cases, with_texts
from belowline.stories.models import Story


@pytest.fixture
def cases(site):
    """The cases of the site, by comment, under the policy that acts and another one."""

    def call(after=None, *, limit=None, site=site):
        before = site_policy(site)
        return {int(one.key): one for one in site_cases(site, Scorer(before, after or before, base_engine), limit)}

    return call


@pytest.fixture
def audit(moderator):
    """Let a person say of a machine's decision, unseen, what they would have decided."""

    def call(comment, outcome, rule=""):
        from django.utils import timezone

        decision = comment.decisions.filter(maker="engine").latest("id")
        return Audit.objects.create(
            decision=decision, reviewer=moderator, outcome=outcome, rule=rule, reviewed_at=timezone.now()
        )

    return call


def test_published_and_held_ones_are_there_and_nobody_has_looked(cases, published, held):
    found = cases()

    assert set(found) == {published.pk, held.pk}
    assert {one.is_good for one in found.values()} == {None}
    assert found[held.pk].before["banned_word"] == 1.0
    assert found[published.pk].before["banned_word"] < 0.5
    assert found[held.pk].section == "news"
    assert found[held.pk].text == "", "texts are looked up where they are shown"


@pytest.mark.parametrize(
    ("outcome", "rule", "is_good"), [("publish", "", True), ("reject", "banned_word", False)], ids=["good", "bad"]
)
def test_what_a_person_decided(cases, held, decide, outcome, rule, is_good):  # noqa: PLR0917
    decide(held, outcome, rule=rule)

    assert (cases()[held.pk].is_good, cases()[held.pk].rule) == (is_good, rule)


def test_what_was_removed_later(cases, published, moderator):
    remove_comment(comment=published, moderator=moderator, rule="links")

    assert (cases()[published.pk].is_good, cases()[published.pk].rule) == (False, "links")


def test_what_was_taken_back_says_nothing(cases, held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)

    assert cases()[held.pk].is_good is None


def test_the_last_word_counts(cases, held, decide, moderator):
    undo_decision(decision=decide(held), moderator=moderator)
    decide(Comment.objects.get(pk=held.pk), "reject", rule="links")

    assert cases()[held.pk].is_good is False


def test_audits_are_words_of_people(cases, published, audit):
    audit(published, "reject", "shouting")

    assert (cases()[published.pk].is_good, cases()[published.pk].rule) == (False, "shouting")


def test_a_refusal_that_was_upheld_is_a_persons_word(site, cases, activate, post, moderator):
    activate(site, name="Strict", reject=0.5)
    refused = post("Have you seen that wombat?").comment
    Appeal.objects.create(
        decision=refused.decisions.get(), state="upheld", decided_by=moderator, decided_at=timezone.now()
    )

    found = {key: (one.is_good, one.rule) for key, one in cases().items()}

    assert found == {refused.pk: (False, "banned_word")}
    assert found == {one.comment_id: (one.is_good, one.rule) for one in site_history(site)}


def test_what_was_said_of_an_earlier_text_is_not_said_of_this_one(cases, site, held, decide):
    decide(held)
    Revision.objects.create(comment=held, text_source="Another wombat altogether")
    comment = Comment.objects.select_related("story__site").get(pk=held.pk)
    text = judge(site, past_cases.Submission(text="Another wombat altogether"))
    record_engine_decision(comment=comment, decision=text)

    found = cases()

    assert len(found) == 1
    assert found[held.pk].is_good is None


def test_it_agrees_with_the_history(site, cases, post, decide, moderator, audit):  # noqa: PLR0917
    decide(post("First wombat.").comment)
    decide(post("Second wombat.").comment, "reject", rule="banned_word")
    undo_decision(decision=decide(post("Third wombat.").comment), moderator=moderator)
    audit(post("A fourth remark.").comment, "publish")
    remove_comment(comment=post("A fifth remark.").comment, moderator=moderator, rule="links")
    post("A sixth remark.")

    found = {key: (one.is_good, one.rule) for key, one in cases().items() if one.is_good is not None}

    assert found == {one.comment_id: (one.is_good, one.rule) for one in site_history(site)}
    assert len(found) == 4


HOUSE = """
[rules.house]
title = "House"
score = "newsroom_refusal"
hold = 0.5
unchecked = "ignore"
for_readers = "r"
for_moderators = "m"
explanation = "“{excerpt}”"
"""


def test_a_head_that_was_learned_since_scores_the_past(site, published, policy_text):
    """Whoever adds a rule on what was just learned wants to see what it would have held."""
    before, after = site_policy(site), parse_policy(policy_text() + HOUSE)
    assert "newsroom_refusal" not in published.decisions.get().scores

    def scored():
        [case] = site_cases(site, Scorer(before, after, lambda: measuring_engine(site)))
        return case.after.get("newsroom_refusal")

    assert scored() is None
    keep_head(site, made_head(bias=1.0), is_active=True)
    assert scored() == pytest.approx(0.7311, abs=1e-4)
    HeadVersion.objects.update(is_active=False)
    keep_head(site, made_head(bias=-1.0), is_active=True)
    assert scored() == pytest.approx(0.2689, abs=1e-4)


def test_what_the_acting_head_has_scored_is_not_measured_again(site, post, policy_text):
    policy = activate_policy(site=site, text=policy_text() + HOUSE).parse()
    keep_head(site, made_head(bias=1.0), is_active=True)
    post("A remark on the harbour bridge.")

    def refuse():
        raise AssertionError("nothing is to be measured")

    [case] = site_cases(site, Scorer(policy, policy, refuse))
    assert case.after["newsroom_refusal"] == pytest.approx(0.7311, abs=1e-4)


def test_deleted_ones_are_left_out(cases, published, reader):
    delete_comment(comment=published, by=reader)

    assert cases() == {}


def test_another_site_is_another_past(cases, published, other_site):
    assert cases(site=other_site) == {}


def test_the_newest_come_first_and_no_more_than_asked_for(site, post, monkeypatch):
    monkeypatch.setattr(past_cases, "CHUNK", 3)
    comments = [post(f"Remark number {number} about tolls.").comment.pk for number in range(8)]
    before = site_policy(site)

    def keys(limit):
        return [int(one.key) for one in site_cases(site, Scorer(before, before, base_engine), limit)]

    assert keys(None) == comments[::-1]
    assert keys(4) == comments[:3:-1]
    assert keys(0) == []


def test_stored_scores_are_used_and_nothing_is_measured(site, held):
    def refuse():
        raise AssertionError("nothing is to be measured")

    before = site_policy(site)
    after = parse_policy(site.policies.get().text.replace("hold = 0.5", "hold = 0.7"))

    (found,) = site_cases(site, Scorer(before, after, refuse))

    assert found.before == found.after


def test_another_list_of_words_is_measured_anew(cases, published, held, policy_text):
    found = cases(parse_policy(policy_text(banned=("harbour",))))

    assert (found[published.pk].before["banned_word"], found[published.pk].after["banned_word"]) == (0.0, 1.0)
    assert found[held.pk].before["shouting"] == found[held.pk].after["shouting"]


def test_decisions_of_an_older_policy_are_measured_anew_for_both(cases, site, published, activate, policy_text):
    activate(site, banned=("harbour",))

    found = cases(parse_policy(policy_text(banned=("wombat",))))[published.pk]

    assert (found.before["banned_word"], found.after["banned_word"]) == (1.0, 0.0)


def test_other_languages_measure_everything_anew_with_story_and_parent(site, post, other_reader):
    parent = post("A quiet remark about the tolls.", author=other_reader).comment
    post("Yes, they are too high.", parent=parent)
    seen = []

    class Engine:
        def with_policy(self, policy):
            return self

        def measure(self, submission, names):
            seen.append(submission)
            return {}

    before = site_policy(site)
    after = msgspec.structs.replace(before, settings=msgspec.structs.replace(before.settings, languages=("de",)))
    list(site_cases(site, Scorer(before, after, Engine)))

    reply, first = seen
    assert reply.parent.text == first.text == "A quiet remark about the tolls."
    assert reply.story.title == "Harbour bridge closed for repairs"
    assert reply.language is None, "it is to be found anew"


def test_what_the_engine_could_not_judge_is_measured_now(cases, site, post, monkeypatch):
    from belowline.moderation import engine

    with monkeypatch.context() as broken:
        broken.setattr(engine, "base_engine", lambda: 1 / 0)
        comment = post("What a wombat of a bridge.").comment
    assert Decision.objects.get().scores == {}

    assert cases()[comment.pk].before["banned_word"] == 1.0


def test_a_text_that_is_refused_now_is_left_out(cases, site, held, published):
    Decision.objects.filter(comment=held).update(scores={})
    Revision.objects.filter(comment=held).update(text_source=" ")

    assert set(cases()) == {published.pk}


def test_a_policy_that_nobody_has_any_longer_counts_as_the_shipped_one(site, held):
    Decision.objects.update(policy="gone@000000000000")

    assert past_cases._SettingsOf(site).of("gone@000000000000") == load_policy().settings


def test_a_policy_that_cannot_be_read_counts_as_the_shipped_one(site):
    site.policies.update(text="[policy", version="broken@1")

    assert past_cases._SettingsOf(site).of("broken@1") == load_policy().settings


def test_few_queries_however_many_comments(cases, post, django_assert_max_num_queries):
    for number in range(12):
        post(f"Remark number {number} about tolls.")

    with django_assert_max_num_queries(8):
        cases()


def test_changes_get_the_texts_of_their_comments(published, held):
    def change(key):
        return Change(key=str(key), kind="bad_eased", before="hold", after="publish", rules=(), score=None)

    found = with_texts([change(held.pk), change(999_999), change(published.pk)])

    assert [one.text for one in found] == [held.text_source, "", published.text_source]


def test_words_of_nobody(db):
    assert people_words([]) == {}


@pytest.mark.parametrize(("count", "size", "sizes"), [(0, 3, []), (3, 3, [3]), (7, 3, [3, 3, 1]), (2, 3, [2])], ids=str)
def test_batches(count, size, sizes):
    found = list(batched(range(count), size))

    assert [len(one) for one in found] == sizes
    assert [row for one in found for row in one] == list(range(count))


def test_whether_the_story_judges_topics_and_why_scores_are_unchecked(cases, held):
    decision = held.decisions.get()
    decision.scores["off_topic"] = {"value": None, "cause": "story_language_unsupported"}
    Decision.objects.filter(pk=decision.pk).update(scores=decision.scores)
    Story.objects.filter(pk=held.story_id).update(judges_topic=False)

    found = cases()[held.pk]

    assert found.judges_topic is False
    assert [one["off_topic"] for one in found.causes] == ["story_language_unsupported"] * 2
