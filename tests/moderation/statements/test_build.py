"""A decision becomes a statement: each field by where it comes from; every rule that is shipped gives a valid one."""

import json

import pytest
from django.utils import timezone

from belowline.engine.policy import default_policy_text, load_policy
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.actions.decide_comment import decide_comment
from belowline.moderation.actions.remove_comment import remove_comment
from belowline.moderation.actions.undo_decision import undo_decision
from belowline.moderation.models import Decision
from belowline.moderation.statements.build import Builder, puid_of
from belowline.moderation.statements.restrictions import Restriction, restrictions


@pytest.fixture
def record(long_ago, accepted):
    """The one record there is, after it was checked."""

    def call():
        long_ago()
        [restriction] = restrictions()
        return accepted(Builder().build(restriction).as_record())

    return call


@pytest.fixture
def remove(moderator):
    def call(comment, rule="links", **more):
        return remove_comment(comment=comment, moderator=moderator, rule=rule, **more)

    return call


@pytest.fixture
def decided(site, post, moderator):
    """Reject or remove a comment by a rule of the policy that is shipped."""

    def call(outcome, code):
        comment = post("What a wombat of a bridge." if outcome == "reject" else "A quiet remark about tolls.").comment
        activate_policy(site=site, text=default_policy_text())
        if outcome == "reject":
            return decide_comment(comment=comment, moderator=moderator, outcome=Decision.Outcome.REJECT, rule=code)
        return remove_comment(comment=comment, moderator=moderator, rule=code)

    return call


@pytest.mark.parametrize("code", load_policy().rules)
@pytest.mark.parametrize("outcome", ["reject", "remove"])
def test_every_rule_that_is_shipped_gives_a_valid_statement(decided, record, code, outcome):
    decided(outcome, code)
    made, terms = record(), load_policy().rules[code].statement

    assert made["category"] == f"STATEMENT_CATEGORY_{terms.category}"
    assert made["category_specification"] == [f"KEYWORD_{terms.keyword}"]
    assert made["decision_ground"] == "DECISION_GROUND_INCOMPATIBLE_CONTENT"
    assert made["incompatible_content_explanation"] == load_policy().rules[code].for_readers
    assert made.get("category_specification_other", "") == terms.keyword_text


@pytest.mark.parametrize("code", load_policy().rules)
def test_every_rule_when_the_machine_rejects_by_it(published, code, accepted, other_site):
    """Made as the engine's rows are: one reason for each rule that was met."""
    rule = load_policy().rules[code]
    reason = {"rule": code, "title": rule.title, "outcome": "reject", "score": 0.9, "explanation": "“secret”"}
    decision = Decision(
        comment=published, outcome="reject", maker="engine", policy="", reasons=[reason], created_at=timezone.now()
    )
    decision.pk = 1
    decision.comment.story.site = other_site  # where the shipped policy acts
    made = accepted(Builder().build(Restriction(decision, (), None)).as_record())

    assert made["automated_decision"] == "AUTOMATED_DECISION_FULLY"
    assert made["category"] == f"STATEMENT_CATEGORY_{rule.statement.category}"


def test_a_rejection_in_full(site, held, decide, record, settings):
    settings.BASE_URL = "https://comments.gazette.example"
    decision = decide(held, "reject", rule="banned_word")
    made = record()
    decision.refresh_from_db()

    assert made["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_DISABLED"]
    assert made["decision_ground_reference_url"] == "https://comments.gazette.example/faq/gazette/"
    assert made["incompatible_content_ground"] == "The rule “Words that we do not publish” of the site"
    assert made["incompatible_content_explanation"] == "For readers: Words that we do not publish."
    assert made["category"] == "STATEMENT_CATEGORY_OTHER_VIOLATION_TC"
    assert made["category_specification"] == ["KEYWORD_OTHER"]
    assert made["category_specification_other"] == "Words that we do not publish"
    assert made["content_type"] == ["CONTENT_TYPE_TEXT"]
    assert made["content_language"] == "EN"
    assert made["content_date"] == timezone.localdate(held.created_at).isoformat()
    assert made["application_date"] == timezone.localdate(decision.created_at).isoformat()
    assert made["source_type"] == "SOURCE_VOLUNTARY"
    assert (made["automated_detection"], made["automated_decision"]) == ("Yes", "AUTOMATED_DECISION_PARTIALLY")
    assert len(made["territorial_scope"]) == 30
    assert "held it; a moderator read it" in made["decision_facts"]
    for absent in (
        "end_date_visibility_restriction",
        "source_identity",
        "illegal_content_legal_ground",
        "account_type",
    ):
        assert absent not in made


def test_the_machine_alone(site, activate, post, record):
    activate(site, reject=0.9)
    post("What a wombat of a bridge.")
    made = record()

    assert (made["automated_detection"], made["automated_decision"]) == ("Yes", "AUTOMATED_DECISION_FULLY")
    assert "rejected it. Nobody looked at it before that." in made["decision_facts"]


def test_a_person_alone_where_the_engine_failed(post, decide, record, monkeypatch):
    from belowline.moderation import engine

    def fail():
        raise RuntimeError

    monkeypatch.setattr(engine, "base_engine", fail)
    decide(post("A quiet remark about tolls.").comment, "reject", rule="links")
    made = record()

    assert (made["automated_detection"], made["automated_decision"]) == ("No", "AUTOMATED_DECISION_NOT_AUTOMATED")
    assert "content_language" not in made
    assert made["decision_facts"].count("A moderator read the comment before it was published") == 1


@pytest.mark.parametrize(
    ("source", "expected"),
    [("own", "SOURCE_VOLUNTARY"), ("report", "SOURCE_TYPE_OTHER_NOTIFICATION"), ("notice", "SOURCE_ARTICLE_16")],
)
def test_a_removal_and_what_led_to_it(published, remove, record, source, expected):
    remove(published, source=source)
    made = record()

    assert made["source_type"] == expected
    assert made["decision_visibility"] == ["DECISION_VISIBILITY_CONTENT_REMOVED"]
    assert (made["automated_detection"], made["automated_decision"]) == ("No", "AUTOMATED_DECISION_NOT_AUTOMATED")


def test_a_report_detects_and_not_the_machine_that_held_it_once(held, decide, remove, record):
    decide(held)
    held.refresh_from_db()
    remove(held, source="report")

    assert record()["automated_detection"] == "No"


def test_a_law_that_the_moderator_names(published, remove, record):
    remove(published, source="notice", legal_ground="  section 185 of the Criminal Code ")
    made = record()

    assert made["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert made["illegal_content_legal_ground"] == "section 185 of the Criminal Code"
    assert "“Links”" in made["illegal_content_explanation"]
    assert "incompatible_content_ground" not in made


def test_a_law_that_the_rule_names(site, published, policy_text, remove, record):
    terms = (
        '{ category = "ILLEGAL_OR_HARMFUL_SPEECH", keyword = "DEFAMATION", illegal = true, legal_ground = "s. 186" }'
    )
    activate_policy(site=site, text=policy_text() + f"statement = {terms}\n")
    remove(published, rule="shouting")
    made = record()

    assert made["decision_ground"] == "DECISION_GROUND_ILLEGAL_CONTENT"
    assert made["illegal_content_legal_ground"] == "s. 186"
    assert made["category_specification"] == ["KEYWORD_DEFAMATION"]
    assert "category_specification_other" not in made


def test_the_rule_as_it_stood_when_it_was_decided(site, policy_text, held, decide, record):
    decide(held, "reject", rule="banned_word")
    activate_policy(site=site, text=policy_text(name="Later").replace("For readers: Words", "Another sentence: Words"))

    assert record()["incompatible_content_explanation"] == "For readers: Words that we do not publish."


def test_a_rule_that_is_gone_keeps_its_title(published, remove, record):
    decision = remove(published)
    Decision.objects.filter(pk=decision.pk).update(
        policy="lost@0", reasons=[{"rule": "gone", "title": "No riddles", "outcome": "remove"}]
    )
    made = record()

    assert made["category_specification_other"] == made["incompatible_content_explanation"] == "No riddles"


@pytest.mark.parametrize("reasons", [[], [{}], [{"rule": "links"}]], ids=["none", "an empty one", "without a title"])
def test_rows_of_another_hand_give_a_valid_statement_too(published, remove, record, reasons):
    decision = remove(published)
    Decision.objects.filter(pk=decision.pk).update(reasons=reasons)

    assert record()["decision_facts"]


def test_further_reasons_of_the_machine_are_further_categories(published, accepted, other_site):
    rules = load_policy().rules
    reasons = [
        {"rule": code, "title": rules[code].title, "outcome": outcome, "score": 0.9}
        for code, outcome in [("threat", "reject"), ("hate", "reject"), ("profanity", "hold"), ("threat", "reject")]
    ]
    decision = Decision(
        comment=published, outcome="reject", maker="engine", policy="", reasons=reasons, created_at=timezone.now()
    )
    decision.pk = 1
    decision.comment.story.site = other_site
    made = accepted(Builder().build(Restriction(decision, (), None)).as_record())

    assert made["category"] == "STATEMENT_CATEGORY_VIOLENCE"
    assert made["category_addition"] == ["STATEMENT_CATEGORY_ILLEGAL_OR_HARMFUL_SPEECH"]


def test_what_has_ended_says_when(published, remove, moderator, record):
    undo_decision(decision=remove(published), moderator=moderator)
    made = record()

    assert made["end_date_visibility_restriction"] == made["application_date"]


def test_very_long_words_are_cut(site, published, policy_text, remove, record):
    text = policy_text().replace('title = "Links"', f'title = "{"L" * 2000}"')
    activate_policy(site=site, text=text.replace("For readers: Links.", "w" * 2000))
    remove(published, legal_ground="x" * 900)

    assert len(record()["illegal_content_legal_ground"]) == 500


SECRETS = ("wombat", "Marjorie", "marjorie@reader.example", "Gazette Desk", "between us", "desk@gazette.example")


def test_nothing_personal_is_in_it(held, decide, remove, record):
    decision = decide(held, "reject", rule="banned_word")
    Decision.objects.filter(pk=decision.pk).update(note_to_author="Marjorie, between us: do not.")
    written = json.dumps(record())

    assert [secret for secret in SECRETS if secret in written] == []


# --- its number


def test_the_number_stays_and_is_another_for_each(held, published, decide, remove):
    one, other = decide(held, "reject", rule="links"), remove(published)

    assert puid_of(one) == puid_of(Decision.objects.get(pk=one.pk)) != puid_of(other)


def test_the_number_does_not_depend_on_the_secret_key(held, decide, settings):
    decision = decide(held, "reject", rule="links")
    before = puid_of(decision)
    settings.SECRET_KEY = "another one, of the same length as is wished for"

    assert puid_of(decision) == before


def test_the_number_needs_what_nobody_else_knows(held, decide):
    """Two comments that look the same from outside have different ones, by the key of the author's form."""
    decision = decide(held, "reject", rule="links")
    before = puid_of(decision)
    decision.comment.idempotency_key = "guessed"

    assert puid_of(decision) != before
