"""Changes of the rules in words: each that concerns readers is named, and nothing else."""

from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from belowline.engine.policy import Rule, Settings, load_policy, parse_policy
from belowline.engine.statement_terms import StatementTerms
from belowline.moderation import rule_changes
from belowline.moderation.actions.activate_policy import activate_policy
from belowline.moderation.models import Certificate
from belowline.moderation.rule_changes import changes, policy_history


@pytest.fixture
def differ(policy_text):
    """What changes when text of the small policy is replaced."""

    def call(old, new):
        assert old in policy_text(), old
        return changes(parse_policy(policy_text()), parse_policy(policy_text().replace(old, new, 1)))

    return call


def test_the_same_policy(policy_text):
    policy = parse_policy(policy_text())

    assert changes(policy, policy) == []


@pytest.mark.parametrize(
    ("old", "new", "sentences"),
    [
        ("Be brief and kind.", "Be kind.", ["The sentence under the articles now is: “Be kind.”"]),
        ('title = "Links"', 'title = "Addresses"', ["The rule “Links” is now called “Addresses”."]),
        ("For readers: Links.", "Few links.", ["“Links” is worded anew: Few links."]),
        ("For moderators: Links.", "Count them.", ["“Links”: moderators have new guidance."]),
        ("There are {evidence}.", "Look: {evidence}.", ["“Links” is explained to authors in other words."]),
        ('score = "links"', 'score = "spam"', ["“Links” is checked by another measure."]),
        ('score = "links"', 'score = "links"\nsections = ["a", "b"]', ["“Links” applies in: a and b."]),
        ("hold = 0.6", "hold = 0.7", ["“Shouting” holds fewer comments: from 70 % instead of 60 %."]),
        ("hold = 0.6", "hold = 0.55", ["“Shouting” holds more comments: from 55 % instead of 60 %."]),
        (
            "hold = 0.6",
            'hold = 0.6\nhold_in = { sport = 0.9, "" = 0.5 }',
            ["“Shouting” has thresholds of its own in: sport 90 % and articles without a section 50 %."],
        ),
        ('score = "links"', 'score = "links"\ndesk = "newsroom"', ["What “Links” holds is read by our newsroom."]),
        (
            'score = "links"',
            'score = "links"\ndesk = "corrections"\nbackground = true',
            ["“Links” holds nothing: what it finds appears, and is read by our corrections desk."],
        ),
        (
            'score = "links"',
            'score = "links"\nstatement = { category = "SCAMS_AND_FRAUD" }',
            ["“Links” is named in other terms in statements of reasons."],
        ),
        ("hold = 0.6", "hold = 0.6\nreject = 0.9", ["Software rejects by “Shouting” from 90 %."]),
        ("[rules.links]", "[rules.addresses]", None),
        ("[settings]", '[settings]\nlanguages = ["fr", "en"]', ["The languages are: French and English."]),
        ("[settings]", "[settings]\nmax_links = 1", ["A comment may hold 1 link."]),
        (
            "[settings]",
            '[settings]\nown_domains = ["a.example", "b.example"]',
            ["Links that do not count lead to: a.example and b.example."],
        ),
        ('["wombat"]', '["a", "b"]', ["The list of words that are not published holds 2 terms."]),
        ("[settings]", '[settings]\nwatched_words = ["a"]', ["The list of words that a person checks holds 1 term."]),
        ("[settings]", "[settings]\nsignal_timeout_ms = 500", ["A check may take 0.5 seconds."]),
        ("audit_share = 0.0", "audit_share = 0.1", ["People review 10 % of the software’s decisions."]),
        ("[settings]", "[settings]\nappeal_days = 400", ["A decision can be contested for 400 days."]),
        ("[settings]", '[settings]\nregion = "US"', ["Telephone numbers are read as in: US."]),
        (
            "[settings]",
            "[settings]\nnudge = false",
            ["Authors are no longer told before they post that a comment would be held."],
        ),
        ('name = "Small"', 'name = "Other"', []),
    ],
)
def test_a_change_is_named(differ, old, new, sentences):
    found = differ(old, new)

    if sentences is None:
        assert sorted(found) == ["New rule: “Links”. For readers: Links.", "The rule “Links” no longer acts."]
    else:
        assert [one.replace("\N{NO-BREAK SPACE}", " ") for one in found] == sentences


@pytest.mark.parametrize(
    ("unchecked", "sentence"),
    [("hold", "a person looks at."), ("ignore", "is left aside.")],
)
def test_what_cannot_be_checked(policy_text, unchecked, sentence):
    other = "ignore" if unchecked == "hold" else "hold"
    found = changes(parse_policy(policy_text(unchecked=other)), parse_policy(policy_text(unchecked=unchecked)))

    assert len(found) == 3
    assert all(one.endswith(f"what cannot be checked{',' if unchecked == 'hold' else ''} {sentence}") for one in found)


def test_a_cause_is_left_aside(policy_text):
    held = policy_text(unchecked="hold")
    found = changes(
        parse_policy(held),
        parse_policy(held.replace("hold = 0.6", 'hold = 0.6\nignore_unchecked = ["language_unsupported"]')),
    )

    words = "“Shouting”: what cannot be checked, a person looks at, but not where the comment is in a language"
    assert found == [f"{words} that software cannot judge."]


def test_thresholds_of_its_own_go(policy_text):
    before = policy_text().replace("hold = 0.6", "hold = 0.6\nhold_in = { sport = 0.9 }")

    assert changes(parse_policy(before), parse_policy(policy_text())) == [
        "“Shouting” has thresholds of its own in: no section."
    ]


def test_a_list_for_a_desk_is_no_trial(policy_text):
    listed = policy_text().replace('score = "links"', 'score = "links"\nbackground = true\ndesk = "newsroom"')
    trial = listed.replace('\ndesk = "newsroom"', "")
    found = changes(parse_policy(listed), parse_policy(listed.replace("hold = 0.5", "hold = 0.9")))

    assert changes(parse_policy(trial), parse_policy(listed)) == ["New rule: “Links”. For readers: Links."]
    assert changes(parse_policy(listed), parse_policy(trial)) == ["The rule “Links” no longer acts."]
    assert "“Links” finds comments from 90 % instead of 50 %." in [
        one.replace("\N{NO-BREAK SPACE}", " ") for one in found
    ]


def test_software_ceases_to_reject(policy_text):
    found = changes(parse_policy(policy_text(reject=0.9)), parse_policy(policy_text()))

    assert found == ["Software no longer rejects by “Words that we do not publish”."]


def test_a_trial_concerns_nobody_until_it_acts(policy_text):
    acting = policy_text()
    trial = acting.replace('score = "links"', 'score = "links"\nbackground = true')
    worded = trial.replace("For readers: Links.", "Secret.")

    assert changes(parse_policy(acting), parse_policy(trial)) == ["The rule “Links” no longer acts."]
    assert changes(parse_policy(trial), parse_policy(worded)) == []
    assert changes(parse_policy(worded), parse_policy(acting)) == ["New rule: “Links”. For readers: Links."]


@pytest.mark.parametrize("field", [field.name for field in msgspec.structs.fields(Settings)])
def test_no_setting_changes_without_a_word(field):
    """Also one that is added to the policy later."""
    assert rule_changes._setting(field, Settings())
    assert "was changed" not in rule_changes._setting(field, Settings())


@pytest.mark.parametrize("field", [field.name for field in msgspec.structs.fields(Rule) if field.name != "background"])
def test_no_part_of_a_rule_changes_without_a_word(field):
    old = load_policy().rules["spam"]
    other = {
        "hold": 0.1,
        "reject": 0.9,
        "sections": ("sport",),
        "hold_in": {"sport": 0.9},
        "unchecked": "ignore",
        "ignore_unchecked": ("no_story",),
        "desk": "newsroom",
        "statement": StatementTerms(category="VIOLENCE"),
        "score": "links",
    }.get(field, "Anything else.")

    assert len(list(rule_changes._rule(old, msgspec.structs.replace(old, **{field: other})))) == 1


def test_the_history_of_a_site(site, other_site, activate, policy_text):
    activate(site, name="Second", sentence="Be kind.")
    activate_policy(site=site, text=policy_text(name="Second", sentence="Be kind.", banned=["a", "b"]))

    newest, second, first = policy_history(site)
    assert (newest.is_active, second.is_active, first.is_active) == (True, False, False)
    assert newest.changes == ["The list of words that are not published holds 2 terms."]
    assert second.changes == ["The sentence under the articles now is: “Be kind.”"]
    assert "The rule “Off topic” no longer acts." in first.changes  # compared with the policy that is shipped
    assert policy_history(other_site) == []


def test_certificates_and_what_became_of_them(site, activate):
    voided_at = timezone.now() - timedelta(days=1)
    held = activate(site, name="Second")
    Certificate.objects.create(policy_version=held, document={})
    Certificate.objects.create(
        policy_version=activate(site, name="Third"), document={}, voided_at=voided_at, void_cause="too many errors"
    )

    third, second, first = policy_history(site)
    assert (third.certificate.voided_at, third.certificate.void_cause) == (voided_at, "too many errors")
    assert (second.certificate.voided_at, second.certificate.void_cause) == (None, "")
    assert first.certificate is None


def test_a_long_history_is_cut(site, activate, monkeypatch):
    monkeypatch.setattr(rule_changes, "SHOWN_VERSIONS", 2)
    for number in range(4):
        activate(site, sentence=f"Version {number}.")

    assert [entry.changes for entry in policy_history(site)] == [
        ["The sentence under the articles now is: “Version 3.”"],
        ["The sentence under the articles now is: “Version 2.”"],
    ]
